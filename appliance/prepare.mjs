// Brings a fresh checkout to the point where `node dist/appliance/main.js` runs, and does nothing
// where it is there already: packages, the native part of better-sqlite3, the build. With --tests the
// packages of the tests too, which an appliance does not need. Plain JavaScript without packages,
// because it runs before there are any.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NATIVE_BUILD } from './native-build.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
/** What a developer has once is kept: another build takes nothing of it away. */
const WITH_TESTS = process.argv.includes('--tests') || existsSync(join(ROOT, 'node_modules/tap'))
/** What Vite needs, which builds the page. */
const MINIMUM_NODE = [20, 19]
/** As src/adapters/sqlite/driver.ts has it: 13 brings its native part along, 12 is built for this Node. */
const SQLITE =
  Number(process.versions.node.split('.')[0]) >= 22 ? 'better-sqlite3-13' : 'better-sqlite3'
/** What the build is made of, beside the compiler itself. */
const BUILD_INPUTS = ['src', 'appliance', 'tsconfig.json', 'package-lock.json']
const PAGE_CONFIG = 'src/dashboard/vite.config.ts'
/** What the page is made of: it imports nothing else (test/architecture/page-imports.test.ts). */
const PAGE_INPUTS = ['src/dashboard', 'package-lock.json']
/** What runs: the program and its database thread, under the names that they are started by. */
const ENTRIES = {
  main: 'appliance/main.ts',
  'database-worker': 'src/adapters/sqlite/database-worker.ts',
}
/** Packages of hundreds of small files, which go into the build; all others are loaded as they are. */
const BUNDLED = ['typebox', '@fastify/type-provider-typebox']

/** Something that the person in front of it can put right; its message is the whole story. */
class PrepareError extends Error {}

try {
  checkNode()
  await installPackages()
  // Side by side: the one is the C++ compiler's work for a minute or more, the other is not.
  const ends = await Promise.allSettled([rebuildSqlite(), build()])
  for (const end of ends) if (end.status === 'rejected') throw end.reason
} catch (error) {
  if (!(error instanceof PrepareError)) throw error
  console.error(`switchhook: ${error.message}`)
  process.exit(1)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return
  throw new PrepareError(
    `this is Node ${process.versions.node}; wanted ${MINIMUM_NODE.join('.')} or later`,
  )
}

async function installPackages() {
  const missing = missingPackages()
  if (missing === 'none') return
  // Where there are packages, those that are right stay, above all the native part built for them.
  const how = missing === 'some' ? ['install', '--no-save'] : ['ci']
  const which = WITH_TESTS ? [] : ['--workspaces=false']
  say(`installing packages (npm ${how[0]}), once`)
  const { status, output } = await runNpm([...how, ...which, '--no-audit', '--no-fund'])
  if (status !== 0) throw new PrepareError(`npm ${how[0]} failed: ${reasonIn(output)}`)
}

/**
 * What has to be installed: `none`, `some` of the packages, or `all`. npm keeps a copy of the lockfile
 * beside the packages that it installed.
 */
function missingPackages() {
  const wanted = readJson('package-lock.json')
  const installed = readJson('node_modules/.package-lock.json')
  if (wanted === undefined) throw new PrepareError('package-lock.json is missing or unreadable')
  if (installed === undefined) return 'all'
  const packages = Object.entries(wanted.packages).filter(([path]) =>
    path.includes('node_modules/'),
  )
  const there = installed.packages
  if (packages.some(([path, entry]) => path in there && !isCurrent(path, there[path], entry)))
    return 'some'
  // Packages for other processors and systems are optional and stay away; the tests are a link.
  const absent = new Set(
    packages.flatMap(([path, { optional, link }]) =>
      path in there || optional || link ? [] : [path],
    ),
  )
  const { dependencies, devDependencies } = wanted.packages['']
  const direct = Object.keys({ ...dependencies, ...devDependencies })
  if (direct.some((name) => absent.has(`node_modules/${name}`))) return 'some'
  return WITH_TESTS && absent.size > 0 ? 'some' : 'none'
}

function isCurrent(path, { version, integrity }, wanted) {
  return (
    version === wanted.version && integrity === wanted.integrity && existsSync(join(ROOT, path))
  )
}

/**
 * Install scripts are off (.npmrc); this one package is allowed to run its own, because its native
 * part has to fit this Node.
 */
async function rebuildSqlite() {
  if ((await sqliteLoads()).status === 0) return
  say(`building ${SQLITE} for Node ${process.versions.node}, once, a minute or two`)
  const { status, output } = await runNpm(['rebuild', SQLITE, ...NATIVE_BUILD.args], {
    ...headers(),
    ...NATIVE_BUILD.environment,
  })
  if (status !== 0) throw new PrepareError(`${SQLITE} does not build: ${reasonIn(output)}`)
  const loaded = await sqliteLoads()
  if (loaded.status !== 0)
    throw new PrepareError(`${SQLITE} does not load: ${reasonIn(loaded.output)}`)
}

