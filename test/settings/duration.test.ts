import t from 'tap'
import { formatDuration, parseDuration } from '../../src/settings/duration.ts'

t.test('reads and prints durations with their unit', async (t) => {
  const cases = [
    { text: '1s', seconds: 1, printed: '1s' },
    { text: '90s', seconds: 90, printed: '1m30s' },
    { text: '5m', seconds: 300, printed: '5m' },
    { text: '1h', seconds: 3600, printed: '1h' },
    { text: '1h30m', seconds: 5400, printed: '1h30m' },
    { text: '2d', seconds: 172800, printed: '2d' },
    { text: '1w', seconds: 604800, printed: '7d' },
    { text: '4294967294s', seconds: 4294967294, printed: '49710d6h28m14s' },
    { text: 'infinite', seconds: Number.POSITIVE_INFINITY, printed: 'infinite' },
  ]
  for (const { text, seconds, printed } of cases) {
    t.same(parseDuration(text), { seconds }, text)
    t.equal(formatDuration({ seconds }), printed, text)
  }
})

t.test('refuses what is no duration', async (t) => {
  const wrong = [
    { why: 'empty', text: '' },
    { why: 'no unit: seconds or minutes?', text: '300' },
    { why: 'nothing lasts no time', text: '0s' },
    { why: 'RFC 2131 section 3.3: all ones mean infinity', text: '4294967295s' },
    { why: 'fractions', text: '1.5h' },
    { why: 'negative', text: '-5m' },
    { why: 'unknown unit', text: '5x' },
    { why: 'blank inside', text: '5 m' },
    { why: 'another spelling of infinite', text: 'forever' },
    { why: 'more digits than seconds can have', text: '99999999999s' },
  ]
  for (const { why, text } of wrong) t.equal(parseDuration(text), undefined, why)
})
