import t from 'tap'
import { SqliteSeenStore } from '../../../src/adapters/sqlite/seen-store.ts'
import type { SeenPhone } from '../../../src/conversion/seen-table.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { seen, seenLoad } from '../../../src/phones/seen-software.ts'
import { aDatabase, tamper } from '../../support/a-database.ts'

const PHONE = '000E84C060A6' as Mac
const OTHER = '003094C25D40' as Mac
const ONE: SeenPhone = { ...seenLoad('P00308010200', 'web-page', 1_700_000_000_000), mac: PHONE }
const TWO: SeenPhone = { ...seen({}, 'lease', 1_700_000_000_000), mac: OTHER }

const database = await aDatabase()
const store = new SqliteSeenStore(database)

t.test('what was seen comes back as it was, the last of each phone', async (t) => {
  await store.save(
    new Map([
      [PHONE, ONE],
      [OTHER, TWO],
    ]),
  )
  const later = { ...ONE, atMs: ONE.atMs + 1 }
  await store.save(new Map([[PHONE, later]]))
  t.same(await store.load(), { seen: [later, TWO], faults: [] })
  await store.save(new Map([[PHONE, null]]))
  t.same((await store.load()).seen, [TWO])
})

t.test('a broken row is left out and named, the others come back', async (t) => {
  const set = (path: string, value: string) => `json_set(document, '${path}', ${value})`
  const cases = [
    { document: "'no json'", fault: /what was seen of 000E84C060A6 is left out/ },
    { document: set('$.mac', "'0015FA000002'"), fault: /document is that of 0015FA000002/ },
    { document: set('$.protocol', "'h323'"), fault: /protocol is "h323"/ },
    { document: set('$.by', "'rumour'"), fault: /by is "rumour"/ },
    { document: set('$.atMs', '-1'), fault: /atMs is -1/ },
  ]
  for (const { document, fault } of cases) {
    await store.save(
      new Map([
        [PHONE, ONE],
        [OTHER, TWO],
      ]),
    )
    tamper(database, `UPDATE seen SET document = ${document} WHERE mac = '${PHONE}'`)
    const { seen: found, faults } = await store.load()
    t.same(found, [TWO], document)
    t.match(faults, [fault], document)
  }
})
