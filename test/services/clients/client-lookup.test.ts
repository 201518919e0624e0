import t from 'tap'
import { readAsked } from '../../../src/clients/asked.ts'
import type { HardwareAddresses } from '../../../src/clients/hardware-address.ts'
import { clientLookup } from '../../../src/services/clients/client-lookup.ts'
import { LeaseBench } from '../../support/a-lease-table.ts'
import { anInventory, ipOf, macOf } from '../../support/an-inventory.ts'
import { aNetwork, settingsOf } from '../../support/configuration.ts'
import { aScope } from '../../support/dhcp-lab.ts'

const PHONE = macOf('000E84C060A6')
const TYPED_IN = macOf('000E84C060A7')
const HOLDER = macOf('02:00:00:00:00:0a')
const OWN_NAME = readAsked(`SIP${PHONE}.cnf`)
const TYPED_IN_NAME = readAsked(`SIP${TYPED_IN}.cnf`)
const SHARED_NAME = readAsked('SIPDefault.cnf')
const FIXED_AT = ipOf('10.20.0.61')

async function aLookup(
  networks: readonly object[] = [aNetwork({ identify: 'address' })],
  hardware?: HardwareAddresses,
) {
  const { inventory } = await anInventory()
  await inventory.putPhone({ mac: PHONE, network: 'bench', address: FIXED_AT })
  await inventory.putPhone({ mac: TYPED_IN, network: 'bench' })
  const bench = new LeaseBench([aScope()])
  const known = { leaseTable: bench.leaseTable, inventory, ...(hardware && { hardware }) }
  const settings = (of: readonly object[]) => settingsOf({ networks: of }).networks
  return { lookup: clientLookup(settings(networks), known), bench, known, settings }
}

t.test('an address is on the network whose subnet holds it, or on none', async (t) => {
  const { lookup } = await aLookup([
    aNetwork({
      name: 'lab',
      interface: 'eth1',
      address: '10.30.0.2',
      subnet: '10.30.0.0/24',
      pool: [],
    }),
    aNetwork({ admit: 'anyone' }),
  ])
  t.same(lookup.networkAt(ipOf('10.20.0.9')), {
    name: 'bench',
    address: ipOf('10.20.0.2'),
    admitsAnyone: true,
  })
  t.match(lookup.networkAt(ipOf('10.30.0.9')), { name: 'lab', admitsAnyone: false })
  t.equal(lookup.networkAt(ipOf('10.20.1.0')), undefined)
  t.same(lookup.identify(ipOf('10.20.1.0'), OWN_NAME, 0), { kind: 'unknown' })
})

t.test('a client is known by its lease while that lasts, and by nothing afterwards', async (t) => {
  const { lookup, bench } = await aLookup()
  const client = { key: 'hw:x', mac: HOLDER, fixedAddress: null }
  const at = ipOf('10.20.0.50')
  bench.bind(client, '10.20.0.50', 1_000)
  t.same(lookup.identify(at, SHARED_NAME, bench.nowMs), { kind: 'device', mac: HOLDER })
  t.same(lookup.identify(at, SHARED_NAME, bench.nowMs + 1_001), { kind: 'unknown' })
  bench.bind({ key: 'hw:y', mac: null, fixedAddress: null }, '10.20.0.50')
  t.same(lookup.identify(at, TYPED_IN_NAME, bench.nowMs), { kind: 'unknown' }, 'without Ethernet')
})

t.test('a phone without a lease is known from its own name on', async (t) => {
  const { lookup, bench } = await aLookup()
  const { nowMs } = bench
  t.same(lookup.identify(FIXED_AT, SHARED_NAME, nowMs), { kind: 'unknown' })
  t.same(lookup.identify(FIXED_AT, OWN_NAME, nowMs), { kind: 'phone', mac: PHONE })
  t.same(lookup.identify(FIXED_AT, SHARED_NAME, nowMs), { kind: 'phone', mac: PHONE })
  const [free, ours] = [ipOf('10.20.0.200'), ipOf('10.20.0.2')]
  t.same(lookup.identify(ours, TYPED_IN_NAME, nowMs), { kind: 'unknown' }, 'our own address')
  t.same(lookup.identify(free, TYPED_IN_NAME, nowMs), { kind: 'phone', mac: TYPED_IN })
  bench.bind({ key: 'hw:y', mac: TYPED_IN, fixedAddress: null }, '10.20.0.51', 60_000)
  t.same(lookup.identify(free, SHARED_NAME, nowMs), { kind: 'unknown' }, 'it asks from its lease')
  lookup.forget(PHONE)
  t.same(lookup.identify(FIXED_AT, SHARED_NAME, nowMs), { kind: 'unknown' })
})

