import t from 'tap'
import { readTcp } from '../../../src/wire/capture/read-tcp.ts'

/** An IPv4 packet with TCP in it: 1.2.3.4:5 to 6.7.8.9:10, and what it carries. */
function packet(payload: string, change: Readonly<Record<number, number>> = {}): Uint8Array {
  const head = Buffer.alloc(40)
  head[0] = 0x45
  head.writeUInt16BE(40 + payload.length, 2)
  head[9] = 6
  head.set([1, 2, 3, 4, 6, 7, 8, 9], 12)
  head.writeUInt16BE(5, 20)
  head.writeUInt16BE(10, 22)
  head[32] = 0x50
  const bytes = Buffer.concat([head, Buffer.from(payload)])
  for (const [at, value] of Object.entries(change)) bytes[Number(at)] = value
  return bytes
}

t.test('a segment is read: addresses, ports, and what follows its options', async (t) => {
  t.match(readTcp(packet('hello')), {
    source: 0x01020304,
    sourcePort: 5,
    destination: 0x06070809,
    destinationPort: 10,
    payload: Buffer.from('hello'),
  })
  t.same(readTcp(packet('optshello', { 32: 0x60 }))?.payload, Buffer.from('hello'))
  t.same(readTcp(packet('x', { 32: 0 }))?.payload, Buffer.from('x'), 'no sound length')
  t.same(readTcp(packet('x', { 2: 0, 3: 0 }))?.payload, Buffer.from('x'), 'offloaded')
  t.same(
    readTcp(Buffer.concat([packet('x'), Buffer.alloc(5)]))?.payload,
    Buffer.from('x'),
    'padded',
  )
})

t.test('what is no segment, or no whole one, is none', async (t) => {
  t.equal(readTcp(new Uint8Array(0)), undefined)
  t.equal(readTcp(packet('x', { 0: 0x65 })), undefined, 'IPv6')
  t.equal(readTcp(packet('x', { 0: 0x44 })), undefined, 'a header that cannot be')
  t.equal(readTcp(packet('x', { 9: 17 })), undefined, 'UDP')
  t.equal(readTcp(packet('x').subarray(0, 39)), undefined, 'cut')
  t.equal(readTcp(packet('x', { 0: 0x4f })), undefined, 'cut behind the options of IPv4')
  t.equal(readTcp(packet('x', { 6: 0x20 })), undefined, 'a fragment')
  for (let length = 0; length < 60; length++) readTcp(Buffer.alloc(length, 0x45))
  t.same(readTcp(packet('', { 32: 0xf0 }))?.payload.length, 0, 'options beyond the end')
})
