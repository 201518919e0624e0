import fc from 'fast-check'
import t from 'tap'
import type { DhcpEffect } from '../../src/dhcp/effect.ts'
import { decodeMessage } from '../../src/wire/dhcp/decode-message.ts'
import { MessageType } from '../../src/wire/dhcp/message.ts'
import {
  aDecline,
  aDiscover,
  aMessage,
  aRelease,
  aRequest,
  ip,
  octetsOf,
  PHONE_MAC,
  relayOptions,
  textOctets,
} from '../support/a-dhcp-message.ts'
import { dhcpBytes } from '../support/dhcp-bytes.ts'
import { aRelayedScope, aScope, DhcpLab, onlyReply, reasonOf, SERVER } from '../support/dhcp-lab.ts'

const TYPES = Object.values(MessageType)

/** A number as a hardware address. */
const macOf = (index: number) => `02${index.toString(16).padStart(10, '0')}`

/** A lab with everything switched on, and a phone with an address of its own. */
function aBusyLab(): DhcpLab {
  const subnetSelection = true
  const lab = new DhcpLab({
    scopes: [
      aScope({ subnetSelection, rapidCommit: true, reclaim: 'idle', probe: true }),
      aRelayedScope({ subnetSelection }),
    ],
  })
  lab.enroll('000e84c060a6', { network: 'bench', address: ip('10.20.0.61') })
  return lab
}

/** After whatever came: is the server alive, and does the phone still get its address? */
function isAlive(lab: DhcpLab): boolean {
  const outcome = lab.handle(aDiscover())
  const [probed] = outcome.probes
  const { replies } = probed === undefined ? outcome : lab.probed(probed, false)
  return replies[0]?.yiaddr === '10.20.0.61'
}

t.test('options of every length do no harm', async (t) => {
  const codes = [50, 51, 54, 57, 60, 61, 80, 82, 90, 118, 12, 55]
  const lengths = [0, 1, 2, 3, 4, 5, 6, 7, 8, 255, 4000]
  const lab = aBusyLab()
  for (const code of codes) {
    for (const length of lengths) {
      for (const type of TYPES) {
        for (const giaddr of ['0.0.0.0', '10.30.0.1']) {
          const options = [[code, new Uint8Array(length).fill(length & 255)]] as const
          const message = aMessage(type, { mac: macOf(length), giaddr, ciaddr: '0.0.0.0', options })
          t.doesNotThrow(() => lab.handle(message), `option ${code} of ${length}, type ${type}`)
        }
      }
    }
  }
  t.ok(isAlive(lab))
})

t.test('addresses of every kind in every field do no harm', async (t) => {
  const addresses = [
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '127.0.0.1',
    SERVER,
    '10.20.0.0',
    '10.20.0.255',
    '10.30.0.1',
    '203.0.113.7',
  ]
  const lab = aBusyLab()
  for (const ciaddr of addresses) {
    for (const giaddr of addresses) {
      for (const requested of addresses) {
        for (const type of TYPES) {
          const message = aMessage(type, {
            mac: macOf(1),
            ciaddr,
            giaddr,
            requested,
            serverId: SERVER,
          })
          for (const { destination } of lab.handle(message).replies) {
            t.not(
              destination.address,
              ip('203.0.113.7'),
              'nothing goes where an unknown device points',
            )
          }
        }
      }
    }
  }
  t.equal(lab.leaseTable.clientAt(ip(SERVER), lab.nowMs), undefined)
  t.ok(isAlive(lab))
})

t.test('a hardware length that cannot be is ignored or served, never fatal', async (t) => {
  const lab = aBusyLab()
  for (const hlen of [0, 1, 7, 16, 17, 255]) {
    for (const htype of [0, 1, 6, 32, 255]) {
      lab.handle(aDiscover({ header: { hlen, htype } }))
      lab.handle(aDiscover({ header: { hlen, htype }, clientId: Uint8Array.of(7, hlen, htype) }))
    }
  }
  t.ok(isAlive(lab))
})

t.test('an option 82 inside option 82, and a thousand sub-options, do no harm', async (t) => {
  const lab = aBusyLab()
  const inner = relayOptions([[82, Uint8Array.of(1, 1, 7)]])
  const many = relayOptions(
    Array.from({ length: 1000 }, (_, code) => [code & 255, octetsOf(SERVER)]),
  )
  for (const value of [inner, many]) {
    const discover = aDiscover({ mac: macOf(9), giaddr: '10.30.0.1', options: [[82, value]] })
    t.doesNotThrow(() => lab.handle(discover))
  }
  t.ok(isAlive(lab))
})

