import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openSqlite } from '../../../src/adapters/sqlite/driver.ts'
import { commitGroup, PreparedStatements } from '../../../src/adapters/sqlite/group-commit.ts'
import { openConnection } from '../../../src/adapters/sqlite/open-connection.ts'
import type { Batch } from '../../../src/adapters/sqlite/worker-message.ts'

const put = (mac: string, bytes = 0): Batch => [
  {
    sql: 'INSERT INTO phones (mac, document) VALUES (?, ?)',
    rows: [[mac, 'x'.repeat(bytes)]],
  },
]

function open(t: Test) {
  const connection = openConnection(join(t.testdir(), 'switchhook.db'), 20)
  t.teardown(() => connection.close())
  const prepared = new PreparedStatements(connection)
  return {
    connection,
    commit: (...batches: Batch[]) => commitGroup(connection, prepared, batches),
    macs: () => connection.prepare('SELECT mac FROM phones ORDER BY mac').pluck().all(),
  }
}

t.test('batches of a group are stored together', async (t) => {
  const { commit, macs } = open(t)
  t.same(commit(), [])
  t.same(commit(put('1'), [], put('2')), [])
  t.same(macs(), ['1', '2'])
})

t.test('a batch that fails is taken back alone, with the part of it that had worked', async (t) => {
  const { commit, macs, connection } = open(t)
  const failures = commit(
    put('1'),
    [...put('2'), ...put('3'), ...put('2')],
    [{ sql: 'NO SUCH STATEMENT', rows: [[]] }],
    [{ sql: 'INSERT INTO phones (mac, document) VALUES (?, ?)', rows: [['5']] }],
    put('4'),
  )
  t.match(failures, [
    { index: 1, code: 'SQLITE_CONSTRAINT_PRIMARYKEY', reason: /UNIQUE/ },
    { index: 2, code: 'SQLITE_ERROR', reason: /syntax/ },
    { index: 3, code: 'RangeError', reason: /parameter/ },
  ])
  t.same(macs(), ['1', '4'])
  t.notOk(connection.inTransaction)
})

t.test('where the transaction cannot begin, no batch is stored', async (t) => {
  const { commit, macs, connection } = open(t)
  const other = openSqlite(connection.name)
  other.exec('BEGIN IMMEDIATE')
  t.match(commit(put('1'), put('2')), [
    { index: 0, code: 'SQLITE_BUSY' },
    { index: 1, code: 'SQLITE_BUSY' },
  ])
  other.close()
  t.same(commit(put('3')), [])
  t.same(macs(), ['3'])
})

t.test('a database that may not grow refuses what does not fit, and goes on', async (t) => {
  const { commit, macs, connection } = open(t)
  const pages = Number(connection.pragma('page_count', { simple: true }))
  connection.pragma(`max_page_count = ${pages + 2}`)
  const failures = commit(put('small'), put('large', 100_000), put('tiny'))
  // SQLite may end the whole transaction when it is full: then nothing of the group is stored.
  const failed = failures.map(({ index }) => index)
  const stored = ['small', 'large', 'tiny'].filter((_, index) => !failed.includes(index)).sort()
  t.same(macs(), stored)
  t.ok(failed.includes(1))
  for (const { code } of failures) t.equal(code, 'SQLITE_FULL')
  t.notOk(connection.inTransaction)
  t.same(commit(put('later')), [])
})

t.test('statements without end do not fill the memory', async (t) => {
  const { commit, macs } = open(t)
  for (let round = 0; round < 500; round++) {
    const sql = `INSERT OR REPLACE INTO phones (mac, document) VALUES ('${round}', '')`
    t.same(commit([{ sql, rows: [[]] }]), [])
  }
  t.equal(macs().length, 500)
})