function sqliteLoads() {
  return run(process.execPath, ['-e', `new (require('${SQLITE}'))(':memory:').close()`])
}

/** Distributions put the headers beside the binary; with them nothing need be downloaded. */
function headers() {
  const prefix = dirname(dirname(process.execPath))
  const header = join(prefix, 'include/node/node_version.h')
  if (process.env.npm_config_nodedir !== undefined || !existsSync(header)) return {}
  const [major] = process.versions.node.split('.')
  const fits = readFileSync(header, 'utf8').includes(`NODE_MAJOR_VERSION ${major}\n`)
  return fits ? { npm_config_nodedir: prefix } : {}
}

/** Builds beside the old build and swaps, so that `dist` is never half there. */
async function build() {
  const stamp = hashOf(BUILD_INPUTS)
  const stampFile = join(ROOT, 'dist/.built-from')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  say('building')
  const fresh = join(ROOT, `dist.new-${process.pid}`)
  rmSync(fresh, { recursive: true, force: true })
  try {
    await Promise.all([compile(fresh), providePage(fresh)])
    writeFileSync(join(fresh, '.built-from'), stamp)
    rmSync(join(ROOT, 'dist'), { recursive: true, force: true })
    renameSync(fresh, join(ROOT, 'dist'))
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/**
 * Puts the sources together, a file for each command and for what several of them share: a start opens
 * 700 files less than with a file for each source, in two thirds of the time. Types are not checked here:
 * `npm test` does that.
 */
async function compile(outDir) {
  const { rolldown } = await import('rolldown')
  try {
    const bundle = await rolldown({
      cwd: ROOT,
      input: ENTRIES,
      platform: 'node',
      tsconfig: false,
      external: isOutside,
    })
    await bundle.write({
      dir: join(outDir, 'appliance'),
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      sourcemap: true,
    })
    await bundle.close()
  } catch (error) {
    throw new PrepareError(`the sources do not compile:\n${firstLines(error.message)}`)
  }
}

/** Whether an import is a package, or Node's, that is not put into the build. */
function isOutside(name) {
  if (/^[./]/.test(name)) return false
  return !BUNDLED.some((bundled) => name === bundled || name.startsWith(`${bundled}/`))
}

/** The page of the build before, if nothing of it has changed. */
async function providePage(outDir) {
  if (!existsSync(join(ROOT, PAGE_CONFIG))) return
  const stamp = hashOf(PAGE_INPUTS)
  const stampFile = join(ROOT, 'dist/.page-built-from')
  const page = join(outDir, 'dashboard')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp)
    cpSync(join(ROOT, 'dist/dashboard'), page, { recursive: true })
  else await buildPage(page)
  writeFileSync(join(outDir, '.page-built-from'), stamp)
}

async function buildPage(outDir) {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
  const options = [
    '--config',
    PAGE_CONFIG,
    '--outDir',
    outDir,
    '--emptyOutDir',
    '--logLevel',
    'warn',
  ]
  const built = await run(process.execPath, [vite, 'build', ...options])
  if (built.status !== 0)
    throw new PrepareError(`the page does not build:\n${firstLines(built.output)}`)
}

function hashOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths.flatMap((input) => filesUnder(input))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(ROOT, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

function filesUnder(path) {
  const whole = join(ROOT, path)
  if (!existsSync(whole)) return []
  if (extname(path) !== '') return [path]
  return readdirSync(whole, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath ?? entry.path, entry.name)))
    .sort()
}

function firstLines(output) {
  return output.trim().split('\n').slice(0, 20).join('\n')
}

/** The line of npm's output that tells somebody what to do. */
function reasonIn(output) {
  const causes = [
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/,
      'no network: npm cannot reach its registry',
    ],
    [
      /not found: make|make: not found|g\+\+: not found|not find.*Python/i,
      'no C++ toolchain: install g++, make and python3',
    ],
    [/ENOSPC/, 'the disk is full'],
    [/EACCES|EROFS/, 'node_modules cannot be written'],
  ]
  const known = causes.find(([pattern]) => pattern.test(output))
  const lines = output.trim().split('\n')
  return known === undefined ? `\n${lines.slice(-15).join('\n')}` : known[1]
}

function runNpm(args, environment = {}) {
  const npm = process.env.npm_execpath
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  return run(command, [...first, ...args], environment)
}

/** Runs a program to its end; what it says comes back with its exit code. */
function run(command, args, environment = {}) {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ status: 1, output: error.message }))
    child.on('close', (status) => resolve({ status: status ?? 1, output }))
  })
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
  } catch {
    // Missing or half written: the caller installs again or says so.
    return undefined
  }
}

function say(message) {
  console.error(`switchhook: ${message}`)
}
