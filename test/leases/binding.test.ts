import t from 'tap'
import { type Binding, placeOf } from '../../src/leases/binding.ts'
import { ip } from '../support/a-dhcp-message.ts'

t.test('a change names its network and its address, whatever it does there', async (t) => {
  const place = { scope: 'bench', address: ip('10.20.0.50') }
  t.match(placeOf({ kind: 'put', binding: place as Binding }), place)
  t.match(placeOf({ kind: 'delete', ...place }), place)
})
