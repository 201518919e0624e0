import type Type from 'typebox'
import { repeats } from './network-rules.ts'
import { type Problem, pathOfItem, pathOfKey } from './problem.ts'
import { readForm } from './read-form.ts'
import { readYaml } from './read-yaml.ts'
import type { Readable } from './readable.ts'
import { ScenarioFile } from './scenario-schema.ts'

/** A rehearsal with simulated phones, after defaults and checks. */
export type Scenario = Type.StaticDecode<typeof ScenarioFile>

/** One phone of a rehearsal. */
export type ScenarioPhone = Scenario['phones'][number]

/** A rehearsal that can be run, or everything that is wrong with its file. */
export type ParsedScenario =
  | { readonly kind: 'ok'; readonly scenario: Scenario }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }

type ReadableScenario = Readable<Scenario>

/** A day on the clock, and a week of a phone: what goes beyond is a slip of the hand. */
const MAX_TIMEOUT_SECONDS = 86_400
const MAX_PHONE_SECONDS = 604_800

/** Reads the text of a scenario file: YAML, then its form, then its meaning; reports all faults together. */
export function parseScenario(text: string): ParsedScenario {
  const yaml = readYaml(text)
  if (yaml.kind === 'refused') return yaml
  const problems: Problem[] = []
  const scenario = readForm(ScenarioFile, yaml.document, '', problems) ?? {}
  problems.push(...onePlace(yaml.document))
  for (const rule of RULES) problems.push(...rule(scenario))
  if (problems.length > 0) {
    const found = problems.map((problem) => ({ ...problem, line: yaml.placeOf(problem.path).line }))
    return { kind: 'refused', problems: found.toSorted((a, b) => a.line - b.line) }
  }
  // Without a problem nothing is missing but what has a default; the compiler cannot know.
  return { kind: 'ok', scenario: scenario as Scenario }
}

const RULES: readonly ((scenario: ReadableScenario) => readonly Problem[])[] = [
  serverOnLoopback,
  macsOnce,
  portsOfSwitch,
  replacesAnother,
  timesWithinReason,
]

/** Goes by what was written: a faulty address is a fault of its own, not an absent one. */
function onePlace(document: unknown): readonly Problem[] {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return []
  const places = ['interface', 'loopback'].filter((key) => key in document)
  if (places.length === 1) return []
  const found = places.length === 0 ? 'neither' : 'both'
  return [{ path: '', message: `found ${found}, wanted either interface or loopback` }]
}

function serverOnLoopback(scenario: ReadableScenario): readonly Problem[] {
  if (scenario.server === undefined || scenario.interface === undefined) return []
  const message = 'found an address beside interface, where the server is found by broadcast'
  return [{ path: 'server', message }]
}

function macsOnce({ phones = [] }: ReadableScenario): readonly Problem[] {
  return repeats(phones.map((phone) => phone?.mac)).map(({ index, first }) => ({
    path: pathOfKey(pathOfItem('phones', index), 'mac'),
    message: `found the phone of ${pathOfItem('phones', first)} again`,
  }))
}

/** A port holds one phone at a time, and only where there is a switch. */
function portsOfSwitch({ phones = [], ...rest }: ReadableScenario): readonly Problem[] {
  const first = phones.map((phone) =>
    phone?.replaces === undefined ? phone?.switchPort : undefined,
  )
  const twice = repeats(first).map(({ index, first }) => ({
    path: pathOfKey(pathOfItem('phones', index), 'switchPort'),
    message: `found the port of ${pathOfItem('phones', first)} again, wanted replaces beside it`,
  }))
  if (rest.switch !== undefined) return twice
  return phones.flatMap((phone, index) =>
    phone?.switchPort === undefined
      ? []
      : [
          {
            path: pathOfKey(pathOfItem('phones', index), 'switchPort'),
            message: 'found a port without a switch, wanted switch beside phones',
          },
        ],
  )
}

/** One that comes before it in the file, so that each is plugged in some time. */
function replacesAnother({ phones = [] }: ReadableScenario): readonly Problem[] {
  const taken = new Set<unknown>()
  return phones.flatMap((phone, index) => {
    const replaced = phone?.replaces
    if (replaced === undefined) return []
    const before = phones.slice(0, index).some((other) => other?.mac === replaced)
    const isGood = before && !taken.has(replaced)
    taken.add(replaced)
    if (isGood) return []
    const path = pathOfKey(pathOfItem('phones', index), 'replaces')
    return [{ path, message: 'found no phone before it that no other phone replaces' }]
  })
}

/** Keys with times at which something is done to a phone. */
const ACTS = ['powerCycles', 'factoryResets', 'checkSyncs'] as const

function timesWithinReason(scenario: ReadableScenario): readonly Problem[] {
  const { timeout, watch, stagger, phones = [] } = scenario
  const acts = phones.flatMap((phone, index) =>
    ACTS.flatMap((key) =>
      (phone?.[key] ?? []).map((time, nth) => ({
        path: pathOfItem(pathOfKey(pathOfItem('phones', index), key), nth),
        time,
        most: MAX_PHONE_SECONDS,
      })),
    ),
  )
  return [
    { path: 'timeout', time: timeout, most: MAX_TIMEOUT_SECONDS },
    { path: 'watch', time: watch, most: MAX_PHONE_SECONDS },
    { path: 'stagger', time: stagger, most: MAX_PHONE_SECONDS },
    ...acts,
  ].flatMap(({ path, time, most }) =>
    time === undefined || time.seconds <= most
      ? []
      : [{ path, message: `found ${time.seconds} s, wanted at most ${most} s` }],
  )
}
