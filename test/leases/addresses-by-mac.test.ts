import t from 'tap'
import { AddressesByMac } from '../../src/leases/addresses-by-mac.ts'
import { ip, PHONE_MAC } from '../support/a-dhcp-message.ts'

const HERE = ip('10.20.0.50')
const THERE = ip('10.21.0.50')

t.test(
  'a MAC address is found with all of its addresses, however often each was told',
  async (t) => {
    const index = new AddressesByMac()
    index.add(PHONE_MAC, HERE)
    index.add(PHONE_MAC, THERE)
    index.add(PHONE_MAC, HERE)
    t.same(index.of(PHONE_MAC), [HERE, THERE])
  },
)

t.test('what is removed is gone, and a MAC address without any takes no room', async (t) => {
  const index = new AddressesByMac()
  index.add(PHONE_MAC, HERE)
  index.add(PHONE_MAC, THERE)
  index.remove(PHONE_MAC, HERE)
  t.same(index.of(PHONE_MAC), [THERE])
  index.remove(PHONE_MAC, HERE)
  t.same(index.of(PHONE_MAC), [THERE], 'what was never there changes nothing')
  index.remove(PHONE_MAC, THERE)
  index.remove(PHONE_MAC, THERE)
  t.same(index.of(PHONE_MAC), [])
  t.equal(index.size, 0)
})

t.test('hardware that is not Ethernet has no MAC address to be found by', async (t) => {
  const index = new AddressesByMac()
  index.add(null, HERE)
  index.remove(null, HERE)
  t.equal(index.size, 0)
})
