import t from 'tap'
import { planConversion } from '../../src/phones/conversion-plan.ts'
import { KNOWN_LOADS } from '../../src/phones/family/7940-7960/known-loads.ts'
import { checkFirmwareSet } from '../../src/phones/firmware-set.ts'
import { judgeApplication, judgeImage } from '../../src/simulator/judge-image.ts'
import { type LoadName, loaderOf, readLoadName } from '../../src/simulator/load-name.ts'
import { flashRunning, wantsSignature } from '../../src/simulator/phone-flash.ts'
import { DEFAULT_QUIRKS, type PhoneQuirks } from '../../src/simulator/phone-quirks.ts'
import { makeFirmwareSet } from '../../src/simulator/synthetic-firmware.ts'

// What phones accept is written down twice, in `src/phones` and in `src/simulator`, without either
// knowing the other. Here the two accounts meet.

const sets = new Map(KNOWN_LOADS.map(({ load }) => [load, makeFirmwareSet(load)]))
const RULES_OF = { cautious: 'cme-guide', direct: 'document-5455' } as const
const known = new Map<string, string>()

/** What a phone that runs `from` says to the images of `load`: `ok`, or why not. */
function verdictOn(from: string, load: string, ladder: PhoneQuirks['ladder']): string {
  const key = `${from} ${load} ${ladder}`
  const verdict = known.get(key) ?? judge(from, load, ladder)
  known.set(key, verdict)
  return verdict
}

function judge(from: string, load: string, ladder: PhoneQuirks['ladder']): string {
  const flash = flashRunning(from)
  const name = readLoadName(load) as LoadName
  const file = `${name.universal ? loaderOf(name) : load}.${wantsSignature(flash) ? 'sbn' : 'bin'}`
  const files = sets.get(load)
  const image = files?.get(file)
  if (image === undefined) return `there is no ${file}`
  const first = judgeImage({ flash, quirks: { ...DEFAULT_QUIRKS, ladder } }, file, image)
  if (first.kind === 'refused') return first.reason
  if (!name.universal) return 'ok'
  const second = judgeApplication(
    first.flash,
    `${load}.sb2`,
    files?.get(`${load}.sb2`) as Uint8Array,
  )
  return second.kind === 'refused' ? second.reason : 'ok'
}

t.test('a phone goes along with every step of every plan between known loads', async (t) => {
  let plans = 0
  const faults = new Set<string>()
  for (const path of ['cautious', 'direct'] as const) {
    for (const { load: from } of KNOWN_LOADS) {
      for (const { load: to } of KNOWN_LOADS) {
        const plan = planConversion({ model: '7960', from, to, path, available: 'everything' })
        if (plan.kind === 'refused') continue
        plans++
        let running = from
        for (const { load } of plan.steps) {
          const verdict = verdictOn(running, load, RULES_OF[path])
          if (verdict !== 'ok') faults.add(`${path}: ${running} to ${load}: ${verdict}`)
          running = load
        }
        if (running !== to) faults.add(`${path}: ${from} to ${to} ends at ${running}`)
      }
    }
  }
  t.ok(plans > 2_000, `${plans} plans`)
  t.same([...faults], [])
})

t.test('a load that a phone can never be brought back to has no plan', async (t) => {
  const cases = KNOWN_LOADS.filter(({ load }) => !makeSigned(load))
  for (const { load } of cases) {
    const plan = planConversion({
      model: '7960',
      from: 'P0S3-06-3-00',
      to: load,
      path: 'direct',
      available: 'everything',
    })
    t.match(plan, { kind: 'refused' }, load)
    t.not(verdictOn('P0S3-06-3-00', load, 'document-5455'), 'ok', load)
  }
})

t.test('each synthetic set passes the check of an import', async (t) => {
  for (const [load, files] of sets) {
    const check = checkFirmwareSet(files)
    t.match(check, { kind: 'ok', set: { load, ignored: [] } }, load)
  }
})

function makeSigned(load: string): boolean {
  return [...(sets.get(load)?.keys() ?? [])].some((name) => !name.endsWith('.bin'))
}
