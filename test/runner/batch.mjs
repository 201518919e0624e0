// Runs test files one after another in this process, each as one subtest of tap, and prints TAP:
// node --import ./test/runner/load-typescript.mjs test/runner/batch.mjs FILE…
// Starting Node and loading tap takes longer than most of our test files do.
import { register } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

// Before tap is loaded: it names the folders of tests for all arguments, which is too long a name.
const files = process.argv.splice(2)
/** Seconds that a file may take; the process may take them once for each. */
const fileTimeoutS = Number(process.env.TAP_TIMEOUT ?? 180)
process.env.TAP_TIMEOUT = String(fileTimeoutS * files.length)
register('./tap-hooks.mjs', import.meta.url)
const { default: tap } = await import('tap')
const { useTest } = await import('./tap-of-the-file.mjs')

for (const file of files) {
  await tap.test(file, { timeout: fileTimeoutS * 1000 }, async (test) => {
    useTest(test)
    await import(pathToFileURL(resolve(file)).href)
  })
}
