import { parseArgs } from 'node:util'
import type { Timing } from './appliance.ts'
import { FAULTS, type Fault, faultNamed } from './faults.ts'
import { MOST_LEASES } from './places.ts'

export const HELP = `npm run partitions -- [options]          two appliances under faults, and whether they keep their word
npm run partitions -- mutants [NAME...]  plants one bug after another, each of which must be found
npm run partitions -- short              the form for a build server: each fault once, and two bugs

  --rounds N       how many rounds (40); each has one fault or two
  --seed N         draws the faults and their times (7960)
  --faults LIST    names separated by commas, or all (all that the other options allow)
  --leases N       the network has so many leases already, of clients that say nothing (0)
  --clients N      clients that act all the time (24)
  --no-phones      without simulated phones and roll-outs, which cost processor time
  --minutes N      begins no round after so long (no limit)
  --standby        a second PostgreSQL as synchronous standby, and faults of both
  --clock          appliances with wall clocks of their own (libfaketime), and steps of those
  --defaults       takeoverAfter 8 s and repeatFor 10 min, not 2 s and 20 s
  --mutant NAME    plants a bug, and fails as it should
  --json           one JSON object a round, and one for the run
  --help

Faults: ${FAULTS.map(({ name }) => name).join(' ')}

Needs root, network namespaces, nft, strace, PostgreSQL and the built program. Exits with 1 on a violation.`

/** What a run is told. */
export type Options = {
  readonly rounds: number
  readonly seed: number
  readonly faults: readonly Fault[]
  readonly clients: number
  /** Leases that are there before the clients come. */
  readonly leases: number
  /** Milliseconds; infinite without a limit. */
  readonly limitMs: number
  readonly timing: Timing
  /** Whether there is a second cluster. */
  readonly hasStandby: boolean
  readonly hasPhones: boolean
  /** Whether wall clocks step. */
  readonly hasClock: boolean
  readonly mutant: string | null
  readonly isJson: boolean
  readonly isHelp: boolean
  /** Words that are no options. */
  readonly words: readonly string[]
}

/** The least that the configuration takes: many rounds in little time. */
const MINIMA: Timing = { takeoverAfterMs: 2000, repeatForMs: 20_000 }
const DEFAULTS: Timing = { takeoverAfterMs: 8000, repeatForMs: 600_000 }

/** @throws For an unknown option, an unknown fault, or a text where a number is needed. */
export function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { ...text, default: '40' },
      seed: { ...text, default: '7960' },
      faults: { ...text, default: 'all' },
      clients: { ...text, default: '24' },
      leases: { ...text, default: '0' },
      minutes: text,
      defaults: flag,
      standby: flag,
      clock: flag,
      'no-phones': flag,
      mutant: text,
      json: flag,
      help: flag,
    },
  })
  const names = values.faults === 'all' ? null : values.faults.split(',')
  const possible = FAULTS.filter(
    ({ needsStandby = false, needsClock = false }) =>
      (values.standby || !needsStandby) && (values.clock || !needsClock),
  )
  return {
    rounds: numberOf('--rounds', values.rounds),
    seed: numberOf('--seed', values.seed),
    faults: names === null ? possible : names.map(faultNamed),
    clients: numberOf('--clients', values.clients),
    leases: numberOf('--leases', values.leases, MOST_LEASES),
    limitMs:
      values.minutes === undefined ? Infinity : numberOf('--minutes', values.minutes) * 60_000,
    timing: values.defaults ? DEFAULTS : MINIMA,
    hasStandby: values.standby,
    hasClock: values.clock,
    hasPhones: !values['no-phones'],
    mutant: values.mutant ?? null,
    isJson: values.json,
    isHelp: values.help,
    words: positionals,
  }
}

function numberOf(option: string, text: string, most = Infinity): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value < 0) throw new Error(`${option} takes a number: ${text}`)
  if (value > most) throw new Error(`${option} takes ${most} at most: ${text}`)
  return value
}
