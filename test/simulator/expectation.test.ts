import t from 'tap'
import { canRun, formatExpectation, parseExpectation } from '../../src/simulator/expectation.ts'

t.test('an expectation is read and printed as it is written', async (t) => {
  for (const text of ['P0S3-8-12-00', 'P00308000500', 'unchanged', 'stopped', 'no-address']) {
    const expectation = parseExpectation(text)
    t.ok(expectation, text)
    if (expectation !== undefined) t.equal(formatExpectation(expectation), text)
  }
})

t.test('what no phone can run is no expectation', async (t) => {
  for (const text of ['', 'POS3-8-12-00', 'P003-8-12-00', 'P0M3-07-2-00', 'Unchanged', 'running']) {
    t.equal(parseExpectation(text), undefined, text)
    t.equal(canRun(text), false, text)
  }
})
