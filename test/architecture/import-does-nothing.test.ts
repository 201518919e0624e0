import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { ROOT, sourceFiles } from '../support/source-files.ts'

const LOADER = join(ROOT, 'test/runner/load-typescript.mjs')
const PROBE = join(ROOT, 'test/support/import-probe.mjs')

/** What importing these files did: ports, files, environment, timers, handlers. */
async function deedsOf(files: readonly string[]): Promise<string[]> {
  const urls = files.map((file) => pathToFileURL(file).href)
  const args = ['--import', pathToFileURL(LOADER).href, PROBE, ...urls]
  // tap watches the processes that tests start; this one is to be as Node makes it.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/TAP|NODE_/.test(name)),
  )
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env })
  return JSON.parse(stdout) as string[]
}

t.test('importing src opens no port, reads no file, consults no environment', async (t) => {
  const files = sourceFiles('src')
    // The program of a worker thread does its work when it is started as one.
    .filter(({ text }) => !text.includes('parentPort'))
    .map(({ path }) => join(ROOT, path))
  t.ok(files.length > 100)
  t.same(await deedsOf(files), [])
})

t.test('a module that does something is found out', async (t) => {
  const planted = [
    {
      text: "import { readFileSync } from 'node:fs'\nreadFileSync('/dev/null')",
      deed: 'fs.readFileSync',
    },
    { text: "export const level = process.env['LEVEL']", deed: 'process.env.LEVEL' },
    {
      text: "import { createSocket } from 'node:dgram'\ncreateSocket('udp4').unref()",
      deed: 'dgram.',
    },
    { text: 'setTimeout(() => {}, 1)', deed: 'global.setTimeout' },
    { text: "process.on('exit', () => {})", deed: 'process.on' },
  ]
  const folder = t.testdir(
    Object.fromEntries(planted.map(({ text }, index) => [`planted-${index}.ts`, text])),
  )
  const deeds = await deedsOf(planted.map((_, index) => join(folder, `planted-${index}.ts`)))
  for (const [index, { deed }] of planted.entries()) {
    t.ok(
      deeds.some((one) => one.startsWith(deed) && one.includes(`planted-${index}.ts`)),
      deed,
    )
  }
})
