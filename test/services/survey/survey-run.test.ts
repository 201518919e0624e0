import t from 'tap'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import { type SurveyPlace, SurveyRun } from '../../../src/services/survey/survey-run.ts'

const place = (address: number, network = 'bench', mayAsk = true): SurveyPlace => ({
  address: address as Ipv4,
  network,
  mayAsk,
})
const nobodyBusy = () => false
const ONE = place(1)
const TWO = place(2)

t.test('one phone a second begins on each network', async (t) => {
  const other = place(9, 'floor')
  const run = new SurveyRun([ONE, TWO, other], nobodyBusy, 5_000)
  t.equal(run.wakeAtMs, 5_000)
  t.same(run.onWake(5_000), [
    { kind: 'page', place: ONE, path: '/DeviceInformationX' },
    { kind: 'page', place: other, path: '/DeviceInformationX' },
  ])
  t.same(run.onWake(5_999), [])
  t.equal(run.wakeAtMs, 6_000)
  t.match(run.onWake(6_100), [{ place: TWO }])
  t.equal(run.wakeAtMs, null, 'all have begun')
  t.same(run.onWake(9_000), [])
})

t.test('three pages in their order, then one OPTIONS, then it is done', async (t) => {
  const run = new SurveyRun([ONE], nobodyBusy, 0)
  run.onWake(0)
  t.match(run.onPage(ONE, 'nothing'), [{ kind: 'page', path: '/DeviceInformation' }])
  t.match(run.onPage(ONE, 'nothing'), [{ kind: 'page', path: '/' }])
  t.same(run.onPage(ONE, 'nothing'), [{ kind: 'options', place: ONE }])
  t.same(run.onOptions(TWO), [], 'an answer of somebody who was not asked')
  t.notOk(run.isOver)
  t.same(run.onOptions(ONE), [])
  t.ok(run.isOver)
  t.equal(run.done, 1)
  t.same(run.onPage(ONE, 'nothing'), [], 'a late answer moves nothing')
})

t.test('a page that tells ends it, a closed port goes on to OPTIONS', async (t) => {
  for (const outcome of ['told', 'other'] as const) {
    const run = new SurveyRun([ONE], nobodyBusy, 0)
    run.onWake(0)
    t.same(run.onPage(ONE, outcome), [])
    t.ok(run.isOver, outcome)
  }
  const run = new SurveyRun([ONE], nobodyBusy, 0)
  run.onWake(0)
  t.same(run.onPage(ONE, 'closed'), [{ kind: 'options', place: ONE }])
})

t.test('a phone in a transfer is passed over, and left out in the end', async (t) => {
  let busy = true
  const run = new SurveyRun([ONE, TWO], (address) => busy && address === ONE.address, 0)
  t.same(run.onWake(0), [])
  t.match(run.onWake(1_000), [{ place: TWO }])
  busy = false
  t.match(run.onWake(2_000), [{ place: ONE }], 'it comes behind the others')
  const never = new SurveyRun([ONE], () => true, 0)
  for (let at = 0; at < 4_000; at += 1_000) t.same(never.onWake(at), [])
  t.ok(never.isOver)
})

t.test('an address that must not be asked is done at once', async (t) => {
  const run = new SurveyRun([place(1, 'bench', false)], nobodyBusy, 0)
  t.ok(run.isOver)
  t.equal(run.total, 1)
  t.equal(run.done, 1)
  t.equal(run.wakeAtMs, null)
  t.ok(new SurveyRun([], nobodyBusy, 0).isOver)
})
