import t from 'tap'
import type { Survey, SurveyedPhone } from '../../../src/dashboard/data/types.ts'
import {
  describeSurvey,
  percentOfSurvey,
  readProblem,
  runningSurveyIn,
  startProblem,
} from '../../../src/dashboard/words/survey-words.ts'

const SILENT: SurveyedPhone = {
  mac: null,
  address: '10.20.0.62',
  model: null,
  protocol: null,
  load: null,
  serial: null,
  by: null,
  enrolled: false,
}
const SIP: SurveyedPhone = { ...SILENT, address: '10.20.0.61', protocol: 'sip', by: 'options' }

function aSurvey(fields: Partial<Survey> = {}): Survey {
  return { id: 'one', state: 'running', total: 3, done: 1, phones: [SIP, SILENT], ...fields }
}

t.test('while it runs the sentence stays, and the bar moves', async (t) => {
  t.equal(describeSurvey(aSurvey({ done: 2 })), describeSurvey(aSurvey()))
  t.equal(percentOfSurvey(aSurvey()), 33)
  t.equal(percentOfSurvey(aSurvey({ done: 3 })), 100)
})

t.test('the last line says how many are known', async (t) => {
  t.match(describeSurvey(aSurvey({ state: 'done', total: 2 })), /finished: 1 of 2/)
  t.match(describeSurvey(aSurvey({ state: 'failed' })), /ended early.*1 of 3/)
})

t.test('a survey without phones ends at once', async (t) => {
  const none = aSurvey({ state: 'done', total: 0, done: 0, phones: [] })
  t.match(describeSurvey(none), 'nothing to ask')
  t.equal(percentOfSurvey(none), 100)
  t.equal(percentOfSurvey({ ...none, state: 'running' }), 0)
})

t.test('a refusal says what to do, and any other problem stays as it is', async (t) => {
  const problem = { title: 'x', status: 409, detail: 'survey a-1 is running on network lab; wait' }
  t.equal(runningSurveyIn(problem), 'a-1')
  t.match(startProblem(problem).detail, 'Wait until it has ended')
  const message = '5000 addresses, at most 4096 in one survey'
  const refused = { ...problem, status: 422, problems: [{ path: '/network', message }] }
  t.equal(runningSurveyIn(refused), null)
  t.same(startProblem(refused).problems, [{ message }], 'without the path, which is no word')
  t.same(startProblem({ ...problem, status: 422 }).problems, [])
  const other = { ...problem, status: 503 }
  t.equal(startProblem(other), other)
  t.equal(readProblem(other), other)
  t.match(readProblem({ ...problem, status: 404 }).title, 'no longer there')
  t.equal(runningSurveyIn({ ...problem, detail: 'another sentence' }), null)
})
