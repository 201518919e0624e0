import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'

const SCRIPT = fileURLToPath(new URL('../../../appliance/deploy/health-check.mjs', import.meta.url))

/** A server that answers everything with this status; its address. */
async function anAppliance(t: Test, status: number): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { connection: 'close' }).end('{"status":"x"}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`
}

/** Exit code and output of the health check. */
async function checked(args: readonly string[], environment: object = {}) {
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return { code, said: said.trim() }
}

t.test('an appliance is healthy if it says that it is ready', async (t) => {
  const ready = await anAppliance(t, 200)
  t.same(await checked([ready]), { code: 0, said: `${ready} 200 {"status":"x"}` })
  t.match(await checked([], { SWITCHHOOK_HEALTH_URL: ready }), { code: 0 })
})

t.test('one that is not ready, or not there, is not healthy, and it is said why', async (t) => {
  const waiting = await anAppliance(t, 503)
  t.match(await checked([waiting]), { code: 1, said: /\/readyz 503/ })
  const gone = createServer()
  gone.listen(0, '127.0.0.1')
  await once(gone, 'listening')
  const { port } = gone.address() as AddressInfo
  gone.close()
  await once(gone, 'close')
  t.match(await checked([`http://127.0.0.1:${port}/readyz`]), { code: 1, said: /ECONNREFUSED/ })
})
