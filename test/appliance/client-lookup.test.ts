import t from 'tap'
import { clientLookup } from '../../appliance/client-lookup.ts'
import { BookBench } from '../support/a-lease-book.ts'
import { anInventory, ipOf, macOf } from '../support/an-inventory.ts'
import { aNetwork, settingsOf } from '../support/configuration.ts'
import { aScope } from '../support/dhcp-lab.ts'

const PHONE = macOf('000E84C060A6')
const HOLDER = macOf('02:00:00:00:00:0a')

async function aLookup(networks: readonly object[] = [aNetwork()]) {
  const { inventory } = await anInventory()
  await inventory.putPhone({ mac: PHONE, network: 'bench', address: ipOf('10.20.0.61') })
  const bench = new BookBench([aScope()])
  return { lookup: clientLookup(settingsOf({ networks }).networks, bench.book, inventory), bench }
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
})

t.test('a client is told by its lease while that lasts, and by nothing behind it', async (t) => {
  const { lookup, bench } = await aLookup()
  const client = { key: 'hw:x', mac: HOLDER, fixedAddress: null }
  bench.bind(client, '10.20.0.50', 1_000)
  t.equal(lookup.macAt(ipOf('10.20.0.50'), bench.nowMs), HOLDER)
  t.equal(lookup.macAt(ipOf('10.20.0.50'), bench.nowMs + 1_001), undefined)
  t.equal(lookup.macAt(ipOf('10.20.0.51'), bench.nowMs), undefined)
})

t.test('an enrolled phone with its address typed in is known by it', async (t) => {
  const { lookup, bench } = await aLookup()
  t.equal(lookup.macAt(ipOf('10.20.0.61'), bench.nowMs), PHONE)
})

t.test('somebody with a lease on a fixed address is not taken for the phone', async (t) => {
  const { lookup, bench } = await aLookup()
  bench.bind({ key: 'hw:x', mac: HOLDER, fixedAddress: null }, '10.20.0.61')
  t.equal(lookup.macAt(ipOf('10.20.0.61'), bench.nowMs), HOLDER)
  bench.bind({ key: 'hw:y', mac: null, fixedAddress: null }, '10.20.0.61')
  t.equal(lookup.macAt(ipOf('10.20.0.61'), bench.nowMs), undefined, 'nor one without Ethernet')
})

t.test('a phone whose address was typed in is known from its first own file on', async (t) => {
  const { lookup, bench } = await aLookup()
  const [free, theirs] = [ipOf('10.20.0.200'), ipOf('10.20.0.50')]
  t.equal(lookup.macAt(free, bench.nowMs), undefined)
  t.equal(lookup.recognise(free, HOLDER, bench.nowMs), false, 'nobody enrolled it')
  t.equal(lookup.recognise(ipOf('10.99.0.1'), PHONE, bench.nowMs), false, 'no network of ours')
  t.equal(lookup.recognise(ipOf('10.20.0.2'), PHONE, bench.nowMs), false, 'our own address')
  t.equal(lookup.recognise(ipOf('10.20.0.61'), PHONE, bench.nowMs), false, 'a fixed address')
  bench.bind({ key: 'hw:x', mac: HOLDER, fixedAddress: null }, '10.20.0.50', 60_000)
  t.equal(lookup.recognise(theirs, PHONE, bench.nowMs), false, 'leased to somebody else')
  t.equal(lookup.recognise(free, PHONE, bench.nowMs), true)
  t.equal(lookup.macAt(free, bench.nowMs), PHONE)
  bench.bind({ key: 'hw:y', mac: PHONE, fixedAddress: null }, '10.20.0.51', 60_000)
  t.equal(lookup.macAt(free, bench.nowMs), undefined, 'it asks from its lease now')
})

t.test('a phone of another network is nobody here', async (t) => {
  const lab = { name: 'lab', interface: 'eth1', address: '10.30.0.2', subnet: '10.30.0.0/24' }
  const { lookup, bench } = await aLookup([aNetwork(), aNetwork({ ...lab, pool: [] })])
  t.equal(lookup.recognise(ipOf('10.30.0.9'), PHONE, bench.nowMs), false)
})
