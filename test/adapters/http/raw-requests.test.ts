import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { anApi, TOKEN } from '../../support/an-api.ts'

const HOST = 'Host: 127.0.0.1\r\n'
const AUTHORITY = `${HOST}Authorization: Bearer ${TOKEN}\r\n`
const PHONES = `GET /v1/phones HTTP/1.1\r\n${AUTHORITY}`

/** Octets that are no request, or could be two different ones, and the status of the only answer. */
const CASES = [
  { what: 'no HTTP at all', octets: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', status: 400 },
  { what: 'HTTP/0.9', octets: 'GET /v1/phones\r\n\r\n', status: 421 },
  { what: 'an unknown method', octets: `PWN /v1/phones HTTP/1.1\r\n${AUTHORITY}\r\n`, status: 400 },
  {
    what: 'a length that is no number',
    octets: `${PHONES}Content-Length: 1x\r\n\r\n`,
    status: 400,
  },
  { what: 'a negative length', octets: `${PHONES}Content-Length: -1\r\n\r\n`, status: 400 },
  {
    what: 'two lengths',
    octets: `${PHONES}Content-Length: 0\r\nContent-Length: 5\r\n\r\nGET /`,
    status: 400,
  },
  {
    what: 'a length and chunks (RFC 9112 section 6.3)',
    octets: `POST /v1/plans HTTP/1.1\r\n${AUTHORITY}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n`,
    status: 400,
  },
  {
    what: 'chunks of a size that is none',
    octets: `POST /v1/plans HTTP/1.1\r\n${AUTHORITY}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    status: 400,
  },
  { what: 'a line feed in a header', octets: `${PHONES}X: a\nY\r\n\r\n`, status: 400 },
  { what: 'an octet 0 in a header', octets: `${PHONES}X: a\0b\r\n\r\n`, status: 400 },
  { what: 'a blank before the colon', octets: `${PHONES}X : a\r\n\r\n`, status: 400 },
  { what: 'headers without end', octets: `${PHONES}X: ${'a'.repeat(20_000)}\r\n\r\n`, status: 431 },
  { what: 'no Host', octets: 'GET /healthz HTTP/1.1\r\n\r\n', status: 400 },
  {
    what: 'an absolute address elsewhere',
    octets: `GET http://evil.example/v1/phones HTTP/1.1\r\n${AUTHORITY}\r\n`,
    status: 421,
  },
] as const

t.test(
  'bytes that are no request are answered once, in words, and no other client is affected',
  async (t) => {
    const { app } = await anApi(t)
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    for (const { what, octets, status } of CASES) {
      const answer = await answerTo(Number(new URL(url).port), octets)
      t.match(answer, `HTTP/1.1 ${status} `, `${what}: ${answer.slice(0, 300)}`)
      t.equal(answer.match(/HTTP\/1\.1 \d{3} /g)?.length, 1, 'one answer')
      t.equal((await app.inject({ url: '/healthz' })).statusCode, 200)
    }
  },
)

/** Everything that comes back until the server closes, or has been silent for a while. */
async function answerTo(port: number, octets: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (text: Buffer) => (answer += text.toString('latin1')))
  socket.setTimeout(500, () => socket.destroy())
  socket.write(Buffer.from(octets, 'latin1'))
  await once(socket, 'close')
  return answer
}
