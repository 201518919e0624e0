import t from 'tap'
import { LIMITED_BROADCAST, UNSPECIFIED } from '../../../src/net/ipv4.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { DhcpRecording, MESSAGES_A_PHONE } from '../../../src/services/capture/dhcp-recording.ts'
import { readUdp } from '../../../src/wire/capture/read-udp.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { dhcpBytes } from '../../support/dhcp-bytes.ts'

const PHONE = '000E84C060A6' as Mac
const OTHER = '000E84C060A7' as Mac
const SERVER = ipOf('10.20.0.2')
const DISCOVER = dhcpBytes({ options: '350101 ff' })
const NO_ADDRESS = {
  interfaceName: 'eth0',
  localAddress: SERVER,
  sourceAddress: UNSPECIFIED,
  sourcePort: 68,
}

const TO_ALL = {
  interfaceName: 'eth0',
  localAddress: SERVER,
  address: LIMITED_BROADCAST,
  port: 68,
  hardwareAddress: null,
}

function aRecording({ maxBytes, enrolled = [PHONE, OTHER] }: Partial<Given> = {}) {
  let atMs = 1_000
  return new DhcpRecording({
    isEnrolled: (mac) => enrolled.includes(mac),
    nowMs: () => atMs++,
    port: 67,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  })
}

type Given = { readonly maxBytes: number; readonly enrolled: readonly Mac[] }

function of(mac: Mac): Uint8Array {
  const bytes = Uint8Array.from(DISCOVER)
  bytes.set(Buffer.from(mac, 'hex'), 28)
  return bytes
}

function datagramsOf(recording: DhcpRecording, mac: Mac) {
  return recording.of(mac).map(({ bytes }) => {
    const result = readUdp(bytes)
    if (result.kind !== 'datagram') throw new Error(result.kind)
    return result.datagram
  })
}

t.test(
  'a message and its reply are kept byte for byte, with their addresses and ports',
  async (t) => {
    const recording = aRecording()
    const bytes = Uint8Array.from(DISCOVER)
    recording.onReceived(bytes, NO_ADDRESS)
    bytes.fill(0)
    recording.onSent(DISCOVER, TO_ALL)
    recording.onReceived(DISCOVER, { ...NO_ADDRESS, sourceAddress: ipOf('10.20.0.60') })
    t.match(recording.of(PHONE), [{ atMs: 1_000, comment: null }, { atMs: 1_001 }, { atMs: 1_002 }])
    const [first, second, third] = datagramsOf(recording, PHONE)
    t.same(Buffer.from(first?.payload ?? []), Buffer.from(DISCOVER), 'copied as it was')
    t.match(first, {
      source: 0,
      sourcePort: 68,
      destination: LIMITED_BROADCAST,
      destinationPort: 67,
    })
    t.match(second, { source: SERVER, sourcePort: 67, destination: LIMITED_BROADCAST })
    t.match(second, { destinationPort: 68 })
    t.match(third, { source: ipOf('10.20.0.60'), destination: SERVER })
  },
)

t.test('a phone that is not enrolled leaves nothing, and costs nothing', async (t) => {
  const recording = aRecording({ enrolled: [] })
  recording.onReceived(DISCOVER, NO_ADDRESS)
  recording.onSent(DISCOVER, TO_ALL)
  t.same(recording.of(PHONE), [])
  t.equal(recording.sizeBytes, 0)
})

t.test('of each phone the newest messages are kept', async (t) => {
  const recording = aRecording()
  for (let nth = 0; nth < MESSAGES_A_PHONE + 3; nth++) recording.onReceived(DISCOVER, NO_ADDRESS)
  t.equal(recording.of(PHONE).length, MESSAGES_A_PHONE)
  t.equal(recording.of(PHONE)[0]?.atMs, 1_003)
  t.equal(recording.sizeBytes, MESSAGES_A_PHONE * (DISCOVER.length + 28))
})

t.test('where all have too many, the phone that was silent longest loses its own', async (t) => {
  const recording = aRecording({ maxBytes: 3 * (DISCOVER.length + 28) })
  recording.onReceived(of(PHONE), NO_ADDRESS)
  recording.onReceived(of(OTHER), NO_ADDRESS)
  recording.onReceived(of(PHONE), NO_ADDRESS)
  recording.onReceived(of(PHONE), NO_ADDRESS)
  t.equal(recording.of(OTHER).length, 0)
  t.equal(recording.of(PHONE).length, 3)
  t.equal(recording.sizeBytes, 3 * (DISCOVER.length + 28))
})
