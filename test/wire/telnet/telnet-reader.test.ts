import t from 'tap'
import { TelnetReader, telnetLine } from '../../../src/wire/telnet/telnet-reader.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')

const cases = [
  { why: 'text', sent: '50 61 73 73', text: 'Pass', reply: '' },
  { why: 'RFC 854: DO is refused by WONT', sent: 'ff fd 01', text: '', reply: 'fffc01' },
  { why: 'RFC 854: WILL is refused by DONT', sent: 'ff fb 03', text: '', reply: 'fffe03' },
  { why: 'what is off already is not answered', sent: 'ff fc 01 ff fe 01', text: '', reply: '' },
  { why: 'an option that is 255', sent: 'ff fd ff 41', text: 'A', reply: 'fffcff' },
  {
    why: 'RFC 854: a doubled 255 is an octet of data',
    sent: '41 ff ff 42',
    text: 'A\u00ffB',
    reply: '',
  },
  { why: 'commands without an option', sent: '41 ff f1 ff f9 42', text: 'AB', reply: '' },
  {
    why: 'RFC 855: a subnegotiation, with a doubled 255 and an SE in it',
    sent: '41 ff fa 18 01 ff ff f0 ff f0 42',
    text: 'AB',
    reply: '',
  },
  { why: 'RFC 854: CR NUL is a bare CR', sent: '41 0d 00 42', text: 'A\rB', reply: '' },
  {
    // Captured from inetutils-telnetd 2.4 (Debian 12), which opens a session with it.
    why: 'the opening of a server that nobody here wrote',
    sent: 'ff fb 25 ff fb 26 ff fd 18 ff fd 20 ff fd 23 ff fd 27 ff fd 24 50 61 73 73',
    text: 'Pass',
    reply: 'fffe25fffe26fffc18fffc20fffc23fffc27fffc24',
  },
]

t.test('text comes out, every option is refused', async (t) => {
  for (const { why, sent, text, reply } of cases) {
    const read = new TelnetReader().read(bytes(sent))
    t.same({ text: read.text, reply: hex(read.reply) }, { text, reply }, why)
  }
})

t.test('pieces may be cut anywhere', async (t) => {
  for (const { why, sent, text, reply } of cases) {
    const reader = new TelnetReader()
    const pieces = [...bytes(sent)].map((octet) => reader.read(Uint8Array.of(octet)))
    t.equal(pieces.map((piece) => piece.text).join(''), text, why)
    t.equal(pieces.map((piece) => hex(piece.reply)).join(''), reply, why)
  }
})

t.test('any octets are read, and no answer is longer than what was sent', async (t) => {
  let seed = 854
  const random = () => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    return seed >> 8
  }
  for (let round = 0; round < 500; round++) {
    const octets = Uint8Array.from({ length: random() % 64 }, () =>
      random() % 3 === 0 ? 255 : 240 + (random() % 16),
    )
    const { text, reply } = new TelnetReader().read(octets)
    t.ok(text.length + reply.length <= octets.length)
  }
})

t.test('a line ends with CR LF, and 255 is doubled', async (t) => {
  t.equal(hex(telnetLine('reset')), '72657365740d0a')
  t.equal(hex(telnetLine('a\u00ff')), '61ffff0d0a')
})
