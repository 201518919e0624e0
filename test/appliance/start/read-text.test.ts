import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { readText } from '../../../appliance/start/read-text.ts'

t.test('a regular file is read; what is none is refused and not waited for', async (t) => {
  const dir = t.testdir({ file: 'text', link: t.fixture('symlink', 'file') })
  execFileSync('mkfifo', [join(dir, 'pipe')])
  t.equal(await readText(join(dir, 'file')), 'text')
  t.equal(await readText(join(dir, 'link')), 'text')
  await t.rejects(readText(join(dir, 'pipe')), { message: 'not a regular file' })
  await t.rejects(readText('/dev/zero'), { message: 'not a regular file' })
  await t.rejects(readText(dir), { code: 'EISDIR' })
  await t.rejects(readText(join(dir, 'none')), { code: 'ENOENT' })
  await t.rejects(readText(join(dir, 'file'), 3), {
    message: 'it has 4 bytes; the limit is 3',
  })
})
