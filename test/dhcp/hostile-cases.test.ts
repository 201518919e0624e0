import t from 'tap'
import { eventFields } from '../../src/dhcp/events.ts'
import { decodeMessage } from '../../src/wire/dhcp/decode-message.ts'
import { WireError } from '../../src/wire/wire-error.ts'
import { aDecline, aDiscover, aRequest, ip } from '../support/a-dhcp-message.ts'
import { dhcpBytes } from '../support/dhcp-bytes.ts'
import { aRelayedScope, aScope, DhcpLab, onlyReply, reasonOf, SERVER } from '../support/dhcp-lab.ts'

const UNKNOWN_DEVICE = '020000000001'
const PHONE_ADDRESS = '10.20.0.61'
const RELAY = '0a1e0001'

type Parts = Parameters<typeof dhcpBytes>[0] & {
  readonly op?: number
  readonly htype?: number
  readonly mac?: string
  readonly ciaddr?: string
  readonly giaddr?: string
}

/** A datagram of an unknown device, put together octet by octet; addresses are eight digits. */
function datagram({
  op,
  htype,
  mac = UNKNOWN_DEVICE,
  ciaddr,
  giaddr,
  ...parts
}: Parts): Uint8Array {
  const bytes = dhcpBytes(parts)
  const put = (hex: string, at: number) => bytes.set(Buffer.from(hex, 'hex'), at)
  if (op !== undefined) bytes[0] = op
  if (htype !== undefined) bytes[1] = htype
  if (ciaddr !== undefined) put(ciaddr, 12)
  if (giaddr !== undefined) put(giaddr, 24)
  put(mac, 28)
  return bytes
}

const discover = (options = 'ff', parts: Parts = {}) =>
  datagram({ ...parts, options: `350101 ${options}` })
const request = (options = 'ff', parts: Parts = {}) =>
  datagram({ ...parts, options: `350103 ${options}` })
const raw = (octets: number) => discover().subarray(0, octets)
const octet = (value: number) => value.toString(16).padStart(2, '0')

/** A host that is nothing but a label: option 12 with these octets. */
const named = (text: string | Buffer) => {
  const octets = Buffer.from(text)
  return discover(`0c${octet(octets.length)} ${octets.toString('hex')} ff`)
}

/** Two networks, and a phone with an address of its own that must get it after whatever came. */
function aSite(): DhcpLab {
  const lab = new DhcpLab({ scopes: [aScope(), aRelayedScope()] })
  lab.enroll('000e84c060a6', { network: 'bench', address: ip(PHONE_ADDRESS) })
  return lab
}

/** What became of a datagram: a decoder's code, why nothing was sent, or the type of the reply. */
function outcomeOf(lab: DhcpLab, bytes: Uint8Array): string {
  try {
    const outcome = lab.handle(decodeMessage(bytes))
    // As the log at its most verbose writes it.
    const lines = outcome.events.map((event) => JSON.stringify(eventFields(event)))
    if (lines.length === 0) return 'unexplained'
    if (!lines.every((line) => /^[\x20-\x7e]+$/.test(line))) return 'unprintable'
    return reasonOf(outcome)
  } catch (error) {
    if (error instanceof WireError) return error.code
    throw error
  }
}

