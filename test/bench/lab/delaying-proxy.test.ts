import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { startDelayingProxy } from './delaying-proxy.ts'
import { Teardown } from './teardown.ts'

t.test('what is said arrives whole, in order and late, both ways', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-proxy-'))
  const teardown = new Teardown()
  t.teardown(async () => {
    await teardown.run()
    rmSync(dir, { recursive: true })
  })
  const [from, to] = [join(dir, 'from'), join(dir, 'to')]
  const echo = createServer((socket) => socket.pipe(socket)).listen(to)
  await once(echo, 'listening')
  startDelayingProxy(teardown, { from, to, delayMs: 20 })
  const client = connect(from)
  await once(client, 'connect')
  const startedAt = performance.now()
  for (let word = 0; word < 50; word++) client.write(`${word} `)
  client.end()
  let heard = ''
  client.on('data', (bytes) => (heard += bytes))
  await once(client, 'end')
  t.ok(performance.now() - startedAt >= 39, 'twice 20 ms')
  t.equal(heard, Array.from({ length: 50 }, (_, word) => `${word} `).join(''))
  echo.close()
})
