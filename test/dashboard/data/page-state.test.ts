import t from 'tap'
import { EMPTY_PAGE, reduce } from '../../../src/dashboard/data/page-state.ts'
import { aConversion, aPhone } from '../a-conversion.ts'
import { aRollout } from '../a-rollout.ts'

const PHONE = '000E84C060A6'

t.test('an answer that a later one has overtaken is dropped', async (t) => {
  const late = aConversion({ revision: 5, state: 'confirmed' })
  const shown = reduce(EMPTY_PAGE, { kind: 'conversion', conversion: late })
  const overtaken = reduce(shown, { kind: 'conversion', conversion: aConversion({ revision: 4 }) })
  t.equal(overtaken.conversions.get(PHONE), late)
  const same = aConversion({ revision: 5 })
  const again = reduce(shown, { kind: 'conversion', conversion: same })
  t.equal(again.conversions.get(PHONE), same, 'octets move without a new revision')
})

t.test('the list of conversions replaces all of them', async (t) => {
  const shown = reduce(EMPTY_PAGE, { kind: 'conversion', conversion: aConversion() })
  t.equal(reduce(shown, { kind: 'conversions', conversions: [] }).conversions.size, 0)
})

t.test('each list goes to its place and leaves the others alone', async (t) => {
  const phones = [aPhone()]
  const shown = reduce(EMPTY_PAGE, { kind: 'phones', phones })
  t.same(shown, { ...EMPTY_PAGE, phones })
  const trace = { mac: PHONE, timeline: [], files: [] }
  t.same(reduce(EMPTY_PAGE, { kind: 'trace', trace }), { ...EMPTY_PAGE, trace })
  for (const kind of ['networks', 'firmware', 'profiles', 'rollouts'] as const) {
    const action = { kind, [kind]: [] } as unknown as Parameters<typeof reduce>[1]
    t.same(reduce(EMPTY_PAGE, action), { ...EMPTY_PAGE, [kind]: [] })
  }
})

t.test('what changes nothing is the same state, so that nothing is drawn', async (t) => {
  t.equal(reduce(EMPTY_PAGE, { kind: 'fault', fault: null }), EMPTY_PAGE)
  t.equal(reduce(EMPTY_PAGE, { kind: 'connection', connection: 'connecting' }), EMPTY_PAGE)
  t.equal(reduce(EMPTY_PAGE, { kind: 'connection', connection: 'live' }).connection, 'live')
})

t.test('a token given takes away the question and the fault', async (t) => {
  const asked = reduce(EMPTY_PAGE, { kind: 'token-wanted', why: 'wrong' })
  t.equal(asked.tokenWanted, 'wrong')
  const faulty = reduce(asked, { kind: 'fault', fault: 'no answer' })
  t.match(reduce(faulty, { kind: 'token-given' }), { tokenWanted: null, fault: null })
})

t.test('of the open roll-out the latest revision is shown, or that it is gone', async (t) => {
  const open = (fields: Parameters<typeof aRollout>[0]) => {
    const rollout = aRollout(fields)
    return { kind: 'rollout' as const, openRollout: { id: rollout.id, rollout } }
  }
  const late = reduce(EMPTY_PAGE, open({ revision: 5 }))
  t.equal(reduce(late, open({ revision: 4 })).openRollout, late.openRollout, 'overtaken')
  t.equal(reduce(late, open({ revision: 6 })).openRollout?.rollout?.revision, 6)
  t.equal(reduce(late, open({ id: 'floor-4', revision: 1 })).openRollout?.id, 'floor-4')
  const gone = reduce(late, { kind: 'rollout', openRollout: { id: 'floor-3', rollout: null } })
  t.equal(gone.openRollout?.rollout, null)
  t.equal(reduce(gone, open({ revision: 1 })).openRollout?.rollout?.revision, 1, 'created again')
})

t.test('problems are shown until there are none; the same ones again change nothing', async (t) => {
  const problem = { name: 'database', where: '/data/switchhook.db', message: 'the disk is full' }
  const status = (problems: readonly (typeof problem)[]) => ({
    kind: 'status' as const,
    status: {
      version: '1.0.0',
      problems,
      models: ['7960'],
      attention: [],
      rehearsal: false,
      phoneSpeed: 1,
      conversions: {},
    },
  })
  const ill = reduce(EMPTY_PAGE, status([problem]))
  t.same(ill.status?.problems, [problem])
  t.equal(reduce(ill, status([{ ...problem }])), ill)
  t.same(reduce(ill, status([])).status?.problems, [])
})

t.test('a phone that was read by itself takes its place in the list', async (t) => {
  const other = aPhone({ mac: '000E84C060A7' })
  const listed = reduce(EMPTY_PAGE, { kind: 'phones', phones: [aPhone(), other] })
  const phone = aPhone({ label: 'desk 13' })
  t.same(reduce(listed, { kind: 'phone', mac: PHONE, phone }).phones, [phone, other])
  t.same(reduce(listed, { kind: 'phone', mac: PHONE, phone: null }).phones, [other], 'gone')
  const empty = reduce(EMPTY_PAGE, { kind: 'phones', phones: [] })
  t.same(reduce(empty, { kind: 'phone', mac: PHONE, phone }).phones, [phone], 'new')
  t.equal(reduce(EMPTY_PAGE, { kind: 'phone', mac: PHONE, phone }).phones, null, 'no list yet')
})

t.test('a page of the list brings the conversions of its phones', async (t) => {
  const counts = { enrolled: 2, total: 2, none: 1, waiting: 1, running: 0, stalled: 0 }
  const list = {
    phones: [{ ...aPhone(), conversion: aConversion() }, aPhone({ mac: '000E84C060A7' })],
    counts: { ...counts, confirmed: 0, cancelled: 0 },
  }
  const query = { ...EMPTY_PAGE.phoneQuery, words: 'desk' }
  const asked = reduce(EMPTY_PAGE, { kind: 'phone-query', query })
  const shown = reduce(asked, { kind: 'phone-list', list })
  t.same(shown.phoneList, list)
  t.equal(shown.phoneQuery.words, 'desk')
  t.same([...shown.conversions.keys()], [PHONE])
})

t.test('the open phone is known as such, also that it is not enrolled', async (t) => {
  const gone = reduce(EMPTY_PAGE, { kind: 'phone', mac: PHONE, phone: null })
  t.same(gone.openPhone, { mac: PHONE, phone: null })
})
