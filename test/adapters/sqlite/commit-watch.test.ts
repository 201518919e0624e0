import t from 'tap'
import { CommitWatch } from '../../../src/adapters/sqlite/commit-watch.ts'
import { DatabaseError } from '../../../src/adapters/sqlite/database-error.ts'

const FULL = new DatabaseError('/data/a.db', 'SQLITE_FULL', 'write to', 'database or disk is full')

t.test('a failed transaction is a fault until one is on disk', async (t) => {
  let nowMs = 0
  const watch = new CommitWatch(() => nowMs)
  t.equal(watch.fault(), null)
  watch.begin()
  watch.end(FULL)
  t.match(watch.fault(), 'cannot write to /data/a.db: database or disk is full')
  t.notOk(watch.hasStoredWithin(2000), 'however lately')
  watch.begin()
  t.match(watch.fault(), 'disk is full', 'the next one has not ended')
  nowMs = 500
  watch.end(null)
  t.equal(watch.fault(), null)
  t.ok(watch.hasStoredWithin(1))
  nowMs = 2500
  t.notOk(watch.hasStoredWithin(2000), 'too long ago to prove anything')
})

t.test('a transaction that is on its way for more than ten seconds is a fault', async (t) => {
  let nowMs = 0
  const watch = new CommitWatch(() => nowMs)
  watch.begin()
  nowMs = 10_000
  t.equal(watch.fault(), null)
  nowMs = 12_345
  t.match(watch.fault(), /for 12 s$/)
  watch.end(null)
  t.equal(watch.fault(), null)
})