t.test('whatever octets come, the server answers or ignores, and lives', async (t) => {
  const lab = aBusyLab()
  const option = fc.tuple(fc.integer({ min: 1, max: 254 }), fc.uint8Array({ maxLength: 40 }))
  const datagram = fc.record({
    type: fc.integer({ min: 0, max: 9 }),
    giaddr: fc.constantFrom('00000000', '0a1e0001', '0a140001'),
    options: fc.array(option, { maxLength: 8 }),
  })
  const arrival = {
    interfaceName: 'eth0.120',
    localAddress: ip(SERVER),
    sourceAddress: ip('10.20.0.9'),
    sourcePort: 68,
  }
  fc.assert(
    fc.property(datagram, ({ type, giaddr, options }) => {
      const rest = options.flatMap(([code, value]) => [code, value.length, ...value])
      const hex = Buffer.from([53, 1, type, ...rest, 255]).toString('hex')
      const bytes = dhcpBytes({ options: hex })
      bytes.set(Buffer.from(giaddr, 'hex'), 24)
      bytes.set(Buffer.from(macOf(9), 'hex'), 28)
      const effects = lab.server.handle(decodeMessage(bytes), arrival, lab.nowMs++)
      return effects.some(({ kind }) => kind === 'event')
    }),
    { seed: 7960, numRuns: 2000 },
  )
  t.ok(isAlive(lab))
})

t.test('starvation: a flood of made-up clients never takes a reserved address', async (t) => {
  const lab = new DhcpLab()
  lab.enroll('000e84c060a6', { network: 'bench', address: ip('10.20.0.61') })
  for (let index = 0; index < 5000; index++) {
    const mac = macOf(index)
    const offer = lab.handle(aDiscover({ mac, requested: '10.20.0.61' }))
    const [reply] = offer.replies
    t.not(reply?.yiaddr, '10.20.0.61')
    if (reply === undefined) continue
    lab.handle(aRequest({ mac, requested: reply.yiaddr, serverId: SERVER }))
  }
  t.equal(lab.leaseTable.poolUse('bench', lab.nowMs).bound, 49)
  t.equal(lab.bind(), '10.20.0.61')
})

t.test(
  'starvation: on a network for enrolled phones, unknown devices leave no trace',
  async (t) => {
    const lab = new DhcpLab({ scopes: [aScope({ admit: 'enrolled', probe: true })] })
    for (let index = 0; index < 5000; index++) {
      const clientId = Buffer.from(macOf(index), 'hex')
      const outcome = lab.handle(aDiscover({ mac: macOf(index), clientId }))
      t.equal(reasonOf(outcome), 'not-enrolled')
    }
    t.match(lab.leaseTable.poolUse('bench', lab.nowMs), { offered: 0, bound: 0, free: 50 })
  },
)

t.test('forged DECLINEs and RELEASEs for the address of a phone change nothing', async (t) => {
  const lab = new DhcpLab()
  const address = lab.bind()
  for (let index = 0; index < 100; index++) {
    const parts = { mac: macOf(index), serverId: SERVER }
    lab.handle(aRelease({ ...parts, ciaddr: address }))
    lab.handle(aDecline({ ...parts, requested: address }))
  }
  t.equal(lab.leaseTable.clientAt(ip(address), lab.nowMs)?.mac, PHONE_MAC)
})

t.test('link selection and option 118 cannot empty a network that does not allow it', async (t) => {
  const enrolled = aRelayedScope({ admit: 'enrolled' })
  const lab = new DhcpLab({ scopes: [aScope({ subnetSelection: true }), enrolled] })
  for (let index = 0; index < 60; index++) {
    const mac = macOf(index)
    const link = relayOptions([[5, octetsOf('10.30.0.0')]])
    lab.handle(aDiscover({ mac, giaddr: '10.20.0.1', options: [[82, link]] }))
    lab.handle(aDiscover({ mac, options: [[118, octetsOf('10.30.0.0')]] }))
  }
  t.match(lab.leaseTable.poolUse('floor-3', lab.nowMs), { offered: 0, bound: 0 })
})

t.test('names from the network are kept short and printable in the lease table', async (t) => {
  const lab = new DhcpLab()
  const names = ['a\0b', '\x1b[31m', '<script>', 'b\xc3\xbcro', 'x'.repeat(4000), '\x01\x02']
  for (const [index, name] of names.entries()) {
    lab.bind({ mac: macOf(index), vendorClass: name, options: [[12, textOctets(name)]] })
  }
  for (const { hostName, vendorClass } of lab.leaseTable.bindings()) {
    t.match(hostName, /^[\x20-\x7e]{0,255}$/)
    t.match(vendorClass, /^[\x20-\x7e]{0,255}$/)
  }
})

t.test(
  'a commit that fails leaves nothing promised: the effects stop before the ACK',
  async (t) => {
    const lab = new DhcpLab()
    onlyReply(lab.handle(aDiscover()))
    const outcome = lab.handle(aRequest({ requested: '10.20.0.50', serverId: SERVER }))
    t.equal(untilFailure(outcome.effects).length, 0, 'no ACK, no event')
    const retry = lab.handle(aRequest({ requested: '10.20.0.50', serverId: SERVER }))
    t.same(retry.kinds, ['commit', 'send', 'event'], 'the client asks again and is stored again')
  },
)

/** What a runner has done by the time that a commit fails. */
function untilFailure(effects: readonly DhcpEffect[]): readonly DhcpEffect[] {
  return effects.slice(
    0,
    effects.findIndex(({ kind }) => kind === 'commit'),
  )
}
