import t from 'tap'
import { isPcap, readPcap } from '../../../src/wire/capture/read-pcap.ts'
import { holdCodecToLaws } from '../../support/codec-laws.ts'
import { describeCapture } from '../../support/describe-capture.ts'
import { bytes, readVectors } from '../../support/vector.ts'

holdCodecToLaws(t, {
  vectors: 'pcap',
  decode: readPcap,
  describe: describeCapture,
  encode: () => new Uint8Array(),
})

const [whole] = readVectors('pcap').map((vector) => vector.bytes) as [Uint8Array]

t.test('a file that ends in the middle of a packet gives those before it', async (t) => {
  t.equal(readPcap(whole.subarray(0, whole.length - 1)).packets.length, 1)
  t.ok(readPcap(whole.subarray(0, whole.length - 1)).isCut)
  t.match(readPcap(whole.subarray(0, 30)), { packets: [], isCut: true })
})

t.test('what is no pcap, ends in its header, or has an endless packet is refused', async (t) => {
  t.notOk(isPcap(bytes('0a0d0d0a')))
  const endless = `a1b2c3d4 0002 0004 ${'00'.repeat(12)} 00000001 ${'00'.repeat(8)} 7fffffff 00000000`
  const cases = [
    { hex: '', code: 'BAD_MAGIC' },
    { hex: 'a1b2c3d4 0002', code: 'TRUNCATED' },
    { hex: endless, code: 'BAD_LENGTH' },
  ]
  for (const { hex, code } of cases)
    t.throws(() => readPcap(bytes(hex)), { name: 'WireError', code })
})
