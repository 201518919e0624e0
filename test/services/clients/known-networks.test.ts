import t from 'tap'
import { knownNetworks } from '../../../src/services/clients/known-networks.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { networkOf } from '../../support/configuration.ts'

t.test('addresses that no phone can have are named with whose they are', async (t) => {
  const [known] = knownNetworks([
    networkOf({
      router: ['10.20.0.1'],
      reservations: [{ mac: '02:00:00:00:00:10', address: '10.20.0.10' }],
    }),
  ])
  t.equal(known?.name, 'bench')
  t.equal(known?.subnet.prefixLength, 24)
  t.same(
    [...(known?.taken ?? [])],
    [
      [ipOf('10.20.0.2'), 'this server'],
      [ipOf('10.20.0.1'), 'the router'],
      [ipOf('10.20.0.10'), '020000000010, by a reservation of the configuration'],
    ],
  )
})

t.test('a network without router and reservations has our own address alone', async (t) => {
  const [known] = knownNetworks([networkOf({})])
  t.same([...(known?.taken.keys() ?? [])], [ipOf('10.20.0.2')])
})
