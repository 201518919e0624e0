import t from 'tap'
import { aConfiguration, aNetwork, parsed } from '../support/configuration.ts'

const postgres = { urlFile: './postgres-url', site: 'prague', name: 'sw-a' }

const cases = [
  {
    why: 'leases that are shared with nobody',
    configuration: aConfiguration({ leases: 'shared' }),
    expect: ['networks[0].leases: found shared; wanted the section database with postgres'],
  },
  {
    why: 'shared leases that a failover outlasts',
    configuration: aConfiguration(
      { leases: 'shared', leaseTime: '5m' },
      { database: { postgres } },
    ),
    expect: [
      'networks[0].leaseTime: found 5m with leases: shared, wanted 1h or more: phones lose shorter leases while PostgreSQL is away',
    ],
  },
  {
    why: 'shared leases that last, beside a network that cannot be read',
    configuration: {
      ...aConfiguration({}, { database: { postgres } }),
      networks: ['x', aNetwork({ leases: 'shared', leaseTime: '2h', maxLeaseTime: '2h' })],
    },
    expect: ['networks[0]: found "x", wanted a network'],
  },
  {
    why: 'an owner that is given no time to answer',
    configuration: aConfiguration(
      {},
      { database: { postgres: { ...postgres, takeoverAfter: '1s', repeatFor: '19s' } } },
    ),
    expect: [
      'database.postgres.takeoverAfter: found 1s, wanted at least 2s',
      'database.postgres.repeatFor: found 19s, wanted at least 20s',
    ],
  },
  {
    why: 'a database without what it takes',
    configuration: aConfiguration({}, { database: { postgres: { site: 'a b' } } }),
    expect: [
      'database.postgres.urlFile: missing, wanted a path',
      'database.postgres.site: found "a b", wanted a name of letters, digits, dot, dash and underscore, at most 63',
      'database.postgres.name: missing, wanted a name of letters, digits, dot, dash and underscore, at most 63',
    ],
  },
]

t.test('finds what appliances cannot share', async (t) => {
  for (const { why, configuration, expect } of cases) {
    const result = parsed(configuration)
    const problems = result.kind === 'refused' ? result.problems : []
    const reported = [...problems, ...result.warnings]
    t.same(
      reported.map(({ path, message }) => `${path}: ${message}`),
      expect,
      why,
    )
  }
})
