// Everything that `npm test` does after the build: lint, types, tests with coverage, and the system
// tests as far as this machine can run them. With names of test files, those alone:
// npm test -- test/net/ipv4.test.ts
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { countTests, failuresIn } from './count-tests.mjs'
import { transpiled } from './typescript-hooks.mjs'

const SYSTEM_RC = 'test/system/tap.yaml'
/** On a terminal one that moves; otherwise none, and what failed is printed at the end. */
const REPORTER = process.stdout.isTTY ? 'terse' : 'silent'
const TAP = 'node_modules/tap/dist/esm/run.mjs'
const named = process.argv.slice(2)
const total = { passed: 0, failed: 0 }

if (named.length > 0) {
  const isSystem = named.every((name) => name.startsWith('test/system/'))
  add('tests', runTap(['--disable-coverage', ...named], isSystem ? SYSTEM_RC : '.taprc'))
} else {
  check('lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'])
  check('types', ['node_modules/typescript/bin/tsc', '--noEmit'])
  if (existsSync('src/dashboard/tsconfig.json')) {
    check('types of the page', [
      'node_modules/typescript/bin/tsc',
      '--noEmit',
      '-p',
      'src/dashboard',
    ])
  }
  await transpileAll()
  add('tests', runTap([], '.taprc'))
  add('system tests', runTap([], SYSTEM_RC))
}
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

/** A check passes or fails as a whole, and counts as one test. */
function check(name, command) {
  const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' })
  add(name, status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })
}

/** One process loads the compiler, instead of each test file. */
async function transpileAll() {
  rmSync('.tap/transpiled', { recursive: true, force: true })
  for (const folder of ['src', 'appliance', 'test']) {
    for (const name of readdirSync(folder, { recursive: true })) {
      if (/(?<!\.d)\.ts$/.test(name)) await transpiled(pathToFileURL(join(folder, name)).href)
    }
  }
}

/**
 * Builds tap without its TypeScript plugin, as .taprc asks, once after it was installed. It would
 * do so by itself, but after it has begun the first run with the plugin.
 */
function buildTap() {
  const built = readFileSync('node_modules/@tapjs/test/test-built/dist/esm/index.js', 'utf8')
  if (!/^@tapjs\/typescript/m.test(built)) return
  const { status, stderr } = spawnSync(process.execPath, [TAP, 'build'], { encoding: 'utf8' })
  if (status !== 0) console.error(`tap build: ${stderr}`)
}

/**
 * Runs test files under tap. Where tap is not content although no test failed, something else is
 * wrong, incomplete coverage most likely: that is one failure.
 */
function runTap(args, rcFile) {
  const output = `.tap/output-${process.pid}.tap`
  mkdirSync('.tap', { recursive: true })
  buildTap()
  const command = [TAP, `--reporter=${REPORTER}`, `--output-file=${output}`]
  const env = { ...process.env, TAP_RCFILE: rcFile }
  const { status } = spawnSync(process.execPath, [...command, ...args], { stdio: 'inherit', env })
  const text = existsSync(output) ? readFileSync(output, 'utf8') : ''
  const counted = countTests(text)
  if (REPORTER === 'silent') for (const line of failuresIn(text)) console.log(line)
  rmSync(output, { force: true })
  if (status === 0 || counted.failed > 0) return counted
  return { ...counted, failed: 1 }
}

/** Tests that find something lacking on this machine say so; it is repeated in one line. */
function add(name, { passed, failed, leftOut = [] }) {
  total.passed += passed
  total.failed += failed
  console.log(`${name}: ${passed} passed, ${failed} failed`)
  if (leftOut.length > 0) console.log(`left out: ${leftOut.join('; ')}`)
}
