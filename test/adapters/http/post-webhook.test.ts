import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { webhookRendering } from '../../../appliance/start/webhooks.ts'
import { postWebhook } from '../../../src/adapters/http/post-webhook.ts'
import { ROOT } from '../../support/source-files.ts'

const NEVER = new AbortController().signal

async function aReceiver(
  t: Test,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
}

const post = (url: string, body = '{}', headers: Record<string, string> = {}) =>
  postWebhook({ url, headers, body }, NEVER, 2_000)

t.test('a request arrives as it was made, and its status comes back', async (t) => {
  const got: unknown[] = []
  const url = await aReceiver(t, (request, response) => {
    void text(request).then((body) => {
      got.push([request.method, request.headers['x-switchhook-event'], body])
      response.writeHead(202).end('whatever')
    })
  })
  t.same(await post(url, '{"id":1}', { 'x-switchhook-event': 'a' }), { status: 202 })
  t.same(got, [['POST', 'a', '{"id":1}']])
})

t.test('a redirect is not followed', async (t) => {
  let elsewhere = 0
  const other = await aReceiver(t, (_, response) => {
    elsewhere += 1
    response.end()
  })
  for (const status of [301, 302, 303, 307, 308]) {
    const url = await aReceiver(t, (_, response) => {
      response.writeHead(status, { location: other }).end()
    })
    t.same(await post(url), { status })
  }
  t.equal(elsewhere, 0)
})

t.test('no answer, half an answer and a refused connection are said in words', async (t) => {
  const silent = await aReceiver(t, () => undefined)
  t.same(await postWebhook({ url: silent, headers: {}, body: '' }, NEVER, 50), {
    why: 'no answer within 0.05 s',
  })
  const broken = await aReceiver(t, (request) => request.socket.destroy())
  t.match(await post(broken), { why: /./ })
  t.match(await post('http://127.0.0.1:1/'), { why: /ECONNREFUSED|bad port/ })
  t.match(await post('http://nowhere.invalid/'), { why: /nowhere\.invalid|EAI_AGAIN/ })
  const stop = new AbortController()
  const given = postWebhook({ url: silent, headers: {}, body: '' }, stop.signal)
  stop.abort()
  t.match(await given, { why: /abort/i })
})

t.test('an endless answer is not read to its end', async (t) => {
  const url = await aReceiver(t, (_, response) => {
    response.writeHead(200)
    const more = () => response.write('x'.repeat(65_536), () => setImmediate(more))
    more()
  })
  t.same(await post(url), { status: 200 })
})

t.test('the example of the documentation verifies what the appliance signs', async (t) => {
  const dir = t.testdir({ secret: 'a-secret-for-tests\n' })
  const example = join(ROOT, 'docs/examples/webhook-receiver.mjs')
  const env = { ...process.env, SWITCHHOOK_SECRET_FILE: join(dir, 'secret'), PORT: '0' }
  const child = spawn(process.execPath, [example], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill())
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  const until = async (pattern: RegExp) => {
    while (!pattern.test(said)) await once(child.stdout, 'data')
    return pattern.exec(said)?.[1]
  }
  const url = `http://127.0.0.1:${await until(/port (\d+)/)}/`
  const event = (id: number) => ({
    ...{ id, atMs: 0, event: 'rollout.finished', mac: null, network: null },
    fields: { rollout: 'ü' },
  })
  const send = (id: number, secret: string) => {
    const body = webhookRendering().bodyOf(event(id))
    const signature = webhookRendering().sign(secret, body)
    return post(url, body, { 'x-switchhook-signature': signature })
  }
  t.same(await send(1, 'a-secret-for-tests'), { status: 204 })
  t.same(await send(1, 'a-secret-for-tests'), { status: 204 }, 'a second time')
  t.same(await send(2, 'another-secret'), { status: 401 })
  t.same(await post(url, '{"id":3}'), { status: 401 }, 'without a signature')
  t.same(await send(4, 'a-secret-for-tests'), { status: 204 })
  await until(/(?:rollout\.finished.*\s*){2}/s)
  t.equal(
    said.match(/rollout\.finished/g)?.length,
    2,
    'each event once, and none that is not genuine',
  )
})
