import t from 'tap'
import { storeFaultReporter } from '../../appliance/store-fault.ts'
import { aLog } from '../support/a-log.ts'

t.test('a full disk is said at once, and then once in ten seconds with its count', async (t) => {
  const { log, lines } = aLog()
  let nowMs = 1_000_000
  const report = storeFaultReporter(log, () => nowMs)
  report(new Error('disk full'))
  for (let time = 0; time < 500; time++) report(new Error('disk full'))
  t.match(lines, [
    { level: 'error', event: 'database.failed', times: 1, err: { message: 'disk full' } },
  ])
  t.equal(lines.length, 1)
  nowMs += 9_999
  report(new Error('still full'))
  t.equal(lines.length, 1)
  nowMs += 1
  report(new Error('full again'))
  t.match(lines[1], { times: 502, err: { message: 'full again' } })
  t.equal(lines.length, 2)
})
