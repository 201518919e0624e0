import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { anApi, WITH_TOKEN } from '../../support/an-api.ts'

const MIB = 1024 * 1024
const AUTHORIZATION = `Authorization: ${WITH_TOKEN.authorization}\r\n`

/** An API that listens and holds 4 MiB of uploads. */
async function aListener(t: Test) {
  const { app, lines } = await anApi(t, { uploadsInFlight: 4 * MIB })
  const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const put = (name: string, bytes: number) =>
    fetch(new URL(`/v1/files/${name}`, url), {
      method: 'PUT',
      headers: { ...WITH_TOKEN, 'content-type': 'application/octet-stream' },
      body: new Uint8Array(bytes),
    })
  const open = async (head: string) => {
    const socket = connect(Number(url.port), '127.0.0.1')
    socket.on('error', () => {})
    t.teardown(() => socket.destroy())
    await once(socket, 'connect')
    socket.write(`${head}Host: ${url.host}\r\n${AUTHORIZATION}\r\n`)
    return socket
  }
  return { app, lines, url, put, open }
}

/** The first line that comes back. */
async function answerOf(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (more) => (text += more))
  for (let tries = 0; tries < 1500 && !text.includes('\r\n'); tries++) await pause(10)
  return text.split('\r\n', 1)[0] ?? ''
}

const upload = (length: number) =>
  `PUT /v1/files/held.raw HTTP/1.1\r\nContent-Type: application/octet-stream\r\nContent-Length: ${length}\r\n`

t.test(
  'uploads that never end are held up to a sum; the next one is told to come later',
  async (t) => {
    const { put, open } = await aListener(t)
    const held: Socket[] = []
    for (let number = 0; number < 3; number++) {
      const socket = await open(upload(MIB + 1))
      socket.write(new Uint8Array(MIB))
      held.push(socket)
    }
    await pause(300)
    const refused = await put('a.raw', 2 * MIB)
    t.equal(refused.status, 503)
    t.equal(refused.headers.get('retry-after'), '5')
    t.match(await refused.json(), { type: '/docs#unavailable', detail: /all of the 4 MiB/ })
    t.equal((await put('b.raw', MIB / 2)).status, 201, 'what fits is taken')
    for (const socket of held) socket.destroy()
    await pause(300)
    t.equal((await put('a.raw', 2 * MIB)).status, 201, 'and once they are gone, all is as before')
  },
)

t.test('an upload of unknown length is counted as it comes', async (t) => {
  const { open, put } = await aListener(t)
  const type = 'Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n'
  const socket = await open(`PUT /v1/files/endless.raw HTTP/1.1\r\n${type}`)
  const answer = answerOf(socket)
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
  for (let sent = 0; sent < 8 * MIB && socket.writable; sent += 0x10000) {
    socket.write(chunk)
    await pause(1)
  }
  t.match(await answer, 'HTTP/1.1 503')
  t.equal((await put('a.raw', 2 * MIB)).status, 201, 'nothing of it is held any more')
})

t.test('what never fits is too large, and not told to come again', async (t) => {
  const { put, url } = await aListener(t)
  const upload = await put('a.raw', 5 * MIB)
  t.equal(upload.status, 413)
  t.match(await upload.json(), { detail: /all uploads together, .*4096 KiB.*maxUploadsInFlight/ })
  t.equal(upload.headers.get('retry-after'), null)
  const headers = { ...WITH_TOKEN, 'content-type': 'application/json' }
  const body = JSON.stringify({ label: 'x'.repeat(20 * MIB) })
  const enrol = { method: 'PUT', headers, body }
  const answer = await fetch(new URL('/v1/phones/000E84C060A7', url), enrol).catch(() => null)
  // A connection that is closed while the rest is on its way is an answer, too.
  if (answer !== null) t.equal(answer.status, 413)
})

t.test('uploads do not keep a phone from being enrolled', async (t) => {
  const { open, url } = await aListener(t)
  const socket = await open(upload(4 * MIB))
  socket.write(new Uint8Array(4 * MIB - 1))
  await pause(300)
  const headers = { ...WITH_TOKEN, 'content-type': 'application/json' }
  const enrol = { method: 'PUT', headers, body: '{}' }
  const answer = await fetch(new URL('/v1/phones/000E84C060A7', url), enrol)
  t.equal(answer.status, 201)
})

t.test('a body that hardly comes is ended, and what it held is free again', async (t) => {
  const { open, put } = await aListener(t)
  const socket = await open(upload(4 * MIB))
  socket.write(new Uint8Array(3 * MIB))
  const answer = answerOf(socket)
  const drip = setInterval(() => socket.write('x'), 500)
  t.match(await answer, 'HTTP/1.1 408')
  clearInterval(drip)
  await pause(200)
  t.equal((await put('a.raw', 3 * MIB)).status, 201)
})

t.test('requests that follow each other on a connection are answered in order', async (t) => {
  const { open, url, lines } = await aListener(t)
  const socket = await open('GET /healthz HTTP/1.1\r\n')
  let text = ''
  socket.on('data', (more) => (text += more))
  const many = 2000
  socket.write(`GET /v1/nothing HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`.repeat(many))
  const answers = () => text.split('HTTP/1.1 401').length - 1
  for (let tries = 0; tries < 1000 && answers() < many; tries++) await pause(10)
  t.equal(answers(), many)
  const said = lines.filter((line) => line.includes('"http.request.answered"'))
  t.ok(said.length <= 12, `${said.length} lines for ${many} refusals`)
})
