import t from 'tap'
import {
  encodeOptions,
  OPTIONS_END_MS,
  OPTIONS_SENDS_MS,
  PHONE_SIP_PORT,
  readOptionsAnswer,
} from '../../../src/call-control/sip/options-probe.ts'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'

const TARGET = {
  client: parseIpv4('10.20.0.61') as Ipv4,
  local: parseIpv4('10.20.0.2') as Ipv4,
  localPort: 40_123,
  token: '0123456789abcdef',
}
const octets = (lines: readonly string[]) =>
  new Uint8Array(Buffer.from([...lines, '', ''].join('\r\n'), 'latin1'))

t.test('an OPTIONS has every field that RFC 3261 section 8.1.1 wants', async (t) => {
  t.equal(PHONE_SIP_PORT, 5060)
  t.same(Buffer.from(encodeOptions(TARGET)).toString('latin1').split('\r\n'), [
    'OPTIONS sip:10.20.0.61:5060 SIP/2.0',
    'Via: SIP/2.0/UDP 10.20.0.2:40123;branch=z9hG4bK0123456789abcdef',
    'Max-Forwards: 70',
    'From: <sip:switchhook@10.20.0.2>;tag=0123456789abcdef',
    'To: <sip:10.20.0.61>',
    'Call-ID: 0123456789abcdef@10.20.0.2',
    'CSeq: 1 OPTIONS',
    'Contact: <sip:switchhook@10.20.0.2:40123>',
    'Accept: application/sdp',
    'Content-Length: 0',
    '',
    '',
  ])
})

t.test('it is sent at most three times, and ends', async (t) => {
  t.same(OPTIONS_SENDS_MS, [0, 500, 1500])
  t.ok(OPTIONS_END_MS > 1500)
})

t.test('an answer tells the generation, whatever its status is', async (t) => {
  const answer = (status: string, more: readonly string[], branch = `z9hG4bK${TARGET.token}`) =>
    octets([
      `SIP/2.0 ${status}`,
      `Via: SIP/2.0/UDP 10.20.0.2:40123;branch=${branch}`,
      'CSeq: 1 OPTIONS',
      ...more,
    ])
  const read = (bytes: Uint8Array) => readOptionsAnswer(bytes, TARGET.token)
  t.same(read(answer('200 OK', ['Server: CSCO/7'])), { cisco: { version: '7', model: null } })
  t.same(read(answer('404 Not Found', ['Server: Cisco-CP7960G/8.0'])), {
    cisco: { version: '8.0', model: '7960' },
  })
  t.same(read(answer('200 OK', ['User-Agent: Cisco-CP7940G/8.0'])), {
    cisco: { version: '8.0', model: '7940' },
  })
  t.same(read(answer('200 OK', ['Server: Asterisk PBX'])), { cisco: null })
  t.same(read(answer('200 OK', [])), { cisco: null })
  t.equal(read(answer('100 Trying', ['Server: CSCO/7'])), undefined, 'not final')
  t.equal(read(answer('200 OK', ['Server: CSCO/7'], 'z9hG4bKother')), undefined, 'of another')
  t.equal(read(octets(['SIP/2.0 200 OK', 'CSeq: 1 OPTIONS'])), undefined, 'without a Via')
  t.equal(
    read(octets(['SIP/2.0 200 OK', `Via: SIP/2.0/UDP x;branch=z9hG4bK${TARGET.token}`])),
    undefined,
    'without a CSeq',
  )
  t.equal(read(encodeOptions(TARGET)), undefined, 'a request')
  t.equal(read(octets(['nonsense'])), undefined)
  t.equal(read(new Uint8Array(0)), undefined)
})
