import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'

const TONE = Buffer.from([0, 255, 10, 13, 128])

t.test('a shared file is added, listed, read back octet by octet, and deleted', async (t) => {
  const { run } = await aListeningApi(t)
  const dir = t.testdir()
  const tone = join(dir, 'chime.raw')
  writeFileSync(tone, TONE)
  const added = await run('shared-files', 'add', tone)
  t.equal(added.stdout, `${tone}: stored as chime.raw, 5 bytes\n`, added.stderr)
  t.match(
    (await run('shared-files', 'list')).stdout,
    /\nchime\.raw {2}5 {6}20\S+ {2}[0-9a-f]{64}\n/,
  )
  const json = JSON.parse((await run('shared-files', 'list', '--json')).stdout)
  t.match(json, [{ name: 'chime.raw', bytes: 5 }])
  const copy = join(dir, 'copy.raw')
  const got = await run('shared-files', 'get', 'chime.raw', '--output', copy)
  t.equal(got.stdout, `chime.raw: 5 bytes written to ${copy}\n`, got.stderr)
  t.same(readFileSync(copy), TONE)
  writeFileSync(copy, 'mine')
  const kept = await run('shared-files', 'get', 'chime.raw', '--output', copy)
  t.equal(kept.code, 1)
  t.match(kept.stderr, `${copy} is there already; --force replaces it`)
  t.equal(readFileSync(copy, 'utf8'), 'mine')
  const forced = await run('shared-files', 'get', 'chime.raw', '--output', copy, '--force')
  t.equal(forced.code, 0)
  t.same(readFileSync(copy), TONE)
  t.equal((await run('shared-files', 'remove', 'chime.raw')).stdout, 'chime.raw removed\n')
  t.equal((await run('shared-files', 'remove', 'chime.raw')).code, 1)
  const none = await run('shared-files', 'get', 'chime.raw')
  t.equal(none.code, 1)
  t.match(none.stderr, 'file chime.raw')
})

t.test('a file may have another name for phones, in a folder too', async (t) => {
  const { run, services } = await aListeningApi(t)
  const tone = join(t.testdir(), 'x')
  writeFileSync(tone, TONE)
  t.equal((await run('shared-files', 'add', tone, '--name', 'ring/chime.raw')).code, 0)
  t.match(services.inventory.files(), [{ name: 'ring/chime.raw' }])
  const two = await run('shared-files', 'add', tone, tone, '--name', 'y')
  t.equal(two.code, 64)
  t.match(two.stderr, '--name goes with one file')
})

t.test('files that cannot be read, written or shared are reported', async (t) => {
  const { run } = await aListeningApi(t)
  const dir = t.testdir()
  const missing = await run('shared-files', 'add', join(dir, 'none'))
  t.equal(missing.code, 66)
  t.match(missing.stderr, 'cannot be read')
  writeFileSync(join(dir, 'a.raw'), TONE)
  const refused = await run('shared-files', 'add', join(dir, 'a.raw'), '--name', '../a.raw')
  t.equal(refused.code, 1, refused.stdout)
  t.match(refused.stderr, '/name: must be a relative path')
  await run('shared-files', 'add', join(dir, 'a.raw'))
  const unwritable = await run('shared-files', 'get', 'a.raw', '--output', join(dir, 'no', 'a.raw'))
  t.equal(unwritable.code, 69)
  t.match(unwritable.stderr, 'cannot be written')
})
