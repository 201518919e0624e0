import t from 'tap'
import {
  draftOfWebhook,
  EMPTY_WEBHOOK,
  madeSecret,
  webhookBodyOf,
} from '../../../src/dashboard/data/webhook-draft.ts'
import {
  faultsOf,
  listFault,
  noteOf,
  webhookValues,
} from '../../../src/dashboard/words/field-faults.ts'
import { deliveryWords, lossWords } from '../../../src/dashboard/words/webhook-words.ts'

const DELIVERY = {
  state: 'idle',
  waiting: 0,
  delivered: 0,
  dropped: 0,
  lastDeliveredAt: null,
  lastFailure: null,
  nextAttemptAt: null,
} as const

const WEBHOOK = {
  id: '6f1c09ab',
  url: 'https://example.net/hook',
  events: ['conversion', 'rollout'],
  createdAt: '2026-03-01T09:30:00.000Z',
  delivery: DELIVERY,
}

t.test('an empty secret is not sent, so that the stored one stays', async (t) => {
  const draft = draftOfWebhook(WEBHOOK)
  t.same(webhookBodyOf(draft), { url: WEBHOOK.url, events: WEBHOOK.events })
  t.match(webhookBodyOf({ ...draft, secret: 'hush-hush' }), { secret: 'hush-hush' })
  t.same(webhookBodyOf({ ...EMPTY_WEBHOOK, events: ' *\n' }).events, ['*'])
})

t.test('a secret that is made is long, and another one each time', async (t) => {
  t.match(madeSecret(), /^[0-9a-f]{64}$/)
  t.not(madeSecret(), madeSecret())
})

t.test('faults of single events stand at their field, until it is changed', async (t) => {
  const sent = webhookValues({ url: 'ftp://x', events: 'a, b', secret: '' })
  const problems = [
    { path: '/url', message: 'ftp: is not supported' },
    { path: '/events/1', message: 'b is no event' },
  ]
  const problem = { title: 'Refused', status: 422, detail: 'see problems', problems }
  const faults = faultsOf({ problem, sent }, sent)
  t.equal(listFault(faults, '/events'), 'b is no event')
  t.equal(listFault(faults, '/secret'), undefined)
  t.equal(noteOf({ problem, sent }, sent)?.detail, 'Correct: URL, Event 2.')
  const now = webhookValues({ url: 'http://x', events: 'a, rollout', secret: '' })
  t.equal(noteOf({ problem, sent }, now), null)
})

t.test('deliveries are told as they stand', async (t) => {
  const reported = (delivery: object) =>
    deliveryWords({ ...WEBHOOK, delivery: { ...DELIVERY, ...delivery } })
  const at = '2026-03-01T09:31:00.000Z'
  const failing = { state: 'failing', waiting: 2, lastFailure: { at, why: 'answered 500' } }
  t.equal(reported({}), 'nothing sent yet')
  t.match(reported({ delivered: 3, lastDeliveredAt: at }), /^3 delivered, the last at 2026-03-01/)
  t.equal(reported({ state: 'sending', waiting: 2 }), 'sending; 2 waiting')
  t.equal(reported(failing), 'failing: answered 500; trying again now; 2 waiting')
  t.match(reported({ ...failing, nextAttemptAt: at }), /answered 500; next 2026-03-01/)
  t.equal(reported({ state: 'failing' }), 'failing: no answer; trying again now; 0 waiting')
  t.equal(lossWords(WEBHOOK), null)
  t.match(lossWords({ ...WEBHOOK, delivery: { ...DELIVERY, dropped: 1 } }), /^1 event was/)
  t.match(lossWords({ ...WEBHOOK, delivery: { ...DELIVERY, dropped: 2 } }), /^2 events were/)
})
