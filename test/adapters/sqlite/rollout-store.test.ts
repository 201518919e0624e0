import t from 'tap'
import { SqliteRolloutStore } from '../../../src/adapters/sqlite/rollout-store.ts'
import { type Rollout, rolloutOf } from '../../../src/conversion/rollout.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { aDatabase, tamper } from '../../support/a-database.ts'
import { aRolloutRequest } from '../../support/conversion-builders.ts'

function aRollout(id: string): Rollout {
  const phones = ['000E84C060A6', '000E84C060A7'] as Mac[]
  return rolloutOf(
    id,
    aRolloutRequest({ phones, canaries: 1, waveSize: 10, stopAfter: 3, appearWithinMs: 60_000 }),
    1_700_000_000_000,
  )
}

const database = await aDatabase()
const store = new SqliteRolloutStore(database)
const saved = (...rollouts: readonly Rollout[]) =>
  store.save(new Map(rollouts.map((rollout) => [rollout.id, rollout])))

t.test('roll-outs come back as they were, and one that was deleted does not', async (t) => {
  await saved(aRollout('a'), aRollout('b'))
  const later: Rollout = { ...aRollout('a'), state: 'stopped', reason: 'an operator stopped it' }
  await store.save(
    new Map([
      ['a', later],
      ['b', null],
    ]),
  )
  t.same(await store.load(), { rollouts: [later], faults: [] })
})

t.test('a row of an earlier version: the first phones were the canaries', async (t) => {
  await saved(aRollout('a'))
  const without = ['isCanary', 'stalledAtMs'].flatMap((key) => [
    `'$.phones[0].${key}'`,
    `'$.phones[1].${key}'`,
  ])
  tamper(database, `UPDATE rollouts SET document = json_remove(document, ${without.join(', ')})`)
  t.same((await store.load()).rollouts, [aRollout('a')])
  t.same(
    (await store.load()).rollouts[0]?.phones.map(({ isCanary }) => isCanary),
    [true, false],
  )
})

t.test('a broken row is left out and named, the others come back', async (t) => {
  const set = (path: string, value: string) => `json_set(document, '${path}', ${value})`
  const cases = [
    { document: "'no json'", fault: /roll-out a is left out: missing is not a record/ },
    { document: set('$.id', "'c'"), fault: /document is that of c/ },
    { document: set('$.state', "'lost'"), fault: /state is "lost"/ },
    { document: set('$.waveSize', '0'), fault: /waveSize is 0/ },
    { document: set('$.appearWithinMs', '-1'), fault: /appearWithinMs is -1/ },
    { document: set('$.phones[0].state', "'flying'"), fault: /phones is \[/ },
    { document: set('$.phones[1].mac', "'no mac'"), fault: /phones is \[/ },
  ]
  for (const { document, fault } of cases) {
    await saved(aRollout('a'), aRollout('b'))
    tamper(database, `UPDATE rollouts SET document = ${document} WHERE id = 'a'`)
    const { rollouts, faults } = await store.load()
    t.same(rollouts, [aRollout('b')], document)
    t.match(faults, [fault], document)
  }
})
