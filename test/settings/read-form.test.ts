import t from 'tap'
import Type from 'typebox'
import type { Problem } from '../../src/settings/problem.ts'
import { readForm, shown } from '../../src/settings/read-form.ts'
import { durationText } from '../../src/settings/text-value.ts'

const wanted = 'something else'
const Item = Type.Integer({ wanted: 'a number' })
const Form = Type.Object(
  {
    name: Type.String({ wanted: 'a text' }),
    hold: durationText({ default: '10m' }),
    port: Type.Optional(Item),
    list: Type.Array(Item, { default: [], wanted: 'a list of numbers', minItems: 0, maxItems: 2 }),
    section: Type.Object({ on: Type.Boolean({ default: true, wanted }) }, { default: {}, wanted }),
  },
  { wanted: 'a form' },
)

function read(value: unknown): { value: unknown; problems: Problem[] } {
  const problems: Problem[] = []
  return { value: readForm(Form, value, '', problems), problems }
}

t.test('fills in defaults and decodes, once', async (t) => {
  const complete = { name: 'x', hold: { seconds: 600 }, list: [], section: { on: true } }
  t.strictSame(read({ name: 'x' }), { value: complete, problems: [] })
  t.strictSame(read({ name: 'x', section: null }), { value: complete, problems: [] })
  t.strictSame(read({ name: 'x', hold: '1h', list: [1], section: { on: false }, port: 1 }), {
    value: { name: 'x', hold: { seconds: 3600 }, list: [1], section: { on: false }, port: 1 },
    problems: [],
  })
})

t.test('reports every fault with path, found and wanted, and keeps the rest', async (t) => {
  const cases = [
    { why: 'no mapping', value: 7, problem: [': found 7, wanted a form'] },
    { why: 'nothing', value: null, problem: [': found nothing, wanted a form'] },
    { why: 'a list', value: [], problem: [': found a list, wanted a form'] },
    { why: 'a key is missing', value: {}, problem: ['name: missing, wanted a text'] },
    { why: 'an empty key', value: { name: null }, problem: ['name: found nothing, wanted a text'] },
    {
      why: 'keys nobody knows',
      value: { name: 'x', lisst: [], zebra: 1, __proto__: {} },
      problem: [
        'lisst: unknown key, did you mean list?',
        'zebra: unknown key, wanted one of: name, hold, port, list, section',
      ],
    },
    {
      why: 'wrong leaves, each once',
      value: { name: 1, hold: 'x', port: '1', list: [1, 'b'], section: { on: 'yes' } },
      problem: [
        'name: found 1, wanted a text',
        'hold: found "x", wanted a time with its unit such as 90s, 5m or 1h',
        'port: found "1", wanted a number',
        'list[1]: found "b", wanted a number',
        'section.on: found "yes", wanted something else',
      ],
    },
    {
      why: 'no list, or one too long',
      value: { name: 'x', list: { a: 1 } },
      problem: ['list: found a mapping of keys, wanted a list of numbers'],
    },
    {
      why: 'a list too long',
      value: { name: 'x', list: [1, 2, 3] },
      problem: ['list: found 3 items, wanted a list of numbers (0 to 2)'],
    },
  ]
  for (const { why, value, problem } of cases) {
    const { problems } = read(value)
    t.same(
      problems.map(({ path, message }) => `${path}: ${message}`),
      problem,
      why,
    )
  }
  t.strictSame(read({ name: 1, list: [1, 'b'] }).value, {
    hold: { seconds: 600 },
    list: [1, undefined],
    section: { on: true },
  })
})

t.test('a list without limits of its own has none', async (t) => {
  const problems: Problem[] = []
  t.same(readForm(Type.Array(Item, { wanted }), [1, 2, 3], 'x', problems), [1, 2, 3])
  t.same(problems, [])
})

t.test('a key named like part of every object is a key like any other', async (t) => {
  const value: unknown = JSON.parse('{ "name": "x", "__proto__": 1, "constructor": 2 }')
  t.same(
    read(value).problems.map(({ path }) => path),
    ['__proto__', 'constructor'],
  )
})

t.test('long values are cut in messages', async (t) => {
  t.equal(shown('x'.repeat(100)).length, 58)
  t.equal(shown(true), 'true')
})

t.test('a key chooses which of several mappings a value is', async (t) => {
  const A = Type.Object(
    { kind: Type.Literal(1), file: Type.String({ wanted: 'a path' }) },
    { wanted },
  )
  const B = Type.Object({ kind: Type.Literal('b'), port: Item }, { wanted })
  const Either = Type.Union([A, B], { chosenBy: 'kind', wanted: 'kind 1 or b' })
  const readEither = (value: unknown) => {
    const problems: Problem[] = []
    const read = readForm(Either, value, 'x', problems)
    return { read, reported: problems.map(({ path, message }) => `${path}: ${message}`) }
  }
  t.strictSame(readEither({ kind: 1, file: 'f' }), { read: { kind: 1, file: 'f' }, reported: [] })
  t.strictSame(readEither({ kind: 'b', port: 7 }), { read: { kind: 'b', port: 7 }, reported: [] })
  const cases = [
    { value: 7, reported: ['x: found 7, wanted kind 1 or b'] },
    { value: null, reported: ['x: found nothing, wanted kind 1 or b'] },
    { value: {}, reported: ['x: found a mapping of keys, wanted kind 1 or b'] },
    { value: { kind: 2 }, reported: ['x.kind: found 2, wanted kind 1 or b'] },
    {
      value: { kind: 'b', file: 'f' },
      reported: [
        'x.file: unknown key, wanted one of: kind, port',
        'x.port: missing, wanted a number',
      ],
    },
  ]
  for (const { value, reported } of cases) t.same(readEither(value).reported, reported)
})
