import t from 'tap'
import { addLine, addSetting, EMPTY_PHONE } from '../../../src/dashboard/data/phone-draft.ts'
import {
  besidesFields,
  faultsOf,
  refusalOf,
  settingPointer,
} from '../../../src/dashboard/words/field-faults.ts'

const REFUSAL = {
  title: 'The values were refused',
  status: 422,
  detail: 'two problems',
  problems: [
    { path: '/lines/0/name', message: 'is empty' },
    { path: '/lines/0/name', message: 'must not be' },
    { path: '/lines', message: 'are too many' },
  ],
}

t.test('each fault is at its field, several of one field together', async (t) => {
  t.same(
    [...faultsOf(REFUSAL)],
    [
      ['/lines/0/name', 'is empty; must not be'],
      ['/lines', 'are too many'],
    ],
  )
  t.equal(faultsOf(null).size, 0)
})

t.test('what no field shows stays in the note below', async (t) => {
  t.same(besidesFields(REFUSAL, addLine(EMPTY_PHONE))?.problems, [
    { path: '/lines', message: 'are too many' },
  ])
  t.equal(besidesFields(REFUSAL, EMPTY_PHONE)?.problems?.length, 3, 'that line is gone')
  t.equal(besidesFields(null, EMPTY_PHONE), null)
})

t.test(
  'RFC 6901 section 3: a setting with a slash or tilde in its name is pointed at',
  async (t) => {
    t.equal(settingPointer('a/b~c'), '/settings/a~1b~0c')
  },
)

t.test('a setting that stands there twice is refused, because one would be lost', async (t) => {
  const twice = addSetting(addSetting(EMPTY_PHONE)).settings.map((one) => ({ ...one, name: 'x' }))
  t.match(refusalOf({ ...EMPTY_PHONE, settings: twice }), {
    detail: 'x: set twice; remove one of the two',
    problems: [{ path: '/settings/x' }],
  })
  t.equal(refusalOf({ ...EMPTY_PHONE, settings: twice.slice(1) }), null)
})
