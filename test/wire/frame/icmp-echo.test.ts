import t from 'tap'
import { decodeEchoReply, encodeEchoRequest } from '../../../src/wire/frame/icmp-echo.ts'
import { bytes } from '../../support/vector.ts'

// Sent by nmap 7.93 and answered by Linux 6.18, captured with tcpdump.
const request = '08000d88ea770000'
const reply = '4500001c9b4a000040015b8ec0000201c00002070000 1588ea770000'

t.test('RFC 792: a request is the one that nmap sends', async (t) => {
  t.equal(Buffer.from(encodeEchoRequest(0xea77, 0)).toString('hex'), request)
})

t.test('RFC 792: a reply names who sent it', async (t) => {
  t.equal(decodeEchoReply(bytes(reply)), 0xc0000201)
  const withOptions = `46 ${reply.slice(2, 40)} 01010101 00001588ea770000`
  t.equal(decodeEchoReply(bytes(withOptions)), 0xc0000201, 'behind a longer header')
})

t.test('other messages are no reply', async (t) => {
  const header = reply.slice(0, 40)
  t.equal(decodeEchoReply(bytes(`${header} ${request}`)), undefined, 'a request')
  t.equal(decodeEchoReply(bytes(`${header} 0301000000000000`)), undefined, 'host unreachable')
})

t.test('refuses what is no whole packet', async (t) => {
  const malformed = [
    { why: 'empty', hex: '', code: 'TRUNCATED' },
    { why: 'half a header', hex: reply.slice(0, 38), code: 'TRUNCATED' },
    { why: 'header alone', hex: reply.slice(0, 40), code: 'BAD_LENGTH' },
    { why: 'message cut off', hex: reply.slice(0, -2), code: 'BAD_LENGTH' },
    { why: 'header length of 4 words', hex: `44${reply.slice(2)}`, code: 'BAD_LENGTH' },
    { why: 'header longer than the packet', hex: `4f${reply.slice(2)}`, code: 'BAD_LENGTH' },
  ]
  for (const { why, hex, code } of malformed) {
    t.throws(() => decodeEchoReply(bytes(hex)), { name: 'WireError', code }, why)
  }
})
