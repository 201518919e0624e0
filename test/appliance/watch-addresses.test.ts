import type { NetworkInterfaceInfo } from 'node:os'
import t from 'tap'
import { watchAddresses } from '../../appliance/watch-addresses.ts'
import { aLog } from '../support/a-log.ts'
import { ipOf } from '../support/an-inventory.ts'

const WITH_MASK = {
  netmask: '255.255.255.0',
  mac: '02:00:00:00:00:01',
  internal: false,
  cidr: null,
}
const has = (...addresses: readonly string[]): NodeJS.Dict<NetworkInterfaceInfo[]> => ({
  eth1: addresses.map((address) => ({ ...WITH_MASK, address, family: 'IPv4' as const })),
})

t.test('an address that goes and comes back is told once each, and readiness knows', async (t) => {
  const { log, lines } = aLog()
  let system = has('10.20.0.2', '10.30.0.2')
  const { check, close } = watchAddresses([ipOf('10.20.0.2'), ipOf('10.30.0.2')], log, () => system)
  t.teardown(close)
  t.match(check(), { ok: true })
  system = has('10.30.0.2')
  t.match(check(), { name: 'addresses', ok: false, detail: 'on no interface: 10.20.0.2' })
  check()
  system = {}
  t.match(check(), { ok: false, detail: 'on no interface: 10.20.0.2, 10.30.0.2' })
  system = has('10.20.0.2', '10.30.0.2')
  t.match(check(), { ok: true })
  check()
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
  const { check, close } = watchAddresses([ipOf('127.84.0.2')], log, () => has('127.0.0.1'))
  t.teardown(close)
  t.match(check(), { ok: true })
  t.same(lines, [])
})
