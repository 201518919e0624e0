import t from 'tap'
import {
  describeStage,
  formatBytes,
  formatClock,
  formatDate,
  formatMac,
  formatMoment,
  percentOfStep,
  shortHash,
  stageWords,
} from '../../../src/dashboard/words/format.ts'
import { aConversion, aStep } from '../a-conversion.ts'

t.test('octets are counted in powers of 1024', async (t) => {
  t.equal(formatBytes(0), '0 B')
  t.equal(formatBytes(1023), '1023 B')
  t.equal(formatBytes(130_552), '127.5 KiB')
  t.equal(formatBytes(32 * 1024 * 1024), '32.0 MiB')
})

t.test('addresses, hashes and times are short enough to be read', async (t) => {
  t.equal(formatMac('000E84C060A6'), '00:0E:84:C0:60:A6')
  t.equal(shortHash('062b2333bfb8c90999bf'), '062b2333bfb8')
  t.match(formatClock('2026-03-01T09:30:05.007Z'), /^\d\d:\d0:05\.007$/)
  t.equal(formatClock('yesterday'), 'yesterday', 'what is no time is shown as it is')
  t.match(formatMoment('2026-03-01T09:30:05.007Z'), /^2026-0[23]-\d\d \d\d:\d0:05$/)
  t.match(formatDate('2026-03-01T12:30:05.007Z'), /^2026-03-0[12]$/)
})

const PERCENTS = [
  { why: 'before the first image', step: aStep(), percent: 0 },
  {
    why: 'rounded down',
    step: aStep({ progress: { file: 'a', bytes: 999, of: 1000 } }),
    percent: 99,
  },
  { why: 'an empty image', step: aStep({ progress: { file: 'a', bytes: 0, of: 0 } }), percent: 0 },
  { why: 'never more', step: aStep({ progress: { file: 'a', bytes: 9, of: 3 } }), percent: 100 },
  { why: 'confirmed', step: aStep({ stage: 'confirmed' }), percent: 100 },
]

t.test('progress is a whole number from 0 to 100', async (t) => {
  for (const { why, step, percent } of PERCENTS) t.equal(percentOfStep(step), percent, why)
})

const fetching = aStep({ stage: 'fetching', progress: { file: 'x.sb2', bytes: 1, of: 2 } })

const STAGES = [
  { conversion: aConversion(), words: 'waiting: power-cycle the phone' },
  { conversion: aConversion({ restart: 'auto' }), words: 'waiting for the phone to start' },
  { conversion: aConversion({ steps: [fetching] }), words: 'fetching x.sb2' },
  {
    conversion: aConversion({ step: 1, steps: [aStep({ stage: 'confirmed' }), fetching] }),
    words: 'step 2 of 2: fetching x.sb2',
  },
  { conversion: aConversion({ state: 'stalled' }), words: 'stalled' },
  { conversion: aConversion({ state: 'cancelled' }), words: 'cancelled' },
  {
    conversion: aConversion({ state: 'confirmed', step: 1 }),
    words: 'confirmed: runs P0S3-8-12-00',
  },
  { conversion: aConversion({ step: 3 }), words: 'running' },
]

t.test('a stage is said in words, with its step where there are several', async (t) => {
  for (const { conversion, words } of STAGES) t.equal(describeStage(conversion), words)
  t.equal(stageWords(aStep({ stage: 'fetching' })), 'fetching')
  t.equal(stageWords(aStep({ stage: 'flashing' })), 'flashing')
})
