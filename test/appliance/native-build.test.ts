import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { ROOT } from '../support/source-files.ts'

/** Plain JavaScript, as `prepare.mjs` needs it: without types. */
const { NATIVE_BUILD } = await import(`${ROOT}/appliance/native-build.mjs`)
const PACKAGE = join(ROOT, 'node_modules/better-sqlite3')
const INSTALLER = join(ROOT, 'node_modules/prebuild-install/bin.js')

/** Runs what the package's install script runs first; what it asked a server for binaries for. */
async function install(t: { teardown: (end: () => void) => void }, environment: object) {
  const asked: string[] = []
  const server = createServer((request, reply) => {
    asked.push(request.url ?? '')
    reply.writeHead(404).end()
  })
  t.teardown(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const child = spawn(process.execPath, [INSTALLER], {
    cwd: PACKAGE,
    stdio: 'ignore',
    env: {
      ...process.env,
      npm_config_better_sqlite3_binary_host: `http://127.0.0.1:${port}`,
      ...environment,
    },
  })
  const [code] = await once(child, 'exit')
  return { code, asked }
}

t.test('no binary is asked for: the source with the pinned hash is compiled', async (t) => {
  const { scripts } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))
  t.equal(scripts.install, 'prebuild-install || node-gyp rebuild --release', 'as it was judged')
  const alone = await install(t, { npm_config_build_from_source: '' })
  t.equal(alone.asked.length, 1, 'left to itself it asks')
  const ours = await install(t, NATIVE_BUILD.environment)
  t.same(ours.asked, [])
  t.not(ours.code, 0, 'so that the compiler is next')
})

t.test('prepare.mjs builds so, and the lockfile pins the source', async (t) => {
  const prepare = readFileSync(join(ROOT, 'appliance/prepare.mjs'), 'utf8')
  t.match(prepare, "runNpm(['rebuild', SQLITE, ...NATIVE_BUILD.args], {")
  t.match(prepare, '...NATIVE_BUILD.environment,')
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  for (const name of ['better-sqlite3', 'better-sqlite3-13']) {
    t.match(packages[`node_modules/${name}`].integrity, /^sha512-/, name)
  }
})
