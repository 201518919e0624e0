import t from 'tap'
import { selects, webhookProblems } from '../../../src/services/webhooks/webhook-rules.ts'

t.test('a selection is names, their first parts, or all', async (t) => {
  const cases: readonly [string, string, boolean][] = [
    ['conversion.confirmed', 'conversion.confirmed', true],
    ['conversion.confirmed', 'conversion.stalled', false],
    ['conversion', 'conversion.step.confirmed', true],
    ['conversion.*', 'conversion.step.confirmed', true],
    ['conversion.step', 'conversion.step.confirmed', true],
    ['conversion', 'conversions.phone.speed', false],
    ['conv', 'conversion.stalled', false],
    ['*', 'rollout.finished', true],
    ['*', 'webhook.failed', false],
    ['webhook', 'webhook.failed', false],
    ['webhook.failed', 'webhook.failed', false],
  ]
  for (const [entry, event, wanted] of cases) {
    t.equal(selects([entry], event), wanted, `${entry} selects ${event}`)
  }
  t.ok(selects(['rollout', 'conversion'], 'conversion.stalled'), 'any of several')
  t.notOk(selects([], 'conversion.stalled'))
})

t.test('http and https alone, without passwords, for events that there are', async (t) => {
  const ask = (url: string, ...events: readonly string[]) =>
    webhookProblems({ url, events: ['conversion', ...events], secret: 'x' })
  for (const url of ['http://127.0.0.1:8080/', 'https://example.net/a?b=c', 'HTTP://[::1]/']) {
    t.same(ask(url), [], url)
  }
  for (const url of [
    'example.net',
    '/hook',
    'ftp://example.net/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://',
    'http://user@example.net/',
    'https://user:hush@example.net/',
  ]) {
    t.match(ask(url), [{ path: '/url' }], url)
  }
  t.notMatch(JSON.stringify(ask('https://user:hush@example.net/')), 'hush')
  t.match(ask('http://a/', 'conversion.confirmd', 'webhook.failed'), [
    { path: '/events/1', message: /^conversion\.confirmd is no event/ },
    { path: '/events/2' },
  ])
})
