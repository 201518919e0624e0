import t from 'tap'
import { readBindings } from '../../../src/adapters/rows/lease-rows.ts'

t.test('an address that is none stands in the fault as it is', async (t) => {
  for (const address of [0, Number.NaN, 4_294_967_295]) {
    const { bindings, faults } = readBindings([{ scope: 'bench', address }])
    t.same(bindings, [])
    t.match(faults, [`lease of ${address}: address is `])
  }
})
