import t from 'tap'
import { faultReporter, type ReportedFault } from '../../src/services/fault-reporter.ts'

const withCode = (code: string, message: string) => Object.assign(new Error(message), { code })

function aReporter() {
  const reported: ReportedFault[] = []
  const clock = { nowMs: 1_000_000 }
  const report = faultReporter(
    (fault) => reported.push(fault),
    () => clock.nowMs,
  )
  return { reported, clock, report }
}

t.test('a full disk is said at once, and then once in ten seconds with its count', async (t) => {
  const { reported, clock, report } = aReporter()
  for (let time = 0; time < 501; time++) report(withCode('SQLITE_FULL', 'disk full'))
  t.match(reported, [{ times: 1, err: { message: 'disk full' } }])
  t.equal(reported.length, 1)
  clock.nowMs += 9_999
  report(withCode('SQLITE_FULL', 'still full'))
  t.equal(reported.length, 1)
  clock.nowMs += 1
  report(withCode('SQLITE_FULL', 'full again'))
  t.match(reported[1], { times: 502, err: { message: 'full again' } })
  t.equal(reported.length, 2)
})

t.test('one cause does not hide another', async (t) => {
  const { reported, report } = aReporter()
  report(withCode('ENETUNREACH', 'send failed'))
  report(withCode('EMFILE', 'no descriptor'))
  report(new Error('one'))
  report(new Error('two'))
  report(new Error('one'))
  t.equal(reported.length, 4)
})

t.test('causes without end are neither told nor remembered without end', async (t) => {
  const { reported, clock, report } = aReporter()
  for (let time = 0; time < 100; time++) report(new Error(`cause ${time}`))
  t.equal(reported.length, 33, 'those that are told apart, and all others as one')
  report(new Error('cause 0'))
  t.equal(reported.length, 33)
  clock.nowMs += 10_000
  report(new Error('cause 99'))
  t.match(reported.at(-1), { times: 68, err: { message: 'cause 99' } })
})
