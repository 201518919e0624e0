import t from 'tap'
import { decodeMessage } from '../../../src/wire/sip/decode-message.ts'
import { encodeMessage } from '../../../src/wire/sip/encode-message.ts'
import {
  canonicalName,
  headerOf,
  headersOf,
  MAX_MESSAGE_BYTES,
  type SipMessage,
} from '../../../src/wire/sip/message.ts'
import { holdCodecToLaws } from '../../support/codec-laws.ts'

holdCodecToLaws(t, {
  vectors: 'sip',
  decode: decodeMessage,
  describe,
  encode: encodeMessage,
})

t.test('rejects what is not a message', async (t) => {
  const malformed = [
    { why: 'empty', text: '', code: 'TRUNCATED' },
    { why: 'line ends alone, as a keep-alive', text: '\r\n\r\n', code: 'TRUNCATED' },
    { why: 'no empty line', text: 'OPTIONS sip:a SIP/2.0\r\nTo: a\r\n', code: 'NOT_TERMINATED' },
    { why: 'other protocol', text: 'GET / HTTP/1.1\r\n\r\n', code: 'BAD_VALUE' },
    { why: 'status 700', text: 'SIP/2.0 700 x\r\n\r\n', code: 'BAD_VALUE' },
    { why: 'no colon', text: 'OPTIONS sip:a SIP/2.0\r\nTo\r\n\r\n', code: 'BAD_VALUE' },
    { why: 'no name', text: 'OPTIONS sip:a SIP/2.0\r\n: a\r\n\r\n', code: 'BAD_VALUE' },
    { why: 'folded start', text: 'OPTIONS sip:a SIP/2.0\r\n To: a\r\n\r\n', code: 'BAD_VALUE' },
    {
      why: 'Content-Length in words',
      text: 'OPTIONS sip:a SIP/2.0\r\nl: none\r\n\r\n',
      code: 'BAD_VALUE',
    },
    {
      why: '65 fields',
      text: `OPTIONS sip:a SIP/2.0\r\n${'To: a\r\n'.repeat(65)}\r\n`,
      code: 'TOO_LONG',
    },
    { why: 'too long', text: 'a'.repeat(MAX_MESSAGE_BYTES + 1), code: 'TOO_LONG' },
  ]
  for (const { why, text, code } of malformed) {
    t.throws(() => decodeMessage(Buffer.from(text)), { name: 'WireError', code }, why)
  }
})

t.test('RFC 3261 section 7.5: empty lines before the start line are skipped', async (t) => {
  const message = decodeMessage(Buffer.from('\r\n\nOPTIONS sip:a SIP/2.0\nTo: b\n\n'))
  t.match(message, { kind: 'request', method: 'OPTIONS', headers: [{ name: 'To', value: 'b' }] })
})

t.test('RFC 3261 section 18.3: bytes beyond Content-Length are no part of the body', async (t) => {
  const { body, isWhole } = decodeMessage(Buffer.from('SIP/2.0 200 OK\r\nl: 2\r\n\r\nabcd'))
  t.equal(Buffer.from(body).toString(), 'ab')
  t.equal(isWhole, true)
})

t.test('without Content-Length the body goes to the end of the datagram', async (t) => {
  const { body } = decodeMessage(Buffer.from('SIP/2.0 200 OK\r\n\r\nabcd'))
  t.equal(body.length, 4)
})

t.test('a text in any encoding comes back octet by octet', async (t) => {
  const bytes = Buffer.from('SIP/2.0 200 OK\r\nTo: "Zoë ☎" <sip:a@b>\r\n\r\n')
  t.same(Buffer.from(encodeMessage(decodeMessage(bytes))), bytes)
})

t.test('RFC 3261 section 7.3.3: a field is found by its short and by its long name', async (t) => {
  const message = decodeMessage(Buffer.from('SIP/2.0 200 OK\r\nv: a\r\nVIA: b\r\nx: c\r\n\r\n'))
  t.equal(headerOf(message, 'via'), 'a')
  t.same(headersOf(message, 'via'), ['a', 'b'])
  t.equal(headerOf(message, 'contact'), undefined)
  t.equal(canonicalName('X'), 'x')
})

function describe(message: SipMessage): Record<string, string> {
  const start: Record<string, string> =
    message.kind === 'request'
      ? { method: message.method, uri: message.uri }
      : { status: String(message.status), reason: message.reason }
  const fields = message.headers.map(({ name, value }, index) => [
    `${String(index + 1).padStart(2, '0')} ${name}`,
    value,
  ])
  return {
    kind: message.kind,
    ...start,
    ...Object.fromEntries(fields),
    body: `${message.body.length} octets`,
    whole: String(message.isWhole),
  }
}
