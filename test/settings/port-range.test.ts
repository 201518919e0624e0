import t from 'tap'
import { formatPortRange, parsePortRange } from '../../src/settings/port-range.ts'

t.test('reads and prints a range of ports', async (t) => {
  t.same(parsePortRange('40000-40999'), { first: 40000, last: 40999 })
  t.same(parsePortRange('1024-65535'), { first: 1024, last: 65535 })
  t.same(parsePortRange('5000-5000'), { first: 5000, last: 5000 })
  t.equal(formatPortRange({ first: 40000, last: 40999 }), '40000-40999')
})

t.test('refuses what is no range of ports', async (t) => {
  const wrong = [
    { why: 'empty', text: '' },
    { why: 'one port', text: '40000' },
    { why: 'backwards', text: '40999-40000' },
    { why: 'ports of other services', text: '1000-2000' },
    { why: 'above the last port', text: '65000-65536' },
    { why: 'not a number', text: 'abcd-efgh' },
  ]
  for (const { why, text } of wrong) t.equal(parsePortRange(text), undefined, why)
})
