import t from 'tap'
import type { Mac } from '../../src/net/mac.ts'
import { planConversion } from '../../src/phones/conversion-plan.ts'
import { KNOWN_LOADS } from '../../src/phones/known-loads.ts'
import { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import { ConversionBench } from '../support/conversion-bench.ts'

// Every load to every load, by phones that are simulated against the engines of the appliance. All of
// it takes minutes: `npm run matrix`. A normal run plays a sample; SWITCHHOOK_SEED draws another one.

const LADDER = { cautious: 'cme-guide', direct: 'document-5455' } as const
const all = process.env['SWITCHHOOK_MATRIX'] === 'all'
const SAMPLE = 24

type Journey = { readonly from: string; readonly to: string; readonly path: 'cautious' | 'direct' }

const loads = KNOWN_LOADS.map(({ load }) => load)
const journeys: Journey[] = (['cautious', 'direct'] as const).flatMap((path) =>
  loads.flatMap((from) => loads.map((to) => ({ from, to, path }))),
)

t.setTimeout(3_600_000)

/** What went otherwise than planned; null where all went well. */
async function play(bench: ConversionBench, mac: Mac, journey: Journey): Promise<string | null> {
  const { from, to, path } = journey
  const plan = planConversion({ model: '7960', from, to, path, atHand: loads })
  await bench.enrol(mac)
  const outcome = bench.start(mac, journey)
  if (plan.kind === 'refused') {
    return outcome.kind === 'refused' && outcome.reason === plan.reason ? null : outcome.kind
  }
  if (outcome.kind !== 'started') return `${outcome.kind}: ${JSON.stringify(outcome)}`
  const { phone } = bench.plugIn(mac, { load: from, knobs: { ladder: LADDER[path] } })
  const end = bench.runConversion(mac)
  const runs = phone.flash.load
  bench.unplug(mac)
  bench.run(10_000)
  await bench.inventory.deletePhone(mac)
  bench.desk.forget(mac)
  const steps = plan.steps.map(({ load }) => load).join(', ')
  if (end?.state === 'confirmed' && runs === to) return null
  return `by ${steps}: ${end?.state} at step ${end?.step}, ${end?.diagnosis?.code}; runs ${runs}`
}

function sample(): readonly Journey[] {
  const random = new PseudoRandom(`matrix ${process.env['SWITCHHOOK_SEED'] ?? 'seed'}`)
  return Array.from({ length: SAMPLE }, () => journeys[random.below(journeys.length)] as Journey)
}

t.test('every journey ends as planned: confirmed, or refused with the reason', async (t) => {
  const bench = await ConversionBench.open(loads)
  const faults: string[] = []
  const chosen = all ? journeys : sample()
  for (const [index, journey] of chosen.entries()) {
    const mac = `000E84${index.toString(16).toUpperCase().padStart(6, '0')}` as Mac
    const fault = await play(bench, mac, journey)
    if (fault === null) continue
    faults.push(`${journey.path} ${journey.from} to ${journey.to}: ${fault}`)
  }
  t.same(faults, [])
})
