import t from 'tap'
import { seenIn, type TftpAnswer } from './tftp-bench.ts'

const ANSWER: TftpAnswer = {
  seconds: 4,
  processorSeconds: 3,
  served: 10,
  failed: 1,
  bytes: 8_000_000,
  blocks: 15_630,
  repeated: 3,
  duplicates: 0,
  gaps: 0,
  wrong: 0,
  blockSize: 512,
  windowSize: 1,
  transferMs: { p50: 10, p99: 20, max: 30 },
}
const LARGE = { isLarge: true, windowSize: 1 }

t.test('large files are told in megabytes a second, and cost by the block', async (t) => {
  t.same(seenIn(ANSWER, LARGE), {
    units: 15_630,
    values: { megabytes: 2, p50: 10, p99: 20, clientBusy: 75, repeated: 3, failed: 1 },
    fault: null,
  })
})

t.test('an absent file has no blocks: its refusals are counted', async (t) => {
  const refused = { ...ANSWER, served: 2_000, failed: 0, bytes: 0, blocks: 0 }
  t.match(seenIn(refused, { isLarge: false, windowSize: 1 }), {
    units: 2_000,
    values: { transfers: 500 },
  })
})

t.test('wrong bytes, or a window that was not granted, are a fault', async (t) => {
  t.equal(seenIn({ ...ANSWER, wrong: 2 }, LARGE).fault, '2 wrong packets')
  t.match(seenIn(ANSWER, { isLarge: true, windowSize: 8 }).fault, 'windowsize 8 was asked for')
})
