import type { NetworkInterfaceInfo } from 'node:os'
import t from 'tap'
import type { LinkState } from '../../../appliance/start/link-state.ts'
import { watchAddresses } from '../../../appliance/start/watch-addresses.ts'
import { aLog } from '../../support/a-log.ts'
import { ipOf } from '../../support/an-inventory.ts'

const WITH_MASK = {
  netmask: '255.255.255.0',
  mac: '02:00:00:00:00:01',
  internal: false,
  cidr: null,
}
const has = (...addresses: readonly string[]): NodeJS.Dict<NetworkInterfaceInfo[]> => ({
  eth1: addresses.map((address) => ({ ...WITH_MASK, address, family: 'IPv4' as const })),
})
const relayed = (address: string) => ({ address: ipOf(address), interfaceName: null })

t.test('an address that goes and comes back is told once each, and readiness knows', async (t) => {
  const { log, lines } = aLog()
  let system = has('10.20.0.2', '10.30.0.2')
  const places = [relayed('10.20.0.2'), relayed('10.30.0.2')]
  const { addresses, links, close } = watchAddresses(places, log, { list: () => system })
  t.teardown(close)
  t.same(addresses(), { name: 'addresses', detail: 'all assigned', problems: [] })
  t.same(links(), { name: 'interfaces', detail: 'none', problems: [] })
  system = has('10.30.0.2')
  t.match(addresses().problems, [
    { where: '10.20.0.2', message: 'not assigned to an interface: 10.20.0.2' },
  ])
  addresses()
  system = {}
  t.match(addresses().problems, [{ where: '10.20.0.2' }, { where: '10.30.0.2' }])
  system = has('10.20.0.2', '10.30.0.2')
  t.same(addresses().problems, [])
  addresses()
  t.match(lines, [
    { level: 'warn', event: 'address.gone', address: '10.20.0.2' },
    { level: 'warn', event: 'address.gone', address: '10.30.0.2' },
    { level: 'info', event: 'address.back', address: '10.20.0.2' },
    { level: 'info', event: 'address.back', address: '10.30.0.2' },
  ])
  t.equal(lines.length, 4)
})

t.test('an address that the system never listed is not missed', async (t) => {
  const { log, lines } = aLog()
  const list = () => has('127.0.0.1')
  const { addresses, close } = watchAddresses([relayed('127.84.0.2')], log, { list })
  t.teardown(close)
  t.same(addresses().problems, [])
  t.same(lines, [])
})

t.test('a link that is down is called that, and nothing is said of its address', async (t) => {
  const { log, lines } = aLog()
  let system = has('10.20.0.2')
  let state: LinkState = 'up'
  const places = [{ address: ipOf('10.20.0.2'), interfaceName: 'eth1' }]
  const views = { list: () => system, linkOf: () => state }
  const { addresses, links, close } = watchAddresses(places, log, views)
  t.teardown(close)
  t.same(links(), { name: 'interfaces', detail: 'eth1', problems: [] })
  const cases = [
    {
      becomes: 'down',
      says: /^the link of eth1 is down: the interface is disabled, `ip link set eth1 up`/,
    },
    { becomes: 'no-carrier', says: /^the link of eth1 is down: no carrier/ },
    { becomes: 'gone', says: /^interface eth1 no longer exists/ },
  ] as const
  for (const { becomes, says } of cases) {
    state = becomes
    // Node's list has no interface that does not run.
    system = {}
    t.match(links().problems, [{ where: 'eth1', message: says }])
    t.same(addresses().problems, [])
    t.match(lines.at(-1), { level: 'warn', event: 'link.down', interface: 'eth1', why: says })
  }
  state = 'up'
  t.same(links().problems, [])
  t.match(lines.at(-2), { level: 'info', event: 'link.up', interface: 'eth1' })
  t.match(lines.at(-1), { event: 'address.gone' }, 'up again, and without its address')
  t.equal(addresses().problems.length, 1)
  state = 'down'
  t.same(addresses().problems, [], 'said of the link from here')
  system = has('10.20.0.2')
  state = 'up'
  t.same(addresses().problems, [])
})
