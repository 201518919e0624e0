import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { otherArchive } from '../../../src/adapters/zip/other-archive.ts'

t.test('what is no ZIP is told what it is, and what to do', async (t) => {
  const cases = [
    { bytes: readFileSync(aTar(t)), is: /^is a tar archive: unpack it, and pack the files/ },
    { bytes: gzipSync('files'), is: /^is compressed with gzip/ },
    { bytes: Buffer.from('4d5a9000', 'hex'), is: /^is a Windows program, such as an inst/ },
    { bytes: Buffer.from('526172211a0700', 'hex'), is: /^is a RAR archive/ },
    { bytes: Buffer.from('377abcaf271c0004', 'hex'), is: /^is a 7z archive/ },
    { bytes: Buffer.from('01000201010200020194', 'hex'), is: /^is one signed file of a set/ },
    {
      bytes: Buffer.from('\n<!DOCTYPE html><title>Log in</title>'),
      is: /^is a web page and no arch/,
    },
    { bytes: Buffer.from('<HTML lang="en">'), is: /^is a web page and no archive/ },
  ]
  for (const { bytes, is } of cases) t.match(otherArchive(bytes), is)
})

t.test('nothing is said of a ZIP, nor of an unknown type', async (t) => {
  for (const text of ['PK\x03\x04', '', 'M', 'no zip']) {
    t.equal(otherArchive(Buffer.from(text, 'latin1')), undefined, text)
  }
})

/** One that tar has made. */
function aTar(t: { teardown(run: () => void): void }): string {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-tar-'))
  t.teardown(() => rmSync(dir, { recursive: true }))
  writeFileSync(join(dir, 'P0S3-8-12-00.loads'), 'anything')
  execFileSync('tar', ['cf', 'set.tar', 'P0S3-8-12-00.loads'], { cwd: dir })
  return join(dir, 'set.tar')
}
