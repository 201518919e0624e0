// Runs the appliance under mixed load, and asks whether memory, descriptors and latency stay flat:
// npm run soak -- [--minutes 30] [--svg FILE]
// Exits with 1 where something grew or went wrong.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { plot } from './plot.ts'
import { runSoak } from './run-soak.ts'
import { trendsOf } from './samples.ts'

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, svg: { type: 'string' } },
})
const minutes = Number(values.minutes)
if (!(minutes >= 1 && minutes <= 10_000)) {
  console.error(`soak: --minutes is "${values.minutes}"; 1 to 10000 are wanted`)
  process.exit(64)
}
const teardowns: (() => unknown)[] = []
try {
  const times = { totalMs: minutes * 60_000, stretchMs: 10_000 }
  const teardown = (...more: readonly (() => unknown)[]) => void teardowns.push(...more)
  const { samples, work } = await runSoak({ teardown }, times, (sample) => {
    const { seconds, residentMb, descriptors, offerP50, offerP99 } = sample
    const offers = `offers ${offerP50.toFixed(1)} ms, p99 ${offerP99.toFixed(1)}`
    console.log(`${seconds} s: ${residentMb.toFixed(1)} MiB, ${descriptors} descriptors, ${offers}`)
  })
  for (const [what, count] of Object.entries(work)) console.log(`${what} ${count}`)
  for (const { name, early, late, isFlat } of trendsOf(samples)) {
    console.log(
      `${isFlat ? 'flat' : 'NOT FLAT'}: ${name}: ${early.toFixed(1)} -> ${late.toFixed(1)}`,
    )
    if (!isFlat) process.exitCode = 1
  }
  if (values.svg !== undefined) writeFileSync(values.svg, plot(samples))
} finally {
  for (const teardown of teardowns.reverse()) await teardown()
}
