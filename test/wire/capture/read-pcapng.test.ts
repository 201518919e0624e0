import t from 'tap'
import { readPcapng } from '../../../src/wire/capture/read-pcapng.ts'
import { holdCodecToLaws } from '../../support/codec-laws.ts'
import { describeCapture } from '../../support/describe-capture.ts'
import { bytes, readVectors } from '../../support/vector.ts'

holdCodecToLaws(t, {
  vectors: 'pcapng',
  decode: readPcapng,
  describe: describeCapture,
  encode: () => new Uint8Array(),
})

const SECTION = '0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c'
const ETHERNET = '00000001 00000014 0001 0000 00000000 00000014'

t.test('a file that ends in the middle of a block gives the packets before it', async (t) => {
  const vector = readVectors('pcapng').find(({ name }) => name === 'by-the-draft.txt')
  const whole = vector?.bytes as Uint8Array
  t.match(readPcapng(whole.subarray(0, whole.length - 4)), { packets: { length: 1 }, isCut: true })
  t.match(readPcapng(whole.subarray(0, whole.length - 16)), { packets: { length: 1 }, isCut: true })
})

t.test('a new section describes its interfaces again', async (t) => {
  const simple = '00000003 00000010 00000000 00000010'
  t.equal(readPcapng(bytes(SECTION + ETHERNET + simple)).packets.length, 1)
  t.throws(() => readPcapng(bytes(SECTION + ETHERNET + SECTION + simple)), { code: 'BAD_VALUE' })
})

t.test(
  'times of a power of ten are read, an option beyond its block ends the options',
  async (t) => {
    const packet = '00000006 00000020 00000000 00000000 00000007 00000000 00000000 00000020'
    const described = (options: string, length: string) =>
      readPcapng(
        bytes(`${SECTION} 00000001 ${length} 0001 0000 00000000 ${options} ${length} ${packet}`),
      ).packets[0]?.atNs
    t.equal(described('0009 0001 09000000', '0000001c'), 7n)
    t.equal(described('0009 0001 03000000', '0000001c'), 7_000_000n)
    t.equal(described('0009 00ff 03000000', '0000001c'), 7_000n)
    t.equal(described('0009 0002 03030000', '0000001c'), 7_000n)
    t.equal(described('000e 0004 00000001', '0000001c'), 7_000n)
  },
)

t.test('more interfaces than any machine has are not kept', async (t) => {
  const many = bytes(SECTION + ETHERNET.repeat(5_000))
  t.same(readPcapng(many), { packets: [], isCut: false })
})

t.test('a block that cannot be one is refused', async (t) => {
  const cases = [
    { why: 'no pcapng', hex: 'd4c3b2a1', code: 'BAD_MAGIC' },
    { why: 'no byte order', hex: SECTION.replace('1a2b3c4d', '00000000'), code: 'BAD_MAGIC' },
    { why: 'no whole words', hex: `${SECTION} 00000001 0000000d 0001 0000 00`, code: 'BAD_LENGTH' },
    {
      why: 'shorter than itself',
      hex: `${SECTION} 00000001 00000008 00000008`,
      code: 'BAD_LENGTH',
    },
    {
      why: 'short description',
      hex: `${SECTION} 00000001 00000010 0001 0000 00000010`,
      code: 'TRUNCATED',
    },
    {
      why: 'short packet',
      hex: `${SECTION}${ETHERNET} 00000006 00000010 00000000 00000010`,
      code: 'TRUNCATED',
    },
    {
      why: 'short simple packet',
      hex: `${SECTION}${ETHERNET} 00000003 0000000c 0000000c`,
      code: 'TRUNCATED',
    },
    {
      why: 'an interface that is not described',
      hex: `${SECTION} 00000006 00000020 ${'00'.repeat(20)} 00000020`,
      code: 'BAD_VALUE',
    },
    {
      why: 'a packet beyond its block',
      hex: `${SECTION}${ETHERNET} 00000006 00000020 ${'00'.repeat(12)} 00000009 00000009 00000020`,
      code: 'BAD_LENGTH',
    },
  ]
  for (const { why, hex, code } of cases) {
    t.throws(() => readPcapng(bytes(hex)), { name: 'WireError', code }, why)
  }
})
