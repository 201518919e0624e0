import t from 'tap'
import { readTrace } from '../../../src/wire/trace/read-trace.ts'
import { fieldTrace, fieldTraceNames } from '../../support/field-trace.ts'

t.test(
  'every field trace can be read, names its source and its truth, and has events',
  async (t) => {
    t.equal(fieldTraceNames().length, 17)
    for (const name of fieldTraceNames()) {
      const { header, events, ...trace } = fieldTrace(name)
      t.equal(trace.name, name)
      t.type(header['source'], 'string', name)
      t.hasProps(header['truth'] ?? {}, ['protocol', 'load', 'verdict'], name)
      t.match(header['clock'], /^(?:1 s|1 ms|order)$/, name)
      t.ok(events.length > 3, name)
      t.same(
        events.map(({ t }) => t),
        events.map(({ t }) => t).sort((a, b) => a - b),
        name,
      )
    }
  },
)

t.test('a repeated request is marked: same name and port, a moment ago', async (t) => {
  const asked = fieldTrace('jh-c-sccp-unheard').events.filter(({ kind }) => kind === 'rrq')
  t.same(
    asked.slice(0, 5).map(({ t, port, repeat }) => [t, port, repeat]),
    [
      [0, 51_950, false],
      [4, 51_950, true],
      [8, 51_950, true],
      [12, 51_951, false],
      [13, 51_951, true],
    ],
  )
})

t.test('a trace is read line by line; blank lines and unknown keys do not matter', async (t) => {
  const text = '{"trace":"x","later":1}\n\n{"t":0,"kind":"rrq","name":"a","size":4}\n'
  const event = { t: 0, kind: 'rrq', name: 'a', port: null, ip: null, repeat: false, note: null }
  t.same(readTrace(text).events, [event])
  const whole =
    '{"t":1.5,"kind":"done","name":"a","port":1024,"ip":"10.0.0.1","repeat":true,"note":"n"}'
  t.same(readTrace(`{"trace":"x"}\r\n${whole}\r\n`).events, [JSON.parse(whole)])
})

t.test('a malformed trace is refused with the number of the line', async (t) => {
  const refused: readonly [string, RegExp][] = [
    ['', /line 1: not a JSON object/],
    ['[]', /line 1: not a JSON object/],
    ['null', /line 1: not a JSON object/],
    ['{"a":1}', /line 1: a trace begins/],
    ['{"trace":"x"}\n{', /line 2: not a JSON object/],
    ['{"trace":"x"}\n{"t":"0","kind":"rrq","name":"a"}', /line 2: t is no number/],
    ['{"trace":"x"}\n{"t":1e999,"kind":"rrq","name":"a"}', /line 2: t is no number/],
    ['{"trace":"x"}\n{"t":0,"name":"a"}', /line 2: kind is no text/],
    ['{"trace":"x"}\n{"t":0,"kind":"rrq"}', /line 2: name is no text/],
    ['{"trace":"x"}\n{"t":0,"kind":"rrq","name":"a","port":0}', /line 2: port is none/],
    ['{"trace":"x"}\n{"t":0,"kind":"rrq","name":"a","port":"1"}', /line 2: port is none/],
    ['{"trace":"x"}\n{"t":0,"kind":"rrq","name":"a","port":1.5}', /line 2: port is none/],
    ['{"trace":"x"}\n{"t":0,"kind":"rrq","name":"a","port":65536}', /line 2: port is none/],
    ['{"trace":"x"}\n{"t":0,"kind":"rrq","name":"a","ip":1}', /line 2: ip is no text/],
    [
      '{"trace":"x"}\n{"t":2,"kind":"rrq","name":"a"}\n{"t":1,"kind":"rrq","name":"a"}',
      /line 3: t goes back/,
    ],
  ]
  for (const [text, message] of refused) t.throws(() => readTrace(text), message, text)
  const long = `{"trace":"x"}\n${'{"t":0,"kind":"rrq","name":"a"}\n'.repeat(100_001)}`
  t.throws(() => readTrace(long), /more than 100000 events/)
})