t.test('our address, a router and a peer are no phone, whatever they ask for', async (t) => {
  const parts = { identify: 'address', router: ['10.20.0.1'], peers: ['10.20.0.3'] }
  const { lookup, settings } = await aLookup([aNetwork(parts)])
  for (const address of ['10.20.0.1', '10.20.0.2', '10.20.0.3']) {
    t.same(lookup.identify(ipOf(address), TYPED_IN_NAME, 0), { kind: 'unknown' }, address)
  }
  lookup.replaceNetworks(settings([aNetwork({ ...parts, peers: [] })]))
  t.match(
    lookup.identify(ipOf('10.20.0.3'), TYPED_IN_NAME, 0),
    { mac: TYPED_IN },
    'no peer any more',
  )
})

t.test('hardware addresses are asked for on the interface of the network alone', async (t) => {
  const asked: string[] = []
  const hardware: HardwareAddresses = {
    at: (interfaceName, address) => {
      asked.push(`${interfaceName} ${address - ipOf('10.20.0.0')}`)
      return { kind: 'found', mac: TYPED_IN }
    },
  }
  const { lookup, settings } = await aLookup([aNetwork()], hardware)
  const phone = { kind: 'phone', mac: TYPED_IN }
  t.same(lookup.identify(ipOf('10.20.0.9'), readAsked('OS79XX.TXT'), 0), phone)
  t.same(asked, ['eth0 9'])
  const relayed = { interface: undefined, relayed: true }
  for (const keys of [{ identify: 'address' }, relayed]) {
    lookup.replaceNetworks(settings([aNetwork(keys)]))
    t.same(lookup.identify(ipOf('10.20.0.9'), SHARED_NAME, 0), { kind: 'unknown' })
  }
  const withoutInterface = settings([aNetwork()]).map(({ interface: _, ...network }) => network)
  lookup.replaceNetworks(withoutInterface)
  t.same(lookup.identify(ipOf('10.20.0.9'), SHARED_NAME, 0), { kind: 'unknown' })
  t.equal(asked.length, 1)
})

t.test('a lease that was given up before a restart still closes other addresses', async (t) => {
  const { bench, known, settings } = await aLookup()
  const networks = settings([aNetwork({ identify: 'address' })])
  const [leased, other] = [ipOf('10.20.0.50'), ipOf('10.20.0.200')]
  bench.bind({ key: 'hw:y', mac: TYPED_IN, fixedAddress: null }, '10.20.0.50')
  const binding = bench.leaseTable.at(leased)
  if (binding === undefined) throw new Error('no binding')
  bench.leaseTable.release(binding, bench.nowMs)
  const again = clientLookup(networks, known)
  t.same(again.identify(other, TYPED_IN_NAME, bench.nowMs + 599_999), { kind: 'unknown' })
  t.match(again.identify(leased, TYPED_IN_NAME, bench.nowMs + 1), { kind: 'phone' })
  const client = { key: 'hw:y', mac: TYPED_IN, fixedAddress: null }
  const times = { nowMs: bench.nowMs, untilMs: bench.nowMs + 1 }
  bench.leaseTable.quarantine('bench', client, leased, times)
  const declined = clientLookup(networks, known)
  t.same(declined.identify(leased, TYPED_IN_NAME, bench.nowMs + 2), { kind: 'unknown' })
  declined.onLeaseGivenUp(TYPED_IN, other, bench.nowMs)
  t.match(declined.identify(other, TYPED_IN_NAME, bench.nowMs + 3), { kind: 'phone' })
})

t.test('a phone may stay where nothing speaks against it, and on no other network', async (t) => {
  const { lookup } = await aLookup()
  t.equal(lookup.mayStayAt(PHONE, FIXED_AT, 0), true)
  t.equal(lookup.mayStayAt(PHONE, ipOf('10.20.0.99'), 0), false)
  t.equal(lookup.mayStayAt(PHONE, ipOf('203.0.113.1'), 0), false)
})

t.test('a lease of hardware that is not Ethernet names no phone', async (t) => {
  const { bench, known, settings } = await aLookup()
  const grant = { vendorClass: '', hostName: '', relayAgent: '', expiresAtMs: 9_000 }
  const at = ipOf('10.20.0.50')
  bench.leaseTable.bind(
    'bench',
    { key: 'id:00', mac: null, fixedAddress: null },
    { ...grant, address: at },
    0,
  )
  const again = clientLookup(settings([aNetwork({ identify: 'address' })]), known)
  t.match(again.identify(at, SHARED_NAME, 1), { kind: 'unknown' })
})
