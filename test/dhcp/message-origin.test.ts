import t from 'tap'
import type { Arrival } from '../../src/dhcp/effect.ts'
import {
  aDecline,
  aRelease,
  ip,
  type MessageParts,
  octetsOf,
  relayOptions,
} from '../support/a-dhcp-message.ts'
import { aRelayedScope, aScope, DhcpLab, reasonOf } from '../support/dhcp-lab.ts'

const BENCH_SERVER = '10.20.0.2'
const FLOOR_SERVER = '192.0.2.2'
const RELAY = '10.30.0.1'
/** Where the relay agent sends from: its address on our side. */
const UPSTREAM = '10.20.0.9'
const MINE = '10.20.0.50'
const FAR = '10.30.0.50'

const other = () =>
  aScope({
    name: 'other',
    interfaceName: 'eth0.130',
    address: ip('10.40.0.2'),
    subnet: { base: ip('10.40.0.0'), prefixLength: 24 },
    pools: [{ first: ip('10.40.0.50'), last: ip('10.40.0.99') }],
  })

/** A bench, another network on another interface, and one behind a relay agent. */
function aSite(): DhcpLab {
  return new DhcpLab({ scopes: [aScope(), other(), aRelayedScope()] })
}

const from = (sourceAddress: string, interfaceName: string | null = 'eth0.120') => ({
  sourceAddress: ip(sourceAddress),
  interfaceName,
})

type Case = { readonly why: string; readonly parts?: MessageParts } & (
  | { readonly at: Partial<Arrival>; readonly isBelieved: boolean }
  | { readonly at: Partial<Arrival>; readonly isBelieved: false }
)

t.test('a RELEASE on an interface of ours comes from the address itself, there', async (t) => {
  const cases: readonly Case[] = [
    { why: 'its own address', at: from(MINE), isBelieved: true },
    { why: 'another address', at: from('10.20.0.200'), isBelieved: false },
    { why: 'no address', at: from('0.0.0.0'), isBelieved: false },
    { why: 'the interface of another network', at: from(MINE, 'eth0.130'), isBelieved: false },
    { why: 'a socket of no interface', at: from(MINE, null), isBelieved: false },
    { why: 'a made-up relay', parts: { giaddr: RELAY }, at: from(MINE), isBelieved: false },
    {
      why: 'a made-up relay here',
      parts: { giaddr: '10.20.0.200' },
      at: from(MINE),
      isBelieved: false,
    },
  ]
  for (const { why, parts, at, isBelieved } of cases) {
    const lab = aSite()
    lab.bind()
    const outcome = lab.handle(aRelease({ ciaddr: MINE, serverId: BENCH_SERVER, ...parts }), at)
    t.equal(reasonOf(outcome), isBelieved ? 'dhcp.lease.released' : 'wrong-origin', why)
    t.equal(lab.leaseTable.clientAt(ip(MINE), lab.nowMs) === undefined, isBelieved, why)
    if (!isBelieved) t.match(outcome.events, [{ source: at.sourceAddress, address: ip(MINE) }], why)
  }
})

t.test('a RELEASE past a relay agent comes from the address, on any interface', async (t) => {
  const cases: readonly Case[] = [
    { why: 'a socket of no interface', at: from(FAR, null), isBelieved: true },
    { why: 'an interface that leads there', at: from(FAR), isBelieved: true },
    { why: 'another one', at: from(FAR, 'eth0.130'), isBelieved: true },
    { why: 'a neighbour of the phone', at: from('10.30.0.77', null), isBelieved: false },
    { why: 'the relay agent, unasked', at: from(RELAY, null), isBelieved: false },
    { why: 'somebody on the bench', at: from('10.20.0.200', null), isBelieved: false },
    {
      why: 'somebody who poses as the relay agent',
      parts: { giaddr: RELAY },
      at: from('10.20.0.200'),
      isBelieved: false,
    },
  ]
  for (const { why, parts, at, isBelieved } of cases) {
    const lab = aSite()
    lab.bind({ giaddr: RELAY }, from(UPSTREAM))
    const outcome = lab.handle(aRelease({ ciaddr: FAR, serverId: FLOOR_SERVER, ...parts }), at)
    t.equal(reasonOf(outcome), isBelieved ? 'dhcp.lease.released' : 'wrong-origin', why)
    t.equal(lab.leaseTable.clientAt(ip(FAR), lab.nowMs) === undefined, isBelieved, why)
  }
})