/** Each case with the datagrams that it consists of, and what must become of each. */
const CASES: readonly {
  readonly what: string
  readonly of: readonly Uint8Array[]
  readonly becomes: string
}[] = [
  { what: 'too short for a header', of: [0, 1, 5, 235, 236, 239].map(raw), becomes: 'TRUNCATED' },
  { what: 'a header and a cookie, no options', of: [raw(240)], becomes: 'no-message-type' },
  {
    what: '64 KiB of nothing but pads',
    of: [datagram({ options: '00'.repeat(65_267) })],
    becomes: 'no-message-type',
  },
  {
    what: 'op 0, 2, 255',
    of: [0, 2, 255].map((op) => discover('ff', { op })),
    becomes: 'not-a-request',
  },
  {
    what: 'hardware of types 0, 6, 255',
    of: [0, 6, 255].map((htype) => discover('ff', { htype })),
    becomes: 'offer',
  },
  { what: 'hlen 0', of: [discover('ff', { hlen: '00' })], becomes: 'no-identity' },
  {
    what: 'hlen 1, 7, 16',
    of: ['01', '07', '10'].map((hlen) => discover('ff', { hlen })),
    becomes: 'offer',
  },
  {
    what: 'hlen 17, 255',
    of: ['11', 'ff'].map((hlen) => discover('ff', { hlen })),
    becomes: 'BAD_LENGTH',
  },
  {
    what: 'a hardware address of zeros',
    of: [discover('ff', { mac: '000000000000' })],
    becomes: 'no-identity',
  },
  {
    what: 'a wrong cookie, and none',
    of: ['63825364', '00000000', '350101ff'].map((cookie) => datagram({ cookie, options: 'ff' })),
    becomes: 'BAD_MAGIC',
  },
  {
    what: 'no option 53, or one of 0 or 2 octets, or of type 0, 9, 255',
    of: ['ff', '3500 ff', '35020101 ff', '350100 ff', '350109 ff', '3501ff ff'].map((options) =>
      datagram({ options }),
    ),
    becomes: 'no-message-type',
  },
  {
    what: 'an option that passes the end',
    of: ['0c05 41', '3d ff 01', '52 ff 0106'].map((options) => discover(options)),
    becomes: 'BAD_LENGTH',
  },
  { what: 'an option without its length', of: [discover('0c')], becomes: 'TRUNCATED' },
  {
    what: 'no End, octets behind End, pads in between',
    of: [discover(''), discover('ff 0cff3d00 53'), discover('00 00 0c0141 00 ff')],
    becomes: 'offer',
  },
  {
    what: 'option 52 of value 0, 4, 255, of two octets, twice',
    of: ['340100', '340104', '3401ff', '34020101', '340100340100'].map((options) =>
      discover(`${options} ff`),
    ),
    becomes: 'offer',
  },
  {
    what: 'an overload that points at fields without End',
    of: [
      discover('340101 ff', { file: '00*128' }),
      discover('340103 ff', { file: '0c7e 41*126', sname: '0c3e 41*62' }),
    ],
    becomes: 'offer',
  },
  {
    what: 'an overload whose option passes its field',
    of: [
      discover('340101 ff', { file: '0cff 41*126' }),
      discover('340102 ff', { sname: '0c3f 41*62' }),
    ],
    becomes: 'BAD_LENGTH',
  },
  {
    what: 'a client identifier repeated up to 64 KiB',
    of: [discover('3dff'.concat('41'.repeat(255)).repeat(250))],
    becomes: 'no-identity',
  },
  {
    what: 'a host name, a vendor class and a request list repeated up to 64 KiB',
    of: ['0c', '3c', '37'].map((code) =>
      discover(`${code}ff`.concat('41'.repeat(255)).repeat(250)),
    ),
    becomes: 'offer',
  },
  {
    what: 'option 82 inside option 82, through a relay agent',
    of: [discover('5205 5203 010107 ff', { giaddr: RELAY })],
    becomes: 'offer',
  },
  {
    what: 'option 82 that is no row of sub-options',
    of: ['5201 01', '5202 01ff', '5203 010541'].map((o) => discover(`${o} ff`, { giaddr: RELAY })),
    becomes: 'malformed-option',
  },
  {
    what: 'client identifiers of 1 and 255 octets',
    of: [discover('3d0107 ff'), discover(`3dff ${'41'.repeat(255)} ff`)],
    becomes: 'offer',
  },
  {
    what: 'host names with NUL, control octets, UTF-8, HTML, ANSI escapes, 255 octets',
    of: ['a\0b', '\x01\x07\x7f', 'büro', '<script>alert(1)</script>', '\x1b[2J', 'x'.repeat(255)]
      .map(named)
      .concat(named(Buffer.from([0xff, 0xfe, 0x80]))),
    becomes: 'offer',
  },
  {
    what: 'giaddr ours, broadcast, multicast, network and broadcast address of a network',
    of: ['0a140002', 'ffffffff', 'e0000001', '0a1e0000', '0a1e00ff'].map((giaddr) =>
      discover('ff', { giaddr }),
    ),
    becomes: 'bad-giaddr',
  },
  {
    what: 'giaddr of no configured network',
    of: [
      discover('ff', { giaddr: 'cb007107' }),
      request('3204 cb007109 ff', { giaddr: 'cb007107' }),
    ],
    becomes: 'no-scope',
  },
  {
    what: 'option 82 without a relay agent',
    of: [discover('5206 0104 706f7274 ff'), discover('5206 0504 0a1e0000 ff')],
    becomes: 'offer',
  },
  {
    what: 'ciaddr outside the network, and ours, in a REQUEST',
    of: ['cb007107', '0a140002', '0a1400ff'].map((ciaddr) => request('ff', { ciaddr })),
    becomes: 'nak',
  },
  {
    what: 'a RELEASE and a DECLINE of what another one holds',
    of: [
      datagram({ options: '350107 3604 0a140002 ff', ciaddr: '0a14003d' }),
      datagram({ options: '350104 3604 0a140002 3204 0a14003d ff' }),
    ],
    becomes: 'not-the-holder',
  },
]

