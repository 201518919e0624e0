import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Database } from '../../../src/adapters/sqlite/database.ts'
import { openConnection } from '../../../src/adapters/sqlite/open-connection.ts'
import type { Batch } from '../../../src/adapters/sqlite/worker-message.ts'

const put = (mac: string, bytes = 0): Batch => [
  {
    sql: 'INSERT INTO phones (mac, document) VALUES (?, ?)',
    rows: [[mac, 'x'.repeat(bytes)]],
  },
]
const macs = async (database: Database) =>
  (await database.read('SELECT mac FROM phones ORDER BY mac')).map(({ mac }) => mac)

/** A file system of 2 MB of its own; undefined, with a line that says so, where that is impossible. */
function mountSmallDisk(t: Test): string | undefined {
  // Not tap's own folder: that is removed before it could be unmounted.
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'pipe' })
  } catch {
    rmdirSync(folder)
    t.comment('skipped: a small disk needs root and the right to mount a tmpfs')
    return undefined
  }
  t.teardown(() => {
    execFileSync('umount', [folder])
    rmdirSync(folder)
  })
  return folder
}

t.test('a full disk rejects the write, keeps what was stored, and recovers', async (t) => {
  const folder = mountSmallDisk(t)
  if (folder === undefined) return
  const database = await Database.open(join(folder, 'switchhook.db'))
  await database.write(put('before'))
  const filler = join(folder, 'filler')
  t.throws(() => writeFileSync(filler, Buffer.alloc(4_000_000)), { code: 'ENOSPC' })
  t.ok(statSync(filler).size > 0, 'the disk is full')
  // A small write may still find room in the last page of the log; a large one cannot.
  const outcomes = await Promise.allSettled([
    database.write(put('large', 200_000)),
    database.write(put('beside', 200_000)),
  ])
  for (const outcome of outcomes) {
    t.match(outcome, {
      status: 'rejected',
      reason: {
        name: 'DatabaseError',
        code: /^SQLITE_(FULL|IOERR_WRITE)$/,
        message: /cannot write to .*switchhook\.db: (database or disk is full|disk I\/O error)/,
      },
    })
  }
  t.same(await macs(database), ['before'], 'nothing that was rejected is there')
  rmSync(filler)
  await database.write(put('after', 200_000))
  t.same(await macs(database), ['after', 'before'])
  await database.close()
})

t.test('a disk that is full at the start is found out there', async (t) => {
  const folder = mountSmallDisk(t)
  if (folder === undefined) return
  const filler = join(folder, 'filler')
  t.throws(() => writeFileSync(filler, Buffer.alloc(4_000_000)), { code: 'ENOSPC' })
  const file = join(folder, 'switchhook.db')
  t.throws(() => openConnection(file, 20), { code: /^(ENOSPC|SQLITE_(FULL|IOERR.*|CANTOPEN))$/ })
})

t.test('a read-only disk is found out at the start', async (t) => {
  const folder = mountSmallDisk(t)
  if (folder === undefined) return
  const file = join(folder, 'switchhook.db')
  openConnection(file, 20).close()
  execFileSync('mount', ['-o', 'remount,ro', folder])
  t.throws(() => openConnection(file, 20), { code: 'EROFS' })
})
