import t from 'tap'
import {
  addLine,
  EMPTY_PHONE,
  type PhoneDraft,
  withSetting,
} from '../../../src/dashboard/data/phone-draft.ts'
import {
  type FormRefusal,
  faultsOf,
  noteOf,
  phoneValues,
  refusalOf,
  settingPointer,
} from '../../../src/dashboard/words/field-faults.ts'

const PROBLEM = {
  title: 'The values were refused',
  status: 422,
  detail: 'three problems',
  problems: [
    { path: '/lines/0/name', message: 'is empty' },
    { path: '/lines/0/name', message: 'must not be' },
    { path: '/lines', message: 'are too many' },
  ],
}
const SENT = addLine(EMPTY_PHONE)
const REFUSAL: FormRefusal = { problem: PROBLEM, sent: phoneValues(SENT) }

const named = (draft: PhoneDraft): PhoneDraft => ({
  ...draft,
  lines: draft.lines.map((line) => ({ ...line, name: '1201' })),
})

t.test('each fault is at its field, several of one field together', async (t) => {
  t.same([...faultsOf(REFUSAL, phoneValues(SENT))], [['/lines/0/name', 'is empty; must not be']])
  t.equal(faultsOf(null, phoneValues(SENT)).size, 0)
})

t.test('a field that was changed is not red any more, nor one that is gone', async (t) => {
  t.equal(faultsOf(REFUSAL, phoneValues(named(SENT))).size, 0)
  t.equal(faultsOf(REFUSAL, phoneValues(EMPTY_PHONE)).size, 0)
  const problem = { ...PROBLEM, problems: [{ path: 'mac', message: 'is no MAC address' }] }
  const sent = phoneValues({ ...EMPTY_PHONE, mac: 'x' })
  t.same([...faultsOf({ problem, sent }, sent)], [['/mac', 'is no MAC address']])
  t.equal(noteOf({ problem, sent }, phoneValues({ ...EMPTY_PHONE, mac: 'y' })), null)
})

t.test('the note names the fields at fault, and says what no field shows', async (t) => {
  t.match(noteOf(REFUSAL, phoneValues(SENT)), {
    title: 'Nothing was stored',
    detail: 'Correct: Line 1, name.',
    problems: [{ path: '/lines', message: 'are too many' }],
  })
  t.match(noteOf(REFUSAL, phoneValues(named(SENT))), {
    detail: 'three problems',
    problems: [{ path: '/lines' }],
  })
  t.equal(noteOf(null, phoneValues(SENT)), null)
  const plain = { title: 'No answer', status: 0, detail: 'nobody answers' }
  t.equal(noteOf({ problem: plain, sent: phoneValues(SENT) }, phoneValues(SENT)), plain)
})

t.test(
  'RFC 6901 section 3: a setting with a slash or tilde in its name is pointed at',
  async (t) => {
    t.equal(settingPointer('a/b~c'), '/settings/a~1b~0c')
  },
)

t.test('a setting that stands there twice is refused, because one would be lost', async (t) => {
  const twice = withSetting(withSetting([])).map((one) => ({ ...one, name: 'x' }))
  const problem = refusalOf(twice)
  t.match(problem, {
    detail: 'x: set twice; remove one of the two',
    problems: [{ path: '/settings/x' }],
  })
  t.equal(refusalOf(twice.slice(1)), null)
  if (problem === null) return
  const sent = phoneValues({ ...EMPTY_PHONE, settings: twice })
  t.equal(faultsOf({ problem, sent }, sent).size, 1)
  const once = phoneValues({ ...EMPTY_PHONE, settings: twice.slice(1) })
  t.equal(faultsOf({ problem, sent }, once).size, 0, 'removed, it is no fault')
})
