import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { webhookRendering } from '../../../appliance/start/webhooks.ts'
import { Journal } from '../../../src/services/events/journal.ts'
import type { RecordedEvent } from '../../../src/services/services.ts'
import { MOST_ATTEMPTS, MOST_WAITING } from '../../../src/services/webhooks/delivery.ts'
import type {
  StoredWebhook,
  WebhookAnswer,
  WebhookRequest,
} from '../../../src/services/webhooks/webhook.ts'
import { MOST_WEBHOOKS, Webhooks } from '../../../src/services/webhooks/webhooks.ts'
import { aLog } from '../../support/a-log.ts'
import { VirtualTime } from '../../support/virtual-time.ts'

const REQUEST = {
  url: 'http://receiver.example/hook?key=hush',
  events: ['rollout'],
  secret: 'hush-hush',
}

const RENDERING = webhookRendering()

/** Webhooks over a journal, a disk and receivers in memory. */
function aBench(stored: readonly StoredWebhook[] = [], before: readonly RecordedEvent[] = []) {
  const time = new VirtualTime(1_000)
  const disk = { fault: null as Error | null, rows: new Map<string, StoredWebhook | null>() }
  const store = {
    load: async () => ({ webhooks: [], faults: [] }),
    save: async (changes: ReadonlyMap<string, StoredWebhook | null>) => {
      if (disk.fault !== null) throw disk.fault
      for (const [id, webhook] of changes) disk.rows.set(id, webhook)
    },
  }
  const newest = before.at(-1)?.id ?? 0
  const journal = new Journal({ append: async () => undefined }, newest, () => undefined, before)
  const { log, lines } = aLog('info')
  const sent: WebhookRequest[] = []
  const timers = new Set<object>()
  /** How each host answers; what is not named answers 204. */
  const answers = new Map<string, () => WebhookAnswer | Promise<WebhookAnswer>>()
  let last = 0
  const webhooks = new Webhooks(
    {
      store,
      journal,
      log,
      post: async (request) => {
        sent.push(request)
        return answers.get(new URL(request.url).hostname)?.() ?? { status: 204 }
      },
      render: RENDERING,
      makeId: () => `hook-${++last}`,
      nowMs: () => time.nowMs,
      startTimer: (call, delayMs) => {
        const timer = {}
        timers.add(timer)
        time.after(delayMs, () => timers.delete(timer) && call())
        return () => timers.delete(timer)
      },
      onFault: () => undefined,
    },
    stored,
  )
  const record = (event: string, fields = {}) =>
    journal.record({ atMs: time.nowMs, event, mac: null, network: null, fields })
  /** Lets what is under way end, and time pass in between. */
  const settle = async (forMs = 0) => {
    const until = time.nowMs + forMs
    for (let round = 0; round < 3; round++) await turn()
    while (time.nowMs < until) {
      time.run(Math.min(until, time.nowMs + 500))
      for (let round = 0; round < 3; round++) await turn()
    }
  }
  const idsOf = (host = 'receiver.example') =>
    sent.filter(({ url }) => new URL(url).hostname === host).map(({ body }) => JSON.parse(body).id)
  const eventsNamed = (name: string) => journal.recent().filter(({ event }) => event === name)
  return { webhooks, journal, lines, sent, answers, disk, time, record, settle, idsOf, eventsNamed }
}

async function created(bench: ReturnType<typeof aBench>, request = REQUEST) {
  const outcome = await bench.webhooks.create(request)
  if (outcome.kind !== 'created') throw new Error(outcome.kind)
  return outcome.webhook
}

const deliveryOf = ({ webhooks }: ReturnType<typeof aBench>) => webhooks.list()[0]?.delivery

t.test('an event that is selected is sent once, signed, in the form of the API', async (t) => {
  const bench = aBench()
  bench.record('rollout.started', { rollout: 'before' })
  await created(bench)
  bench.record('conversion.confirmed')
  bench.record('rollout.finished', { rollout: 'all', password: 'hush' })
  await bench.settle()
  t.equal(bench.sent.length, 1)
  const [{ url, headers, body }] = bench.sent as [WebhookRequest]
  t.equal(url, REQUEST.url)
  t.match(JSON.parse(body), {
    id: 3,
    at: '1970-01-01T00:00:01.000Z',
    event: 'rollout.finished',
    mac: null,
    network: null,
    fields: { rollout: 'all' },
  })
  t.notMatch(body, 'hush')
  t.match(headers, {
    'content-type': 'application/json',
    'user-agent': /^switchhook\//,
    'x-switchhook-event': 'rollout.finished',
    'x-switchhook-signature': RENDERING.sign(REQUEST.secret, body),
  })
  t.match(deliveryOf(bench), { state: 'idle', waiting: 0, delivered: 1, dropped: 0 })
})

