import t from 'tap'
import type { Attention, Lease } from '../../../src/dashboard/data/types.ts'
import { counterWords } from '../../../src/dashboard/words/counter-words.ts'
import { newestByPhone, reasonWords } from '../../../src/dashboard/words/device-words.ts'
import { durationWords } from '../../../src/dashboard/words/format.ts'
import { fittingLeases, leaseStateWords } from '../../../src/dashboard/words/lease-words.ts'
import { describeReload } from '../../../src/dashboard/words/reload-words.ts'
import { starterWords } from '../../../src/dashboard/words/report-words.ts'
import { storedProblem } from '../../../src/dashboard/words/stored-problem.ts'

const LEASE: Lease = {
  network: 'bench',
  address: '10.20.0.50',
  mac: '000E84C060A6',
  client: '01000E84C060A6',
  state: 'bound',
  stored: true,
  grantedAt: '2026-03-01T09:30:00.000Z',
  expiresAt: null,
  vendorClass: 'Cisco Systems, Inc. IP Phone CP-7960G',
  hostName: 'SEP000E84C060A6',
  relayAgent: '',
}

t.test('leases are found by every word that their row shows', async (t) => {
  const labels = new Map([['000E84C060A6', 'desk 12']])
  const unknownDevice = { ...LEASE, address: '10.20.0.51', mac: null, client: 'abcdef' }
  const found = (filter: string) =>
    fittingLeases([LEASE, unknownDevice], labels, filter).map(({ address }) => address.slice(-2))
  t.same(found(''), ['50', '51'])
  t.same(found('desk 7960'), ['50'])
  t.same(found('00:0e:84'), ['50'])
  t.same(found('ABCDEF'), ['51'])
  t.same(found('desk abcdef'), [])
})

t.test('a lease that a failure could lose says so', async (t) => {
  t.equal(leaseStateWords(LEASE), 'in use')
  t.equal(
    leaseStateWords({ ...LEASE, state: 'released', stored: false }),
    'returned, not stored yet',
  )
})

t.test('of one phone the newest trouble is said', async (t) => {
  const at = '2026-03-01T09:30:00.000Z'
  const trouble = (mac: string, message: string): Attention => ({
    mac,
    network: 'bench',
    at,
    event: 'enrol.phone.refused',
    message,
  })
  const [newest, older, other] = [trouble('A', 'new'), trouble('A', 'old'), trouble('B', 'x')]
  t.same(newestByPhone([newest, older, other]), [newest, other])
  t.match(reasonWords('pool-exhausted'), 'no free address')
})

t.test('numbers, spans and outcomes are said in words', async (t) => {
  t.equal(
    counterWords('dhcp.discover.ignored:not-enrolled'),
    'DHCP discover ignored (not enrolled)',
  )
  t.equal(counterWords('tftp.transfer.ended'), 'TFTP transfer ended')
  const spans = [86_400, 7_200, 90, 60, 1].map(durationWords)
  t.same(spans, ['1 day', '2 hours', '90 seconds', '1 minute', '1 second'])
  t.same(
    describeReload({
      applied: true,
      restartNeeded: ['api.listen'],
      warnings: [{ path: 'networks.0.pool', message: 'is small' }],
    }),
    [
      'The configuration is in force.',
      'In force only after a restart of the appliance: api.listen.',
      'networks.0.pool: is small',
    ],
  )
  const by = { how: 'operator', by: 'token', address: '192.0.2.7', rollout: null } as const
  t.equal(starterWords(by), 'an operator (token, 192.0.2.7)')
  t.equal(starterWords({ ...by, by: null, address: null, rollout: 'floor-3' }), 'roll-out floor-3')
  t.equal(starterWords(null), 'not recorded')
})

t.test('who was overtaken is told in words of the page', async (t) => {
  const problem = { title: 'Precondition failed', status: 412, detail: 'GET it again' }
  t.match(storedProblem(problem, 'A profile of this name', true).detail, 'exists already')
  t.match(storedProblem(problem, 'A profile of this name', false).detail, 'changed elsewhere')
  const other = { ...problem, status: 422 }
  t.equal(storedProblem(other, '', true), other)
})
