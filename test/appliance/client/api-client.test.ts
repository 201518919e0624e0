import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { ApiClient } from '../../../appliance/client/api-client.ts'

type Asked = { readonly request: IncomingMessage; readonly body: string }

/** A server on a free port of loopback that answers as told, and what it was asked. */
async function aServer(t: Test, answer: (response: ServerResponse) => void) {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    asked.push({ request, body: await text(request) })
    answer(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { base: `http://127.0.0.1:${port}`, asked }
}

const answering =
  (status: number, body: string, headers = {}) =>
  (response: ServerResponse) => {
    response.writeHead(status, headers)
    response.end(body)
  }

t.test('each method sends what belongs to it, and the token', async (t) => {
  const { base, asked } = await aServer(t, answering(200, '{"a":1}'))
  const client = new ApiClient(`${base}//`, 'secret')
  t.same(await client.get('/v1/phones'), { a: 1 })
  await client.put('/v1/phones/x', { model: '7960' })
  await client.post('/v1/firmware', Uint8Array.of(1, 2), 'application/zip')
  await client.delete('/v1/phones/x')
  t.same(
    asked.map(({ request, body }) => [
      request.method,
      request.url,
      request.headers['content-type'],
      body,
    ]),
    [
      ['GET', '/v1/phones', undefined, ''],
      ['PUT', '/v1/phones/x', 'application/json', '{"model":"7960"}'],
      ['POST', '/v1/firmware', 'application/zip', '\u0001\u0002'],
      ['DELETE', '/v1/phones/x', undefined, ''],
    ],
  )
  for (const { request } of asked) t.equal(request.headers.authorization, 'Bearer secret')
})

t.test('without a token none is sent; an empty answer is null', async (t) => {
  const { base, asked } = await aServer(t, answering(204, ''))
  t.equal(await new ApiClient(base, null).delete('/v1/phones/x'), null)
  t.equal(asked[0]?.request.headers.authorization, undefined)
})

t.test('a problem document is an error with its detail and problems', async (t) => {
  const problems = [{ file: 'a.bin', fault: 'truncated' }]
  const body = JSON.stringify({ status: 422, detail: 'The archive is refused', problems })
  const { base } = await aServer(t, answering(422, body))
  await t.rejects(new ApiClient(base, null).get('/'), {
    name: 'ApiError',
    status: 422,
    message: 'The archive is refused',
    problems,
  })
})

t.test('an error that is no problem document is told by its status', async (t) => {
  for (const body of ['', 'null', '"x"', '{}', '{"problems":3}', '<html>Bad Gateway</html>']) {
    const { base } = await aServer(t, answering(502, body))
    const expected = { name: 'ApiError', status: 502, message: '502 Bad Gateway', problems: [] }
    await t.rejects(new ApiClient(base, null).get('/'), expected, body)
  }
})

t.test('an answer of another program says where it came from', async (t) => {
  const { base } = await aServer(t, answering(200, '<html>Welcome</html>'))
  await t.rejects(new ApiClient(base, null).get('/v1/phones'), {
    name: 'ApiError',
    message: `${base}/v1/phones does not return JSON: is it the API of a Switchhook appliance?`,
  })
})

t.test('waiting sends the known state and tells a change from none', async (t) => {
  const { base, asked } = await aServer(t, answering(200, '{"a":1}', { etag: '"5"' }))
  const client = new ApiClient(base, null)
  t.same(await client.getChanged('/x?wait=1', null), { body: { a: 1 }, etag: '"5"' })
  await client.getChanged('/x?wait=1', '"5"')
  t.same(
    asked.map(({ request }) => request.headers['if-none-match']),
    [undefined, '"5"'],
  )
  const still = await aServer(t, answering(304, ''))
  t.equal(await new ApiClient(still.base, null).getChanged('/x?wait=1', '"5"'), null)
})

t.test('a refused connection and an answer that breaks off are named in the error', async (t) => {
  const gone = createServer().listen(0, '127.0.0.1')
  await once(gone, 'listening')
  const address = gone.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  gone.close()
  await once(gone, 'close')
  await t.rejects(new ApiClient(`http://127.0.0.1:${port}`, null).get('/'), {
    message: new RegExp(`^http://127.0.0.1:${port} does not answer: .*ECONNREFUSED`),
  })
  const { base } = await aServer(t, (response) => response.destroy())
  await t.rejects(new ApiClient(base, null).get('/'), { message: /does not answer: other side/ })
})