t.test('RFC 5107 section 4: a relay agent that stands in for us passes a RELEASE on', async (t) => {
  const circuit = [1, Uint8Array.of(7)] as const
  const granted = relayOptions([circuit, [11, octetsOf(RELAY)]])
  const release = (information: Uint8Array | null): MessageParts => ({
    giaddr: RELAY,
    ciaddr: FAR,
    serverId: RELAY,
    options: information === null ? [] : [[82, information]],
  })
  const cases = [
    { why: 'from giaddr', parts: release(granted), at: from(RELAY, null), is: true },
    { why: 'from elsewhere', parts: release(granted), at: from('10.20.0.200'), is: false },
    {
      why: 'from a neighbour that calls itself the relay agent',
      parts: { ...release(granted), giaddr: '10.30.0.77' },
      at: from('10.30.0.77', null),
      is: false,
    },
    {
      why: 'from another circuit',
      parts: release(
        relayOptions([
          [1, Uint8Array.of(8)],
          [11, octetsOf(RELAY)],
        ]),
      ),
      at: from(RELAY, null),
      is: false,
    },
    {
      why: 'without option 82',
      parts: { ...release(null), serverId: FLOOR_SERVER },
      at: from(RELAY, null),
      is: false,
    },
  ]
  for (const { why, parts, at, is } of cases) {
    const lab = aSite()
    lab.bind({ giaddr: RELAY, options: [[82, granted]] }, from(RELAY, null))
    const outcome = lab.handle(aRelease(parts), at)
    t.equal(reasonOf(outcome), is ? 'dhcp.lease.released' : 'wrong-origin', why)
  }
  const lab = aSite()
  const elsewhere = relayOptions([circuit, [11, octetsOf('10.30.0.2')]])
  lab.bind({ giaddr: RELAY, options: [[82, elsewhere]] }, from('10.30.0.2', null))
  const parts = { ...release(elsewhere), serverId: '10.30.0.2' }
  const outcome = lab.handle(aRelease(parts), from('10.30.0.2', null))
  t.equal(reasonOf(outcome), 'dhcp.lease.released', 'from the address that stands in')
})

t.test('a DECLINE on an interface of ours is broadcast from 0.0.0.0 there', async (t) => {
  const cases: readonly Case[] = [
    { why: 'from no address', at: from('0.0.0.0'), isBelieved: true },
    { why: 'from the address', at: from(MINE), isBelieved: false },
    { why: 'from another', at: from('10.20.0.200'), isBelieved: false },
    { why: 'on another network', at: from('0.0.0.0', 'eth0.130'), isBelieved: false },
    { why: 'on no network', at: from('0.0.0.0', null), isBelieved: false },
    {
      why: 'through a relay agent that never was',
      parts: { giaddr: '10.20.0.9' },
      at: from('10.20.0.200'),
      isBelieved: false,
    },
    {
      why: 'as a relay agent of its own',
      parts: { giaddr: '10.20.0.200' },
      at: from('10.20.0.200'),
      isBelieved: false,
    },
  ]
  for (const { why, parts, at, isBelieved } of cases) {
    const lab = aSite()
    lab.bind()
    const outcome = lab.handle(aDecline({ requested: MINE, serverId: BENCH_SERVER, ...parts }), at)
    const ignored = at.interfaceName === null ? 'no-scope' : 'wrong-origin'
    t.equal(reasonOf(outcome), isBelieved ? 'dhcp.address.declined' : ignored, why)
    t.equal(lab.leaseTable.at(ip(MINE))?.state, isBelieved ? 'declined' : 'bound', why)
  }
})

t.test('a DECLINE behind a relay agent comes through it', async (t) => {
  const through = { giaddr: RELAY }
  const cases: readonly Case[] = [
    { why: 'from giaddr', parts: through, at: from(RELAY, null), isBelieved: true },
    { why: 'as the lease came', parts: through, at: from(UPSTREAM), isBelieved: true },
    { why: 'from elsewhere', parts: through, at: from('10.20.0.200'), isBelieved: false },
    { why: 'from a neighbour', parts: through, at: from('10.30.0.77'), isBelieved: false },
    {
      why: 'from a neighbour that calls itself a relay agent',
      parts: { giaddr: '10.30.0.77' },
      at: from('10.30.0.77', null),
      isBelieved: false,
    },
    {
      why: 'by way of the relay agent, for another',
      parts: { giaddr: '10.30.0.77' },
      at: from(UPSTREAM),
      isBelieved: false,
    },
    { why: 'past it', parts: { ciaddr: FAR }, at: from(FAR, null), isBelieved: false },
    {
      why: 'past it, from nowhere',
      parts: { ciaddr: FAR },
      at: from('0.0.0.0', null),
      isBelieved: false,
    },
  ]
  for (const { why, parts, at, isBelieved } of cases) {
    const lab = aSite()
    lab.bind({ giaddr: RELAY }, from(UPSTREAM))
    const outcome = lab.handle(aDecline({ requested: FAR, serverId: FLOOR_SERVER, ...parts }), at)
    t.equal(reasonOf(outcome), isBelieved ? 'dhcp.address.declined' : 'wrong-origin', why)
    t.equal(lab.leaseTable.at(ip(FAR))?.state, isBelieved ? 'declined' : 'bound', why)
  }
})

t.test(
  'RFC 3011: a client that chose its subnet by option 118 is where it was served',
  async (t) => {
    const site = () =>
      new DhcpLab({
        scopes: [aScope({ subnetSelection: true }), { ...other(), subnetSelection: true }],
      })
    const chosen = { options: [[118, octetsOf('10.40.0.0')]] as const }
    const serverId = '10.40.0.2'
    const declined = site()
    t.equal(declined.bind(chosen), '10.40.0.50')
    const decline = aDecline({ ...chosen, requested: '10.40.0.50', serverId })
    t.equal(reasonOf(declined.handle(decline, from('10.20.0.200'))), 'wrong-origin')
    t.equal(reasonOf(declined.handle(decline, from('0.0.0.0'))), 'dhcp.address.declined')
    const released = site()
    released.bind(chosen)
    const release = aRelease({ ...chosen, ciaddr: '10.40.0.50', serverId })
    t.equal(reasonOf(released.handle(release, from('10.20.0.200'))), 'wrong-origin')
    t.equal(reasonOf(released.handle(release, from('10.40.0.50'))), 'dhcp.lease.released')
  },
)
