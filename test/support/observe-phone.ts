import type { Mac } from '../../src/net/mac.ts'
import type {
  Observation,
  ObservedEvent,
} from '../../src/tools/explain/observation/observed-event.ts'
import { PhoneObserver } from '../../src/tools/explain/observation/phone-observer.ts'

/**
 * A log of one phone in short: seconds, what happened, a name. `get` is a request that was served
 * to its end, `none` one that was answered by "file not found", `broke` one that broke off, `ask`
 * one of which no end is told, `ual`, `old` and `boot` a start seen by DHCP, `offered`, `granted`,
 * `declined` and `refused` what DHCP did; the name of `refused` is why.
 */
export type ShortLog = readonly (readonly [
  seconds: number,
  what:
    | 'get'
    | 'none'
    | 'broke'
    | 'ask'
    | 'ual'
    | 'old'
    | 'boot'
    | 'offered'
    | 'granted'
    | 'declined'
    | 'refused',
  name?: string,
])[]

const GENERATIONS = { ual: 'ual', old: 'pre-ual', boot: null } as const

/** What the events of a log say, looked at `afterSeconds` after its last line. */
export function observePhone(log: ShortLog, afterSeconds = 0): Observation {
  const observer = new PhoneObserver('000E84C060A6' as Mac)
  for (const line of log) for (const event of eventsOf(line)) observer.add(event)
  return observer.observe(((log.at(-1)?.[0] ?? 0) + afterSeconds) * 1000)
}

function eventsOf([seconds, what, name = '']: ShortLog[number]): readonly ObservedEvent[] {
  const atMs = seconds * 1000
  const request = { kind: 'request', name, atMs } as const
  switch (what) {
    case 'ask':
      return [request]
    case 'none':
      return [request, { kind: 'absent', name, atMs }]
    case 'get':
      return [request, { kind: 'ended', name, outcome: 'completed', atMs }]
    case 'broke':
      return [request, { kind: 'ended', name, outcome: 'failed', atMs }]
    case 'ual':
    case 'old':
    case 'boot':
      return [{ kind: 'boot', generation: GENERATIONS[what], atMs }]
    case 'refused':
      return [{ kind: 'dhcp', address: { kind: 'ignored', reason: name }, atMs }]
    case 'offered':
    case 'granted':
    case 'declined':
      return [{ kind: 'dhcp', address: { kind: what }, atMs }]
    default:
      return what satisfies never
  }
}