for (const { what, of, becomes } of CASES) {
  t.test(`${what}: ${becomes}, and the phone gets its address`, async (t) => {
    const lab = aSite()
    lab.bind()
    for (const [index, bytes] of of.entries()) {
      t.equal(outcomeOf(lab, bytes), becomes, `datagram ${index + 1}`)
    }
    t.equal(onlyReply(lab.handle(aDiscover())).yiaddr, PHONE_ADDRESS)
  })
}

t.test('options 50, 51, 54, 57, 61, 82, 118 of 0 to 8 and 255 octets: explained', async (t) => {
  const lab = aSite()
  for (const code of [50, 51, 54, 57, 61, 82, 118]) {
    for (const length of [0, 1, 2, 3, 4, 5, 6, 7, 8, 255]) {
      const option = `${octet(code)}${octet(length)} ${'0a'.repeat(length)} ff`
      for (const parts of [{}, { giaddr: RELAY }, { ciaddr: '0a140032' }]) {
        for (const bytes of [discover(option, parts), request(option, parts)]) {
          const outcome = outcomeOf(lab, bytes)
          t.notMatch(outcome, /^un/, `option ${code} of ${length} octets: ${outcome}`)
        }
      }
      t.equal(onlyReply(lab.handle(aDiscover())).yiaddr, PHONE_ADDRESS)
    }
  }
})

t.test(
  'two clients with one identifier are one, one client with two identifiers is two',
  async (t) => {
    const lab = aSite()
    const clientId = Uint8Array.of(0, 7)
    const shared = lab.bind({ mac: UNKNOWN_DEVICE, clientId })
    t.equal(lab.bind({ mac: '020000000002', clientId }), shared)
    t.not(lab.bind({ mac: UNKNOWN_DEVICE, clientId: Uint8Array.of(0, 8) }), shared)
    t.equal(lab.bind(), PHONE_ADDRESS)
  },
)

t.test('the MAC address of a phone cloned on another network takes nothing from it', async (t) => {
  const lab = aSite()
  lab.bind()
  t.match(lab.bind({ giaddr: '10.30.0.1' }), /^10\.30\.0\./)
  t.equal(onlyReply(lab.handle(aRequest({ ciaddr: PHONE_ADDRESS }))).type, 'ack')
})

t.test(
  'a flood of DECLINEs by holders empties the pool until they run out, not longer',
  async (t) => {
    const lab = aSite()
    const macOf = (index: number) => `02${index.toString(16).padStart(10, '0')}`
    for (let index = 0; index < 60; index++) {
      const mac = macOf(index)
      const [offer] = lab.handle(aDiscover({ mac })).replies
      if (offer === undefined) continue
      const requested = offer.yiaddr
      lab.handle(aRequest({ mac, requested, serverId: SERVER }))
      lab.handle(aDecline({ mac, requested, serverId: SERVER }))
    }
    t.match(lab.leaseTable.poolUse('bench', lab.nowMs), { declined: 49, bound: 0 })
    t.equal(reasonOf(lab.handle(aDiscover({ mac: macOf(99) }))), 'pool-exhausted')
    t.equal(lab.bind(), PHONE_ADDRESS, 'a fixed address is out of their reach')
    lab.pass(600_000)
    t.equal(onlyReply(lab.handle(aDiscover({ mac: macOf(99) }))).type, 'offer')
  },
)

t.test('starvation by made-up addresses and identifiers: tables stay within bounds', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ probe: true, reclaim: 'idle' })] })
  lab.enroll('000e84c060a6', { network: 'bench', address: ip(PHONE_ADDRESS) })
  let probes = 0
  for (let index = 0; index < 20_000; index++) {
    const mac = `02${index.toString(16).padStart(10, '0')}`
    const clientId = index % 2 === 0 ? {} : { clientId: Buffer.from(mac, 'hex') }
    probes += lab.handle(aDiscover({ mac, ...clientId })).probes.length
    lab.nowMs += 1
  }
  t.ok(probes <= 256, `${probes} clients wait for the wire, and no more packets were sent for them`)
  t.match(lab.leaseTable.poolUse('bench', lab.nowMs), { size: 50, bound: 0 })
  lab.wake()
  const { probes: [probed] = [], replies } = lab.handle(aDiscover())
  const [offer] = probed === undefined ? replies : lab.probed(probed, false).replies
  t.equal(offer?.yiaddr, PHONE_ADDRESS)
})
