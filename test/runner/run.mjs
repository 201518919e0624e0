// What `npm test` does after the build: lint, types, tests with coverage, and the system tests as far
// as this machine can run them.
//   run.mjs                            all of it
//   run.mjs unit                       every quick test but the system tests, without coverage
//   run.mjs check                      lint, types and every test but the system tests, with coverage
//   run.mjs types                      types alone
//   run.mjs test/net/ipv4.test.ts …    these test files
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { COMPLETE, EXCEPT, isCovered } from './coverage-map.mjs'
import { runFiles } from './run-files.mjs'
import { SYSTEM_FOLDER, SYSTEM_LIMITS, systemBatches } from './system-tests.mjs'
import { transpiled, transpiledFolder } from './typescript-hooks.mjs'
import { isQuick, UNIT_LIMITS, unitBatches } from './unit-tests.mjs'

/** Where tap, coverage and this runner keep what they need again. */
const KEPT = '.tap'
const COVERAGE = `${KEPT}/coverage`

const total = { passed: 0, failed: 0 }
mkdirSync(KEPT, { recursive: true })
buildTap()
await run(process.argv.slice(2))
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

async function run([what, ...rest]) {
  if (what === 'types') return checkTypes()
  if (what === 'unit') return runUnitTests({ isCounted: false })
  if (what !== undefined && what !== 'check') return runNamed([what, ...rest])
  check('lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'])
  checkTypes()
  await runUnitTests({ isCounted: true })
  if (what === undefined) await runSystemTests(testFiles().filter(isSystem))
}

async function runNamed(files) {
  const others = files.filter((file) => !isSystem(file))
  if (others.length > 0) add('tests', await runFiles('tests', unitBatches(others), UNIT_LIMITS))
  const system = files.filter(isSystem)
  if (system.length > 0) await runSystemTests(system)
}

/** What has not changed since the last run is not checked again. */
function checkTypes() {
  const tsc = 'node_modules/typescript/bin/tsc'
  for (const [name, project] of [
    ['types', '.'],
    ['types of the page', 'src/dashboard'],
  ]) {
    const info = `${KEPT}/${name.replaceAll(' ', '-')}.tsbuildinfo`
    check(name, [tsc, '--noEmit', '-p', project, '--incremental', '--tsBuildInfoFile', info])
  }
}

/** `isCounted` is whether the folders that are to be covered completely are held to it. */
async function runUnitTests({ isCounted }) {
  await transpileAll()
  const files = testFiles().filter((file) => !isSystem(file))
  if (!isCounted) {
    const batches = unitBatches(files.filter(isQuick))
    return add('tests', await runFiles('tests', batches, UNIT_LIMITS))
  }
  rmSync(COVERAGE, { recursive: true, force: true })
  const counted = unitBatches(files.filter(isCovered)).map((batch) => ({
    ...batch,
    env: { NODE_V8_COVERAGE: COVERAGE },
  }))
  const others = unitBatches(files.filter((file) => !isCovered(file)))
  add('tests', await runFiles('tests', [...counted, ...others], UNIT_LIMITS))
  const wanted = ['--100', '--skip-full', '--reporter=text', '--temp-directory', COVERAGE]
  const folders = COMPLETE.flatMap((folder) => ['--include', `src/${folder}/**`])
  const except = EXCEPT.flatMap(({ files }) => files.flatMap((file) => ['--exclude', file]))
  check('coverage', ['node_modules/c8/bin/c8.js', 'report', ...wanted, ...folders, ...except])
}

async function runSystemTests(files) {
  add('system tests', await runFiles('system tests', systemBatches(files), SYSTEM_LIMITS))
}

function testFiles() {
  return readdirSync('test', { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${name}`)
    .sort()
}

function isSystem(file) {
  return file.startsWith(`${SYSTEM_FOLDER}/`)
}

/**
 * Builds tap without its TypeScript plugin, as .taprc asks, once after it was installed: loading that
 * plugin takes each process longer than most tests do.
 */
function buildTap() {
  const built = readFileSync('node_modules/@tapjs/test/test-built/dist/esm/index.js', 'utf8')
  if (!/^@tapjs\/typescript/m.test(built)) return
  const command = ['node_modules/tap/dist/esm/run.mjs', 'build']
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  if (status !== 0) console.error(`tap build: ${stderr}`)
}

/** One process loads the compiler, instead of each batch; what no source needs any more is deleted. */
async function transpileAll() {
  const needed = new Set()
  for (const folder of ['src', 'appliance', 'test']) {
    for (const name of readdirSync(folder, { recursive: true })) {
      if (!/(?<!\.d)\.ts$/.test(name)) continue
      const { kept } = await transpiled(pathToFileURL(join(folder, name)).href)
      needed.add(kept)
    }
  }
  for (const name of readdirSync(transpiledFolder())) {
    if (!needed.has(name)) rmSync(join(transpiledFolder(), name), { force: true })
  }
}

/** A check passes or fails as a whole, and counts as one test. */
function check(name, command) {
  const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' })
  add(name, status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })
}

/** Tests that find something lacking on this machine say so; it is repeated in one line. */
function add(name, { passed, failed, leftOut = [] }) {
  total.passed += passed
  total.failed += failed
  console.log(`${name}: ${passed} passed, ${failed} failed`)
  if (leftOut.length > 0) console.log(`left out: ${leftOut.join('; ')}`)
}
