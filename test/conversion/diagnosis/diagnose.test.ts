import t from 'tap'
import { readAbsence, readImage } from '../../../src/conversion/boot-reading.ts'
import { diagnose } from '../../../src/conversion/diagnosis/diagnose.ts'
import type { StepTrace } from '../../../src/conversion/diagnosis/step-trace.ts'
import { aReading, aStep, aTrace, MAC } from '../../support/conversion-builders.ts'

const asked = aReading(['OS79XX.TXT', `SEP${MAC}.cnf.xml`])
const deaf = aReading([])
const fetching = aStep({
  stage: 'fetching',
  progress: { file: 'P0S3-06-3-00.sbn', bytes: 512, of: 1_024 },
})

const CASES: readonly { why: string; trace: Partial<StepTrace>; code: string | null }[] = [
  { why: 'two whole transfers for nothing', trace: { flashedBoots: 2 }, code: 'image-refused' },
  { why: 'one whole transfer', trace: { flashedBoots: 1 }, code: null },
  { why: 'three broken ones', trace: { brokenTransfers: 3 }, code: 'transfer-broken' },
  { why: 'two broken ones', trace: { brokenTransfers: 2 }, code: null },
  {
    why: 'an image of another load',
    trace: { reading: readAbsence(asked, 'P0S3-07-4-00.bin') },
    code: 'image-absent',
  },
  {
    why: 'CTLSEP is absent in every healthy boot',
    trace: { reading: readAbsence(asked, `CTLSEP${MAC}.tlv`) },
    code: null,
  },
  {
    why: 'an image asked for while the right one is being flashed',
    trace: {
      step: aStep({ stage: 'flashing' }),
      reading: readAbsence(asked, 'P0S3-07-4-00.bin'),
    },
    code: null,
  },
  {
    why: 'an address, then silence',
    trace: { reading: deaf, nowMs: 60_000 },
    code: 'dhcp-without-tftp',
  },
  { why: 'an address, just now', trace: { reading: deaf, nowMs: 59_999 }, code: null },
  {
    why: 'silence of a phone that waits for its power-cycle',
    trace: { step: aStep(), reading: deaf, nowMs: 60_000 },
    code: null,
  },
  {
    why: 'files read, no image asked for',
    trace: { reading: asked, nowMs: 90_000 },
    code: 'trigger-ignored',
  },
  { why: 'files read, early', trace: { reading: asked, nowMs: 89_999 }, code: null },
  {
    why: 'files read, image asked for',
    trace: { reading: readImage(asked, 'P0S3-06-3-00.sbn', 'begun'), nowMs: 90_000 },
    code: null,
  },
  {
    why: 'a transfer without an end',
    trace: { step: fetching, lastSignAtMs: 10_000, nowMs: 70_000 },
    code: 'transfer-silent',
  },
  {
    why: 'the same, nothing fetched yet and no sign since a restart',
    trace: { step: { ...fetching, progress: null }, nowMs: 60_000 },
    code: 'transfer-silent',
  },
  {
    why: 'a slow transfer',
    trace: { step: fetching, lastSignAtMs: 10_001, nowMs: 70_000 },
    code: null,
  },
  {
    why: 'flashed, and dark for ten minutes',
    trace: { step: aStep({ stage: 'flashing' }), nowMs: 600_000 },
    code: 'no-reboot',
  },
  {
    why: 'flashed, and still busy',
    trace: { step: aStep({ stage: 'flashing' }), nowMs: 599_999 },
    code: null,
  },
]

for (const { why, trace, code } of CASES) {
  t.test(`${why}: ${code ?? 'healthy'}`, async (t) => {
    const found = diagnose(aTrace(trace))
    t.equal(found?.code ?? null, code)
    if (found === null) return
    for (const text of [found.seen, found.cause, found.remedy, found.source]) t.ok(text.length > 20)
  })
}

t.test('says how far a silent transfer came', async (t) => {
  const found = diagnose(aTrace({ step: fetching, lastSignAtMs: 0, nowMs: 60_000 }))
  t.match(found?.seen, 'after 512 of 1024 bytes')
})
