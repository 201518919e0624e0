import t from 'tap'
import { decodePacket } from '../../../src/wire/tftp/decode-packet.ts'
import { encodePacket, writeDataHeader } from '../../../src/wire/tftp/encode-packet.ts'
import type { TftpPacket } from '../../../src/wire/tftp/packet.ts'
import { holdCodecToLaws } from '../../support/codec-laws.ts'

holdCodecToLaws<TftpPacket>(t, {
  vectors: 'tftp',
  decode: decodePacket,
  encode: encodePacket,
  describe: (packet) => {
    switch (packet.kind) {
      case 'read':
      case 'write':
        return { ...packet, options: list(packet.options) }
      case 'options-ack':
        return { ...packet, options: list(packet.options) }
      case 'data':
        return { ...packet, block: `${packet.block}`, payload: hex(packet.payload) }
      case 'ack':
        return { ...packet, block: `${packet.block}` }
      case 'error':
        return { ...packet, code: `${packet.code}` }
      default:
        return packet satisfies never
    }
  },
})

t.test('a DATA header takes a running index: the block after 65535 is 0', async (t) => {
  const cases = [
    { index: 1, header: '00030001' },
    { index: 65_535, header: '0003ffff' },
    { index: 65_536, header: '00030000' },
    { index: 65_537, header: '00030001' },
    { index: 5_000_000, header: '00034b40' },
  ]
  for (const { index, header } of cases) {
    const bytes = new Uint8Array(6).fill(9)
    writeDataHeader(index, bytes, 1)
    t.equal(hex(bytes), `09${header}09`, `${index}`)
  }
})

function list(options: ReadonlyMap<string, string>): string {
  return [...options].map(([name, value]) => `${name}=${value}`).join(' ')
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
