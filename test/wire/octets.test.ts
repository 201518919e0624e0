import t from 'tap'
import { uint8At, uint16At, uint32At, writeUint16, writeUint32 } from '../../src/wire/octets.ts'

t.test('reads network order, without a sign', async (t) => {
  const bytes = Uint8Array.of(0x00, 0xff, 0xfe, 0xfd, 0xfc)
  t.equal(uint8At(bytes, 1), 0xff)
  t.equal(uint16At(bytes, 1), 0xfffe)
  t.equal(uint32At(bytes, 1), 0xfffefdfc)
  t.equal(uint32At(bytes, 0), 0x00fffefd)
})

t.test('writes network order and drops what does not fit', async (t) => {
  const bytes = new Uint8Array(7)
  writeUint16(0x12345, bytes, 0)
  writeUint32(-2, bytes, 2)
  t.equal(Buffer.from(bytes).toString('hex'), '2345fffffffe00')
})
