import { endianness } from 'node:os'
import t from 'tap'
import { udpTo } from '../../../../src/adapters/udp/native/packet-filter.ts'

/** As `tcpdump -ddd 'udp dst port 68 and ip'` compiles it, less what it asks of IPv6. */
const BY_TCPDUMP = [
  '40 0 0 12',
  '21 0 8 2048',
  '48 0 0 23',
  '21 0 6 17',
  '40 0 0 20',
  '69 4 0 8191',
  '177 0 0 14',
  '72 0 0 16',
  '21 0 1 68',
  '6 0 0 65535',
  '6 0 0 0',
]

t.test('the program is the one that tcpdump makes of the same words', async (t) => {
  const program = udpTo(68)
  const isLittleEndian = endianness() === 'LE'
  const view = new DataView(program.buffer)
  const lines = Array.from({ length: program.length / 8 }, (_, index) => {
    const at = index * 8
    const code = view.getUint16(at, isLittleEndian)
    const operand = view.getUint32(at + 4, isLittleEndian)
    return `${code} ${view.getUint8(at + 2)} ${view.getUint8(at + 3)} ${operand}`
  })
  t.same(lines, BY_TCPDUMP)
})
