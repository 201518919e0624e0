import t from 'tap'
import { SqliteWebhookStore } from '../../../src/adapters/sqlite/webhook-store.ts'
import type { StoredWebhook } from '../../../src/services/webhooks/webhook.ts'
import { aDatabase, tamper } from '../../support/a-database.ts'

const ONE: StoredWebhook = {
  id: 'one',
  url: 'https://example.net/',
  events: ['conversion', 'rollout.finished'],
  createdAtMs: 1_700_000_000_000,
  secret: 'hush-hush',
  cursor: 12,
}
const TWO: StoredWebhook = { ...ONE, id: 'two' }

const database = await aDatabase()
const store = new SqliteWebhookStore(database)
const save = (...all: readonly StoredWebhook[]) =>
  store.save(new Map(all.map((webhook) => [webhook.id, webhook])))

t.test('webhooks come back as they were, and a deleted one does not', async (t) => {
  await save(ONE, TWO)
  await save({ ...ONE, cursor: 13 })
  t.same(await store.load(), { webhooks: [{ ...ONE, cursor: 13 }, TWO], faults: [] })
  await store.save(new Map([['one', null]]))
  t.same(await store.load(), { webhooks: [TWO], faults: [] })
})

t.test('a broken row is left out and named, without its secret', async (t) => {
  const set = (path: string, value: string) => `json_set(document, '${path}', ${value})`
  const cases = [
    { document: "'no json'", fault: /webhook one is left out/ },
    { document: set('$.id', "'two'"), fault: /document is that of two/ },
    { document: set('$.url', "'file:///etc/passwd'"), fault: /url is "file/ },
    { document: set('$.events', "'all'"), fault: /events is "all"/ },
    { document: set('$.secret', 'hex(zeroblob(400))'), fault: /out: secret is not valid$/ },
  ]
  for (const { document, fault } of cases) {
    await save(ONE, TWO)
    tamper(database, `UPDATE webhooks SET document = ${document} WHERE id = 'one'`)
    const { webhooks, faults } = await store.load()
    t.same(webhooks, [TWO], document)
    t.match(faults, [fault], document)
  }
})
