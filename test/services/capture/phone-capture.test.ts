import t from 'tap'
import { type Captured, cutIpPacket, ipPacket } from '../../../src/services/capture/captured.ts'
import { phoneCapture } from '../../../src/services/capture/phone-capture.ts'
import { readCapture } from '../../../src/wire/capture/read-capture.ts'
import { readUdp } from '../../../src/wire/capture/read-udp.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { MAC } from '../../support/conversion-builders.ts'

const PHONE = { address: ipOf('10.20.0.60'), port: 50_000 }
const SERVER = { address: ipOf('10.20.0.2'), port: 69 }

function captured(atMs: number, text: string): Captured {
  const bytes = ipPacket(PHONE, SERVER, Buffer.from(text))
  return { atMs, bytes, originalBytes: bytes.length, comment: null }
}

const textOf = (bytes: Uint8Array) => {
  const read = readUdp(bytes)
  return read.kind === 'datagram' ? Buffer.from(read.datagram.payload).toString() : read.kind
}

t.test('DHCP and TFTP are one file in the order of time', async (t) => {
  const dhcp = [captured(1_000, 'discover'), captured(3_000, 'request')]
  const tftp = [captured(3_000, 'read'), captured(2_000.25, 'early')]
  const { packets, isCut } = readCapture(phoneCapture(MAC, '', { dhcp, tftp }))
  t.equal(isCut, false)
  t.same(
    packets.map(({ bytes }) => textOf(bytes)),
    ['discover', 'early', 'request', 'read'],
    'what has the same time stays in its order, and an address comes before its use',
  )
})

t.test('the file says what of it was rebuilt', async (t) => {
  const file = Buffer.from(phoneCapture(MAC, 'lab/sw-a', { dhcp: [], tftp: [] })).toString('latin1')
  t.match(file, `Switchhook and phone ${MAC}.`)
  t.match(file, 'Appliance lab/sw-a; what others said to the phone is in their own captures.')
  t.match(file, 'TFTP: rebuilt from recorded events')
})

t.test('a cut packet keeps its length and claims no checksum', async (t) => {
  const known = Uint8Array.of(0, 3, 0, 1)
  const { bytes, originalBytes } = cutIpPacket(SERVER, PHONE, { known, payloadBytes: 516 })
  t.equal(originalBytes, 20 + 8 + 516)
  t.equal(bytes.length, 20 + 8 + known.length)
  t.same([...bytes.subarray(26, 28)], [0, 0], 'RFC 768: 0 is "not computed"')
  t.same([...bytes.subarray(28)], [...known])
})
