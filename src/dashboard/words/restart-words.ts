import type { RestartChoice } from '../data/conversion-body.ts'
import type { RestartAttempt, RestartReport } from '../data/restart-report.ts'
import type { Conversion, Problem } from '../data/types.ts'

/** The methods in the order in which they are tried, with words for them. */
const METHODS = [
  ['sccp', 'SCCP Reset'],
  ['notify', 'SIP NOTIFY'],
  ['telnet', 'Telnet'],
  ['poe', 'Power of its switch port'],
  ['command', 'Restart command'],
] as const

/** What a restart can be ordered by; empty: each method that can be used until one helps. */
export const RESTART_CHOICES: readonly (readonly [value: string, words: string])[] = [
  ['', 'automatic'],
  ...METHODS,
]

/** Who restarts a phone that is being converted. */
export const RESTART_MODES = {
  auto: 'Restarts: the appliance restarts the phone where a step needs it.',
  manual: 'Restarts: by hand, where a step needs it.',
} as const satisfies Record<Conversion['restart'], string>

/** Who may be asked to restart a phone that is to be converted. */
export const RESTART_MODE_CHOICES: readonly (readonly [value: RestartChoice, words: string])[] = [
  ['', 'automatic where the network is set up for it'],
  ['auto', 'automatic'],
  ['manual', 'by hand'],
]

/** A method, for people. */
export function methodWords(method: string): string {
  return METHODS.find(([name]) => name === method)?.[1] ?? method
}

/** How one method went, a sentence. */
export function describeAttempt(attempt: RestartAttempt): string {
  const name = methodWords(attempt.method)
  switch (attempt.state) {
    case 'sent':
      return `${name}: sent`
    case 'seen':
      return `${name}: the phone started${afterWords(attempt.seconds)} (${sightingWords(attempt.by)})`
    case 'failed':
      return `${name}: failed, ${attempt.reason}`
    default:
      return attempt satisfies never
  }
}

/** How the restart as a whole stands. */
export function describeRestart({ attempts, outcome }: RestartReport): string {
  if (outcome === 'seen') return 'The phone has restarted.'
  if (outcome === 'failed') return 'The phone was not restarted. Restart it by hand.'
  return attempts.at(-1)?.state === 'sent'
    ? 'Waiting for the phone to start.'
    : 'The restart is in progress.'
}

/** A refused restart with a line a method: why it cannot be used, or that it can. */
export function restartProblem(problem: Problem): Problem {
  const { methods } = problem
  if (methods === undefined) return problem
  const isAny = methods.some(({ reason }) => reason === null)
  return {
    ...problem,
    detail: isAny
      ? 'The phone cannot be restarted by this method now. The methods are:'
      : 'The phone cannot be restarted from here now. Restart it by hand. The methods are:',
    problems: methods.map(({ method, reason }) => ({
      path: `${methodWords(method)}:`,
      message: reason ?? 'can be used',
    })),
  }
}

function afterWords(seconds: number | null): string {
  return seconds === null ? '' : ` ${Math.round(seconds)} s later`
}

function sightingWords(by: string): string {
  return SIGHTINGS.get(by) ?? by
}

const SIGHTINGS: ReadonlyMap<string, string> = new Map([
  ['dhcp-start', 'it asked for an address'],
  ['file-requests', 'it asked for its files'],
  ['alarm', 'its SCCP Alarm says so'],
])
