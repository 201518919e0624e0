import t from 'tap'
import { plot } from '../soak/plot.ts'
import { runSoak } from '../soak/run-soak.ts'
import { trendsOf } from '../soak/samples.ts'

t.setTimeout(300_000)

/** The short form of `npm run soak`: long enough for a leak of one buffer in a hundred packets. */
const TIMES = { totalMs: 48_000, stretchMs: 1000 }

t.test('mixed load: memory, descriptors and latency stay flat', async (t) => {
  const { samples, work } = await runSoak(t, TIMES)
  for (const { name, early, late, isFlat } of trendsOf(samples)) {
    t.ok(isFlat, `${name}: ${early.toFixed(1)} -> ${late.toFixed(1)}`)
  }
  for (const [what, count] of Object.entries(work)) t.ok(count > 0, `${count} ${what}`)
  t.match(plot(samples), /<polyline points="\S+ /)
})
