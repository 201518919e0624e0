import t from 'tap'
import { decodePacket } from '../../../src/wire/tftp/decode-packet.ts'
import { bytes } from '../../support/vector.ts'

t.test('rejects what is not a packet', async (t) => {
  const octets = (count: number, octet = '61') => octet.repeat(count)
  const malformed = [
    { why: 'empty', hex: '', code: 'TRUNCATED', offset: 0 },
    { why: 'one octet', hex: '00', code: 'TRUNCATED', offset: 1 },
    { why: 'opcode only', hex: '0004', code: 'TRUNCATED', offset: 2 },
    { why: 'ACK with half a block number', hex: '000400', code: 'TRUNCATED', offset: 3 },
    { why: 'opcode 0', hex: '0000 0001', code: 'UNKNOWN_OPCODE', offset: 0 },
    { why: 'opcode 7', hex: '0007 0001', code: 'UNKNOWN_OPCODE', offset: 0 },
    { why: 'opcode 255', hex: '00ff 0001', code: 'UNKNOWN_OPCODE', offset: 0 },
    { why: 'opcode 1 in the wrong octet', hex: '0100 6100', code: 'UNKNOWN_OPCODE', offset: 0 },
    { why: 'name without NUL', hex: '0001 6161', code: 'NOT_TERMINATED', offset: 2 },
    { why: 'no mode', hex: '0001 6100', code: 'NOT_TERMINATED', offset: 4 },
    { why: 'mode without NUL', hex: '0001 61 00 6f', code: 'NOT_TERMINATED', offset: 4 },
    { why: 'empty name', hex: '0001 00 6f6374657400', code: 'BAD_VALUE', offset: 2 },
    { why: 'only NULs', hex: `0001${octets(510, '00')}`, code: 'BAD_VALUE', offset: 2 },
    { why: 'option without NUL', hex: '0001 6100 6f00 61', code: 'NOT_TERMINATED', offset: 6 },
    { why: 'value without NUL', hex: '0001 6100 6f00 6100 31', code: 'NOT_TERMINATED', offset: 8 },
    { why: 'empty option name', hex: '0001 6100 6f00 00 3100', code: 'BAD_VALUE', offset: 6 },
    { why: 'write without mode', hex: '0002 6100', code: 'NOT_TERMINATED', offset: 4 },
    { why: 'RFC 2347: above 512', hex: `0001${octets(511)}`, code: 'TOO_LONG', offset: 512 },
    { why: '10000 NULs', hex: `0001${octets(10_000, '00')}`, code: 'BAD_VALUE', offset: 2 },
    {
      why: 'above 512 without the NULs that fill it up',
      hex: `0001${octets(503)} 00 6f63746574 00 6100 3100 ${octets(100, '00')}`,
      code: 'TOO_LONG',
      offset: 512,
    },
    {
      why: 'NULs with something behind them',
      hex: `0001 6100 6f00 ${octets(600, '00')} 61`,
      code: 'TOO_LONG',
      offset: 512,
    },
    {
      why: 'RFC 2348: above 65464',
      hex: `00030001${octets(65_465)}`,
      code: 'TOO_LONG',
      offset: 65_468,
    },
    { why: 'OACK without NUL', hex: '0006 6161', code: 'NOT_TERMINATED', offset: 2 },
  ]
  for (const { why, hex, code, offset } of malformed) {
    t.throws(() => decodePacket(bytes(hex)), { name: 'WireError', code, offset }, why)
  }
})

t.test('RFC 2347: a request of exactly 512 octets is read', async (t) => {
  const request = bytes(`0001${'61'.repeat(503)} 00 6f63746574 00`)
  t.equal(request.length, 512)
  t.match(decodePacket(request), { kind: 'read', name: 'a'.repeat(503), mode: 'octet' })
})

t.test('a request is filled up with NULs to any size', async (t) => {
  const request = `0001${'61'.repeat(503)} 00 6f63746574 00`
  for (const filling of [1, 2, 4, 1000, 65_000]) {
    const packet = decodePacket(bytes(`${request}${'00'.repeat(filling)}`))
    const wanted = { kind: 'read', name: 'a'.repeat(503), mode: 'octet', options: new Map() }
    t.same(packet, wanted, `${filling} NULs`)
  }
  const write = decodePacket(bytes(`0002 6100 6f00 ${'00'.repeat(600)}`))
  t.match(write, { kind: 'write', name: 'a', mode: 'o' })
})

t.test('an option without a value is left out, those before it count', async (t) => {
  const packet = decodePacket(bytes('0001 6100 6f00 6100 3100 6200'))
  t.same(packet, { kind: 'read', name: 'a', mode: 'o', options: new Map([['a', '1']]) })
  const filled = decodePacket(bytes('0001 6100 6f00 6100 3100 6200 000000'))
  t.match(
    filled,
    {
      options: new Map([
        ['a', '1'],
        ['b', ''],
      ]),
    },
    'followed by NULs: empty',
  )
})

t.test('RFC 2348: a block of 65464 octets is read, and is a view on the datagram', async (t) => {
  const datagram = bytes(`00030001${'61'.repeat(65_464)}`)
  const packet = decodePacket(datagram)
  const payload = packet.kind === 'data' ? packet.payload : new Uint8Array()
  t.equal(payload.length, 65_464)
  t.equal(payload.buffer, datagram.buffer)
})

t.test(
  'names beyond ASCII are UTF-8, and what is not becomes a name that does not exist',
  async (t) => {
    t.match(decodePacket(bytes('0001 c3a9 00 6f00')), { name: 'é' })
    t.match(decodePacket(bytes('0001 efbbbf61 00 6f00')), { name: '\ufeffa' }, 'no octet is lost')
    t.match(decodePacket(bytes('0001 ff61 00 6f00')), { name: '\ufffda' })
  },
)

t.test('an OACK without options and an ERROR without text are packets', async (t) => {
  t.match(decodePacket(bytes('0006 0000')), { kind: 'options-ack', options: new Map() })
  t.match(decodePacket(bytes('0005 0003')), { kind: 'error', code: 3, message: '' })
})
