import t from 'tap'
import { SqliteTokenStore } from '../../../src/adapters/sqlite/token-store.ts'
import type { StoredToken } from '../../../src/services/access/tokens.ts'
import { aDatabase, tamper } from '../../support/a-database.ts'

const ONE: StoredToken = {
  name: 'ansible',
  role: 'operator',
  createdAtMs: 1_700_000_000_000,
  digest: 'a'.repeat(64),
}
const TWO: StoredToken = { ...ONE, name: 'grafana', role: 'read', digest: 'b'.repeat(64) }

const database = await aDatabase()
const store = new SqliteTokenStore(database)
const save = (...tokens: readonly StoredToken[]) =>
  store.save(new Map(tokens.map((token) => [token.name, token])))

t.test('tokens come back as they were, and a deleted one does not', async (t) => {
  await save(ONE, TWO)
  t.same(await store.load(), { tokens: [ONE, TWO], faults: [] })
  await store.save(new Map([[ONE.name, null]]))
  t.same(await store.load(), { tokens: [TWO], faults: [] })
})

t.test('a broken row opens nothing: it is left out and named', async (t) => {
  const set = (path: string, value: string) => `json_set(document, '${path}', ${value})`
  const cases = [
    { document: "'no json'", fault: /token ansible is left out/ },
    { document: set('$.name', "'grafana'"), fault: /document is that of grafana/ },
    { document: set('$.role', "'administrator'"), fault: /role is "administrator"/ },
    { document: set('$.digest', "''"), fault: /digest is ""/ },
  ]
  for (const { document, fault } of cases) {
    await save(ONE, TWO)
    tamper(database, `UPDATE tokens SET document = ${document} WHERE name = 'ansible'`)
    const { tokens, faults } = await store.load()
    t.same(tokens, [TWO], document)
    t.match(faults, [fault], document)
  }
})
