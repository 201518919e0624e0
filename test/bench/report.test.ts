import t from 'tap'
import type { Metric, Sample } from './measurement.ts'
import { reportOf } from './report.ts'

const METRICS: readonly Metric[] = [
  { key: 'rate', title: 'replies/s', digits: 0, over: 'median', isCompared: true },
  { key: 'lost', title: 'lost', digits: 0, over: 'total', isCompared: false },
]
const CASES = [
  { name: 'one', title: 'one at once' },
  { name: 'many', title: 'many at once' },
]

function sample(server: string, round: number, values: Sample['values'], fault?: string): Sample {
  const machine = { loadAverage: 0, busy: 0 }
  return { case: 'one', server, round, ...machine, values, fault: fault ?? null }
}

t.test('the report sets ours beside each peer, and shows what both came to', async (t) => {
  const samples = [
    sample('ours', 1, { rate: 3000, lost: 1 }),
    sample('peer', 1, { rate: 2000, lost: 4 }),
    sample('ours', 2, { rate: 2400, lost: 2 }),
    sample('peer', 2, { rate: 1200, lost: 0 }),
  ]
  t.equal(
    reportOf({ cases: CASES, servers: ['ours', 'peer'], metrics: METRICS, samples }),
    `| Case | Beside | replies/s |
|---|---|---|
| one at once | peer | 1.75 (1.50–2.00) |

| Case | Server | replies/s | lost |
|---|---|---|---|
| one at once | ours | 2,700 | 3 |
| one at once | peer | 1,600 | 4 |
`,
  )
})

t.test('a measurement with a fault counts for nothing, and its fault is told', async (t) => {
  const samples = [
    sample('ours', 1, { rate: 3000, lost: 0 }),
    sample('peer', 1, { rate: 9000, lost: 0 }, '3 wrong replies'),
    sample('ours', 2, { rate: 3000, lost: 0 }),
    sample('peer', 2, { rate: 1000, lost: 0 }),
  ]
  const report = reportOf({ cases: CASES, servers: ['ours', 'peer'], metrics: METRICS, samples })
  t.match(report, '| one at once | peer | 3.00 (3.00–3.00) |')
  t.match(report, '| one at once | peer | 1,000 | 0 |')
  t.match(report, '- peer, one, round 1: 3 wrong replies')
})

t.test('what a server was not measured in is left out, or is a dash', async (t) => {
  const samples = [sample('ours', 1, { rate: 3000 })]
  const report = reportOf({ cases: CASES, servers: ['ours', 'peer'], metrics: METRICS, samples })
  t.match(report, '| one at once | ours | 3,000 | – |')
  t.notMatch(report, 'peer')
  t.notMatch(report, 'many')
})
