import t from 'tap'
import { draftFromPatch, phoneFromDraft } from '../../src/inventory/phone-draft.ts'
import { macOf } from '../support/an-inventory.ts'

const MAC = macOf('000E84C060A6')
const current = phoneFromDraft(
  {
    mac: MAC,
    lines: [
      { name: '1201', password: 'one' },
      { name: '1202', password: 'two' },
      { name: '1202', password: 'three' },
    ],
  },
  undefined,
)

t.test('a draft of nothing is a phone of nulls', async (t) => {
  t.same(phoneFromDraft({ mac: MAC }, undefined), {
    mac: MAC,
    model: null,
    label: null,
    network: null,
    profile: null,
    address: null,
    lines: [],
    settings: {},
    revision: 1,
  })
})

t.test('a password that is left out stays with the line of that name', async (t) => {
  const cases = [
    { why: 'in place', lines: [{ name: '1201' }], kept: ['one'] },
    { why: 'moved', lines: [{ name: '1202' }, { name: '1201' }], kept: ['two', 'one'] },
    {
      why: 'twin',
      lines: [{ name: 'x' }, { name: 'y' }, { name: '1202' }],
      kept: [undefined, undefined, 'three'],
    },
    { why: 'renamed', lines: [{ name: '1203' }], kept: [undefined] },
    { why: 'given', lines: [{ name: '1201', password: 'new' }], kept: ['new'] },
    { why: 'emptied', lines: [{ name: '1201', password: '' }], kept: [''] },
    { why: 'taken away', lines: [{ name: '1201', password: null }], kept: [undefined] },
  ]
  for (const { why, lines, kept } of cases) {
    const phone = phoneFromDraft({ mac: MAC, lines }, current)
    t.same(
      phone.lines.map(({ password }) => password),
      kept,
      why,
    )
    t.equal(phone.revision, 2)
  }
  const [line] = phoneFromDraft(
    { mac: MAC, lines: [{ name: '1201', password: null }] },
    current,
  ).lines
  t.same(Object.keys(line ?? {}), ['name'], 'no field is left behind')
})

t.test('a key named like a part of every object is a key and nothing else', async (t) => {
  const settings = JSON.parse('{"__proto__": "x", "constructor": "y"}')
  const phone = phoneFromDraft({ mac: MAC, settings }, undefined)
  t.same(Object.keys(phone.settings).sort(), ['__proto__', 'constructor'])
  const patched = draftFromPatch(phone, { settings: JSON.parse('{"__proto__": null}') })
  t.same(Object.keys(patched.settings ?? {}), ['constructor'])
})