t.test('RFC 4231 section 4.3: the signature is HMAC-SHA-256 in hexadecimal digits', async (t) => {
  t.equal(
    RENDERING.sign('Jefe', 'what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

t.test('where several appliances share events, the body says which one it is', async (t) => {
  const event = { ...{ id: 1, atMs: 5, event: 'x.y', mac: null }, network: null, fields: {} }
  const body = webhookRendering('lab/sw-a').bodyOf(event)
  t.match(JSON.parse(body), { id: 1, site: 'lab', appliance: 'sw-a' })
  t.notMatch(RENDERING.bodyOf(event), 'site')
})

t.test('a receiver that fails is tried again after pauses that double, in order', async (t) => {
  const bench = aBench()
  await created(bench)
  const asked: number[] = []
  let answer: WebhookAnswer = { status: 500 }
  bench.answers.set('receiver.example', () => {
    asked.push(bench.time.nowMs)
    return answer
  })
  for (let number = 1; number <= 3; number++) bench.record('rollout.started')
  await bench.settle(8_000)
  t.same(asked, [1_000, 2_000, 4_000, 8_000])
  t.same(bench.idsOf(), [1, 1, 1, 1])
  t.match(deliveryOf(bench), {
    state: 'failing',
    waiting: 3,
    lastFailure: { atMs: 8_000, why: 'answered 500' },
    nextAttemptAtMs: 16_000,
  })
  answer = { status: 200 }
  await bench.settle(8_000)
  t.same(bench.idsOf().slice(4), [1, 2, 3])
  t.match(deliveryOf(bench), { state: 'idle', waiting: 0, delivered: 3, lastDeliveredAtMs: 16_000 })
  t.equal(bench.eventsNamed('webhook.failed').length, 1, 'said once for the row of failures')
  t.equal(bench.eventsNamed('webhook.recovered').length, 1)
})

t.test('whatever is no 2xx is a failure, redirects and silence too', async (t) => {
  for (const [answer, why] of [
    [{ status: 302 }, 'answered 302; redirects are not followed'],
    [{ status: 404 }, 'answered 404'],
    [{ status: 199 }, 'answered 199'],
    [{ why: 'no answer within 10 s' }, 'no answer within 10 s'],
  ] as const) {
    const bench = aBench()
    await created(bench)
    bench.answers.set('receiver.example', () => answer)
    bench.record('rollout.started')
    await bench.settle()
    t.match(deliveryOf(bench)?.lastFailure, { why })
  }
})

t.test('an event is given up after its attempts, and the next one has its turn', async (t) => {
  const bench = aBench()
  await created(bench)
  bench.answers.set('receiver.example', () => ({ why: 'connect ECONNREFUSED' }))
  bench.record('rollout.started')
  bench.record('rollout.finished')
  await bench.settle(3_600_000)
  const ids = bench.idsOf()
  t.equal(ids.filter((id) => id === 1).length, MOST_ATTEMPTS)
  t.ok(ids.includes(2))
  t.equal(deliveryOf(bench)?.dropped, 1)
  t.match(bench.eventsNamed('webhook.dropped'), [{ fields: { why: /^12 attempts failed/ } }])
})

t.test('what waits is bounded, the oldest make room, and that is said once', async (t) => {
  const bench = aBench()
  await created(bench)
  let answer: (given: WebhookAnswer) => void = () => undefined
  bench.answers.set('receiver.example', () => new Promise((resolve) => (answer = resolve)))
  for (let number = 1; number <= MOST_WAITING + 50; number++) bench.record('rollout.started')
  await bench.settle()
  t.match(deliveryOf(bench), { waiting: MOST_WAITING, dropped: 50 })
  t.equal(bench.eventsNamed('webhook.dropped').length, 1)
  bench.answers.delete('receiver.example')
  answer({ status: 204 })
  await bench.settle()
  const ids = bench.idsOf()
  t.equal(ids.length, MOST_WAITING)
  t.same([ids[0], ids[1]], [1, 52], 'the one on its way is delivered, then the newest')
  t.same(
    ids,
    [...ids].sort((a, b) => a - b),
  )
})

t.test('a receiver that hangs delays no other, and no event', async (t) => {
  const bench = aBench()
  await created(bench, { ...REQUEST, url: 'http://dead.example/' })
  await created(bench, { ...REQUEST, url: 'http://alive.example/' })
  bench.answers.set('dead.example', () => new Promise(() => undefined))
  for (let number = 1; number <= 5; number++) bench.record('rollout.started')
  await bench.settle()
  t.same(bench.idsOf('alive.example'), [1, 2, 3, 4, 5])
  t.same(bench.idsOf('dead.example'), [1])
  t.equal(bench.journal.newestId, 5)
})

t.test('a restart continues after what was delivered', async (t) => {
  const bench = aBench()
  await created(bench)
  for (let number = 1; number <= 3; number++) bench.record('rollout.started')
  await bench.settle()
  bench.answers.set('receiver.example', () => ({ status: 503 }))
  bench.record('rollout.finished')
  await bench.settle()
  await bench.webhooks.close()
  const rows = [...bench.disk.rows.values()].flatMap((row) => row ?? [])
  t.match(rows, [{ cursor: 3, secret: REQUEST.secret }])
  const again = aBench(rows, [...bench.journal.recent()])
  await again.settle()
  t.same(again.idsOf(), [4])
})

t.test('a deleted webhook gets no more requests, not even for events that wait', async (t) => {
  const bench = aBench()
  const { id } = await created(bench)
  bench.answers.set('receiver.example', () => ({ status: 500 }))
  bench.record('rollout.started')
  await bench.settle()
  t.same(await bench.webhooks.delete(id), { kind: 'deleted' })
  t.same(
    [bench.webhooks.list(), bench.webhooks.get(id), bench.disk.rows.get(id)],
    [[], undefined, null],
  )
  bench.record('rollout.finished')
  await bench.settle(60_000)
  t.equal(bench.sent.length, 1)
  t.same(await bench.webhooks.delete(id), { kind: 'not-found' })
})

t.test('one that is deleted while its request is under way is not stored again', async (t) => {
  const bench = aBench()
  const { id } = await created(bench)
  let answer: (given: WebhookAnswer) => void = () => undefined
  bench.answers.set('receiver.example', () => new Promise((resolve) => (answer = resolve)))
  bench.record('rollout.started')
  await bench.settle()
  await bench.webhooks.delete(id)
  answer({ status: 204 })
  await bench.settle(10_000)
  t.equal(bench.disk.rows.get(id), null)
})

t.test('neither the secret nor the path of a receiver is in journal, log or list', async (t) => {
  const bench = aBench()
  await created(bench)
  bench.answers.set('receiver.example', () => ({ status: 500 }))
  bench.record('rollout.started')
  await bench.settle(3_600_000)
  t.ok(bench.lines.length > 1)
  t.notMatch(JSON.stringify([bench.lines, bench.journal.recent()]), 'hush')
  t.notMatch(JSON.stringify(bench.webhooks.list()), REQUEST.secret)
})

t.test(
  'what cannot be is refused, their number is bounded, and a full disk leaves none',
  async (t) => {
    const bench = aBench()
    t.match(await bench.webhooks.create({ ...REQUEST, url: 'ftp://x/' }), { kind: 'refused' })
    bench.disk.fault = new Error('disk full')
    await t.rejects(bench.webhooks.create(REQUEST), /disk full/)
    t.same(bench.webhooks.list(), [])
    bench.disk.fault = null
    for (let number = 1; number <= MOST_WEBHOOKS; number++) await created(bench)
    t.match(await bench.webhooks.create(REQUEST), { kind: 'full' })
    t.equal(bench.webhooks.list().length, MOST_WEBHOOKS)
  },
)

t.test('a changed URL gets at once what the one before did not take', async (t) => {
  const bench = aBench()
  const { id } = await created(bench)
  bench.answers.set('receiver.example', () => ({ status: 500 }))
  bench.record('rollout.started')
  await bench.settle(2_000)
  const tries = bench.sent.length
  const url = 'http://other.example/hook'
  const changed = await bench.webhooks.change(id, { url, secret: 'another-one' })
  t.match(changed, { kind: 'changed', webhook: { id, url, events: ['rollout'] } })
  await bench.settle(10_000)
  t.equal(bench.idsOf('receiver.example').length, tries, 'nothing goes to the old one')
  t.same(bench.idsOf('other.example'), [1])
  const { body, headers } = bench.sent.at(-1) as WebhookRequest
  t.equal(headers['x-switchhook-signature'], RENDERING.sign('another-one', body))
  t.match(bench.disk.rows.get(id), { url, secret: 'another-one' })
  t.match(deliveryOf(bench), { state: 'idle', delivered: 1, lastFailure: null })
})

t.test('events that were not selected are not sent because they are now', async (t) => {
  const bench = aBench()
  const { id } = await created(bench)
  bench.record('conversion.started')
  await bench.settle()
  await bench.webhooks.change(id, { events: ['conversion'] })
  bench.record('conversion.confirmed')
  await bench.settle()
  t.same(bench.idsOf(), [2])
})

t.test('a change that is refused, or not stored, changes nothing', async (t) => {
  const bench = aBench()
  const { id } = await created(bench)
  t.same(await bench.webhooks.change('hook-9', {}), { kind: 'not-found' })
  t.match(await bench.webhooks.change(id, { url: 'ftp://example.net/' }), { kind: 'refused' })
  bench.disk.fault = new Error('disk full')
  await t.rejects(bench.webhooks.change(id, { url: 'http://other.example/' }), /disk full/)
  t.equal(bench.webhooks.get(id)?.url, REQUEST.url)
  const deleting = bench.webhooks.change(id, { url: 'http://other.example/' })
  const deleted = bench.webhooks.delete(id)
  await t.rejects(deleting, /disk full/)
  await t.rejects(deleted, /disk full/)
  t.equal(bench.webhooks.get(id), undefined, 'what is deleted meanwhile stays so')
})
