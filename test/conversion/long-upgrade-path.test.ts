import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { inWords } from '../../src/services/events/words.ts'
import { BENCH_STARTS_AT_MS, ConversionBench } from '../support/conversion-bench.ts'
import { MAC } from '../support/conversion-builders.ts'
import { ROOT } from '../support/source-files.ts'

// docs/long-upgrade-path.md is what this test plays. To regenerate it: SWITCHHOOK_WRITE=1, then read it.

const DOCUMENT = join(ROOT, 'docs/long-upgrade-path.md')
const PATH = [
  'P0S3-04-4-00',
  'P0S3-05-3-00',
  'P0S3-06-3-00',
  'P0S3-07-4-00',
  'P00307020300',
  'P00308000500',
]

t.test('SIP 2.3 to SCCP 8.0: one power-cycle, every step, as the document shows it', async (t) => {
  const bench = await ConversionBench.open(PATH)
  await bench.enrol(MAC)
  bench.start(MAC, { from: 'P0S30203', to: 'P00308000500' })
  bench.plugIn(MAC, { load: 'P0S30203' })
  t.equal(bench.runConversion(MAC)?.state, 'confirmed')
  t.equal(bench.phones.get(MAC)?.phone.flash.load, 'P00308000500')
  const lines = bench.journal
    .recent()
    .map((event) => ({ ...event, fields: inWholeMs(event.fields) }))
    .map((event) => `${timeOf(event.atMs - BENCH_STARTS_AT_MS)}  ${inWords(event)}`)
  const transcript = `\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`
  const before = readFileSync(DOCUMENT, 'utf8')
  const written = `${before.slice(0, before.indexOf('```text'))}${transcript}`
  if (process.env['SWITCHHOOK_WRITE'] !== undefined) writeFileSync(DOCUMENT, written)
  t.equal(readFileSync(DOCUMENT, 'utf8'), written)
})

/** The bench's clock knows fractions, the appliance's does not. */
function inWholeMs(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return typeof fields['ms'] === 'number' ? { ...fields, ms: Math.round(fields['ms']) } : fields
}

function timeOf(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  const [minute, second] = [Math.floor(seconds / 60), seconds % 60]
  return `${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}`
}
