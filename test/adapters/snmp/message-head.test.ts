import t from 'tap'
import { isAcceptable } from '../../../src/adapters/snmp/guarded-socket.ts'
import { readMessageHead } from '../../../src/adapters/snmp/message-head.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))

/** Answers of Debian's snmpd 5.9.3, captured on loopback. */
const V2C = bytes(
  '302f020101040770726976617465a2210204051b060202010002010030133011060c2b0601020169010101030107020101',
)
const REPORT = bytes(
  '30710201033011020400ed36cd020300ffe30401000201030421301f041180001f88803d7a795bc2c20c6b0000000002010' +
    '10201040400040004003036041180001f88803d7a795bc2c20c6b000000000400a81f02040480f91e02010002010030113' +
    '00f060a2b060106030f01010400410101',
)
const PROTECTED = bytes(
  '3081930201033011020401c3214a020300ffe3040103020103043f303d041180001f88803d7a795bc2c20c6b00000000020' +
    '101020104040a737769746368686f6f6b040ce3eaf5237a79f7b0eab8ad61040815f1fbd872ff409b043aa8460f839f78e' +
    '4c3e8c15397410d34b29923df7b2e9d1ba1a4db5af01030d3ade203e4ffb07b662928e0e3fcb3ac0bf25aeedf23fae5490' +
    'c1bb4',
)
/** The Report with its PDU turned into a Response: what somebody forges who knows no key. */
const FORGED = bytes(Buffer.from(REPORT).toString('hex').replace('0400a81f', '0400a21f'))

t.test('tells version, protection and a Report', async (t) => {
  t.same(readMessageHead(V2C), { version: 'v2c' })
  t.same(readMessageHead(REPORT), { version: 'v3', isProtected: false, isReport: true })
  t.same(readMessageHead(PROTECTED), { version: 'v3', isProtected: true, isReport: false })
  t.same(readMessageHead(FORGED), { version: 'v3', isProtected: false, isReport: false })
})

t.test(
  'RFC 3414 section 3.2: an answer without authentication is none, unless it is a Report',
  async (t) => {
    t.ok(isAcceptable(PROTECTED, 'v3'))
    t.ok(isAcceptable(REPORT, 'v3'))
    t.notOk(isAcceptable(FORGED, 'v3'), 'forged')
    t.ok(isAcceptable(V2C, 'v2c'))
    t.notOk(isAcceptable(V2C, 'v3'), 'a downgrade')
    t.notOk(isAcceptable(PROTECTED, 'v2c'))
    t.notOk(isAcceptable(new Uint8Array(4_097), 'v2c'), 'too long')
  },
)

t.test('any bytes are read or refused, within bounds', async (t) => {
  for (const vector of [V2C, REPORT, PROTECTED]) {
    // Up to where the last element that is looked at ends, a prefix is refused.
    for (let length = 0; length < vector.length; length++) {
      t.equal(readMessageHead(vector.subarray(0, length)), undefined)
    }
    for (let index = 0; index < vector.length * 4; index++) {
      const changed = Uint8Array.from(vector)
      changed[index % vector.length] = (index * 89 + 128) & 0xff
      t.doesNotThrow(() => readMessageHead(changed))
    }
  }
  const malformed = [
    '',
    '30',
    '3080020101',
    '30058502',
    '3003020105',
    '30040201030400',
    '300302020101',
  ]
  for (const hex of malformed) t.equal(readMessageHead(bytes(hex)), undefined, hex)
})
