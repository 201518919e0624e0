import t from 'tap'
import {
  alreadyHas,
  demandOn,
  entityTag,
  meetsPrecondition,
  readPrecondition,
} from '../../../src/adapters/http/entity-tag.ts'

t.test('RFC 9110 section 13: preconditions are read from their headers', async (t) => {
  const cases = [
    { why: 'none', headers: {}, wanted: { kind: 'none' } },
    { why: 'any', headers: { 'if-match': ' * ' }, wanted: { kind: 'exists' } },
    {
      why: 'tags',
      headers: { 'if-match': '"1" , "2"' },
      wanted: { kind: 'one-of', tags: ['"1"', '"2"'] },
    },
    { why: 'absent', headers: { 'if-none-match': '*' }, wanted: { kind: 'absent' } },
    {
      why: 'a tag to read by is no demand',
      headers: { 'if-none-match': '"1"' },
      wanted: { kind: 'none' },
    },
    {
      why: 'If-Match goes first (section 13.2.2)',
      headers: { 'if-match': '*', 'if-none-match': '*' },
      wanted: { kind: 'exists' },
    },
  ]
  for (const { why, headers, wanted } of cases) t.same(readPrecondition(headers), wanted, why)
})

t.test('preconditions are compared with the stored version', async (t) => {
  const tags = { kind: 'one-of', tags: ['"3"'] } as const
  t.ok(meetsPrecondition({ kind: 'none' }, undefined))
  t.ok(meetsPrecondition({ kind: 'absent' }, undefined))
  t.notOk(meetsPrecondition({ kind: 'absent' }, 3))
  t.notOk(meetsPrecondition({ kind: 'exists' }, undefined))
  t.ok(meetsPrecondition(tags, 3))
  t.notOk(meetsPrecondition(tags, 33))
  t.notOk(meetsPrecondition(tags, undefined))
})

t.test('a met demand names the revision that the change must find', async (t) => {
  t.same(demandOn({}, { revision: 3 }), { kind: 'met', revision: undefined })
  t.same(demandOn({ 'if-match': '"3"' }, { revision: 3 }), { kind: 'met', revision: 3 })
  t.same(demandOn({ 'if-none-match': '*' }, undefined), { kind: 'met', revision: 0 })
  t.same(demandOn({ 'if-match': '"2"' }, { revision: 3 }), { kind: 'unmet' })
})

t.test('RFC 9110 section 13.1.2: a reader is compared weakly', async (t) => {
  t.ok(alreadyHas({ 'if-none-match': 'W/"3"' }, entityTag(3)))
  t.ok(alreadyHas({ 'if-none-match': '"1", "3"' }, entityTag(3)))
  t.ok(alreadyHas({ 'if-none-match': '*' }, entityTag(3)))
  t.notOk(alreadyHas({ 'if-none-match': '"33"' }, entityTag(3)))
  t.notOk(alreadyHas({}, entityTag(3)))
})
