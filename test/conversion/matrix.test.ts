import t from 'tap'
import { hintOf } from '../../src/conversion/boot-state.ts'
import type { Mac } from '../../src/net/mac.ts'
import { planConversion } from '../../src/phones/conversion-plan.ts'
import { KNOWN_LOADS } from '../../src/phones/family/7940-7960/known-loads.ts'
import type { PhoneBehaviour } from '../../src/simulator/phone-quirks.ts'
import { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import { ConversionBench } from '../support/conversion-bench.ts'

// Every load to every load, by phones that are simulated against the engines of the appliance. All of
// it takes minutes: `npm run matrix`. A normal run plays a sample; SWITCHHOOK_SEED draws another one.

const RULES_OF = { cautious: 'cme-guide', direct: 'document-5455' } as const
const all = process.env['SWITCHHOOK_MATRIX'] === 'all'
const SAMPLE = 40

type Case = {
  readonly from: string
  readonly to: string
  readonly path: 'cautious' | 'direct'
  /** Whether the operator says what the phone runs; otherwise the appliance goes by what it shows. */
  readonly isFromKnown: boolean
  /** As traces of real phones show, or as was assumed before there were any. */
  readonly behaviour: PhoneBehaviour
}

const loads = KNOWN_LOADS.map(({ load }) => load)
const allCases: Case[] = (['cautious', 'direct'] as const).flatMap((path) =>
  [true, false].flatMap((isFromKnown) =>
    loads.flatMap((from) =>
      loads.flatMap((to) =>
        (['field', 'assumed'] as const).map((behaviour) => ({
          from,
          to,
          path,
          isFromKnown,
          behaviour,
        })),
      ),
    ),
  ),
)

t.setTimeout(3_600_000)

/** Long enough for a boot in which nothing is to be had. */
const FIRST_BOOT_MS = 120_000

/**
 * Enrols the phone and asks for the conversion. Where its load is not given, it boots once before: the plan
 * is narrowed by what it shows, and holds for every load that it may run.
 *
 * @returns `refusal` is empty where it was refused as the planner says it must be.
 */
async function begin(bench: ConversionBench, mac: Mac, tried: Case) {
  const { from, to, path, isFromKnown, behaviour } = tried
  await bench.enrol(mac)
  const quirks = { ladder: RULES_OF[path] }
  if (!isFromKnown) {
    bench.plugIn(mac, { load: from, behaviour, quirks })
    bench.run(FIRST_BOOT_MS)
  }
  const wanted = { model: '7960', to, path, available: loads } as const
  const generation = hintOf(bench.engine.boot(mac))
  const plan = planConversion(
    isFromKnown ? { ...wanted, from } : { ...wanted, from: null, generation },
  )
  const outcome = bench.start(mac, isFromKnown ? { to, path, from } : { to, path })
  const phone = isFromKnown ? null : bench.phones.get(mac)?.phone
  if (plan.kind === 'refused') {
    bench.unplug(mac)
    const isSame = outcome.kind === 'refused' && outcome.reason === plan.reason
    return { refusal: isSame ? '' : outcome.kind, steps: '', phone: undefined }
  }
  if (outcome.kind !== 'started') {
    return { refusal: JSON.stringify(outcome), steps: '', phone: undefined }
  }
  if (phone != null) bench.powerCycle(mac)
  const plugged = phone ?? bench.plugIn(mac, { load: from, behaviour, quirks }).phone
  return { refusal: null, steps: plan.steps.map(({ load }) => load).join(', '), phone: plugged }
}

/**
 * Plays to the end. A phone that was not known to run the load of the first step proves it by a boot that
 * fetches nothing; it reads what names the next load only when it starts, and the conversion says that it waits.
 */
function playToEnd(bench: ConversionBench, mac: Mac, { isFromKnown }: Case) {
  const end = bench.runConversion(mac)
  const waits = end?.state === 'running' && end.step === 1 && end.steps[1]?.stage === 'waiting'
  if (isFromKnown || !waits) return end
  bench.powerCycle(mac)
  return bench.runConversion(mac)
}

/** What went otherwise than planned; null where all went well. */
async function play(bench: ConversionBench, mac: Mac, tried: Case): Promise<string | null> {
  const { steps, refusal, phone } = await begin(bench, mac, tried)
  if (refusal !== null) return refusal === '' ? null : refusal
  const end = playToEnd(bench, mac, tried)
  const runs = phone?.flash.load
  bench.unplug(mac)
  bench.run(10_000)
  await bench.inventory.deletePhone(mac)
  bench.engine.forget(mac)
  if (end?.state === 'confirmed' && runs === tried.to) return null
  return `by ${steps}: ${end?.state} at step ${end?.step}, ${end?.diagnosis?.code}; runs ${runs}`
}

function sample(): readonly Case[] {
  const random = new PseudoRandom(`matrix ${process.env['SWITCHHOOK_SEED'] ?? 'seed'}`)
  return Array.from({ length: SAMPLE }, () => allCases[random.below(allCases.length)] as Case)
}

t.test('every conversion ends as planned: confirmed, or refused with the reason', async (t) => {
  const bench = await ConversionBench.open(loads)
  const faults: string[] = []
  const chosen = all ? allCases : sample()
  for (const [index, tried] of chosen.entries()) {
    const mac = `000E84${index.toString(16).toUpperCase().padStart(6, '0')}` as Mac
    const fault = await play(bench, mac, tried)
    if (fault === null) continue
    const known = tried.isFromKnown ? '' : 'unknown '
    faults.push(`${tried.behaviour} ${tried.path} ${known}${tried.from} to ${tried.to}: ${fault}`)
  }
  t.same(faults, [])
})
