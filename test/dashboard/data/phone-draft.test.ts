import t from 'tap'
import {
  addLine,
  draftOfPhone,
  EMPTY_PHONE,
  type LineDraft,
  losesPassword,
  phoneBodyOf,
  withSetting,
} from '../../../src/dashboard/data/phone-draft.ts'
import { aPhone } from '../a-conversion.ts'

const PHONE = aPhone({
  label: 'desk 1',
  lines: [{ name: '1201', displayName: 'Desk', hasPassword: true }],
  settings: { phone_label: 'Lab' },
  secretSettings: ['phone_password'],
})

t.test('a phone that is saved as it was read keeps its secrets, and sends none', async (t) => {
  const body = phoneBodyOf(draftOfPhone(PHONE))
  t.same(body['lines'], [{ name: '1201', displayName: 'Desk' }], 'left out: it stays')
  t.same(body['settings'], { phone_label: 'Lab' })
  t.same(body['secretSettings'], ['phone_password'], 'named: it stays')
  t.equal(body['label'], 'desk 1')
})

t.test('an address that is trusted stays so, and one that is not says nothing of it', async (t) => {
  const trusted = aPhone({ address: '10.20.0.60', trustAddress: true })
  t.match(phoneBodyOf(draftOfPhone(trusted)), { address: '10.20.0.60', trustAddress: true })
  t.notOk('trustAddress' in phoneBodyOf(draftOfPhone(PHONE)))
})

t.test('what is empty is left out', async (t) => {
  t.same(phoneBodyOf(EMPTY_PHONE), { lines: [], settings: {}, secretSettings: [] })
})

t.test(
  'a password is replaced by one that is typed in, and taken away only when asked',
  async (t) => {
    const [line] = draftOfPhone(PHONE).lines as [LineDraft]
    const lineBody = (part: Partial<LineDraft>) =>
      phoneBodyOf({ ...EMPTY_PHONE, lines: [{ ...line, ...part }] })['lines']
    t.match(lineBody({ password: 'new' }), [{ password: 'new' }])
    t.match(lineBody({ dropsPassword: true }), [{ password: null }])
    t.match(lineBody({ dropsPassword: true, password: 'new' }), [{ password: 'new' }])
  },
)

t.test('a stored secret setting is replaced by a value that is typed in', async (t) => {
  const [shown, secret] = draftOfPhone(PHONE).settings
  t.ok(shown !== undefined && secret !== undefined)
  if (shown === undefined || secret === undefined) return
  const body = phoneBodyOf({ ...EMPTY_PHONE, settings: [shown, { ...secret, value: 'x' }] })
  t.same(body['settings'], { phone_label: 'Lab', phone_password: 'x' })
  t.same(body['secretSettings'], [])
})

t.test('a line with another name has no password any more, and that can be said', async (t) => {
  const [line] = draftOfPhone(PHONE).lines as [LineDraft]
  t.equal(losesPassword(line), false)
  t.equal(losesPassword({ ...line, name: '1202' }), true)
  t.equal(losesPassword({ ...line, name: '1202', password: 'new' }), false)
})

t.test('further rows are told apart from those before', async (t) => {
  const draft = addLine(addLine(draftOfPhone(PHONE)))
  t.same(
    draft.lines.map(({ key }) => key),
    [0, 1, 2],
  )
  t.same(withSetting(EMPTY_PHONE.settings), [
    { key: 0, name: '', value: '', isStoredSecret: false },
  ])
})
