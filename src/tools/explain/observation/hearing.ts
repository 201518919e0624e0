import type { Ask } from './asks.ts'
import { isRepeating } from './asks.ts'

/** Whether answers reach a phone, as far as what it asked for shows. */
export type Hearing =
  | { readonly kind: 'fine' }
  /** Nothing that is sent reaches it. */
  | { readonly kind: 'nothing-heard'; readonly facts: HearingFacts }
  /** Some answers reach it, most of them small ones; others do not. */
  | { readonly kind: 'part-heard'; readonly facts: HearingFacts }

/** What was seen. */
export type HearingFacts = {
  /** Files that the phone requested and did not get, each once. */
  readonly names: readonly string[]
  /** Requests for them. */
  readonly tries: number
  /** How often the server got no acknowledgement in time. */
  readonly unheard: number
  /** Files, or notices that there is none, that did reach it. */
  readonly heard: number
}

/** Requests without an answer from which on an accident is excluded: more than a port of either timer has. */
const TRIES = 6
/** Transfers without an acknowledgement: one may be a plug that was pulled, three are a firewall. */
const UNHEARD = 3
/** Files that an application asks for, never a loader: who gets to them was answered. */
const OF_APPLICATION = ['ringlist-dat', 'dialplan', 'locale', 'ringlist-xml', 'syncinfo']

/** Judges by what was asked for since the phone last got as far as its application. */
export function hearingOf(asks: readonly Ask[]): Hearing {
  const since = asks.slice(lastSuccess(asks) + 1)
  const lost = since.filter((ask) => ask.end === 'given-up' || isRepeating(ask))
  const silent = since.filter((ask) => ask.unheard > 0)
  const tries = sum(lost.map((ask) => ask.tries))
  const unheard = sum(silent.map((ask) => ask.unheard))
  if (tries < TRIES && unheard < UNHEARD) return { kind: 'fine' }
  const heard = since.filter((ask) => ask.end === 'heard' && ask.unheard === 0).length
  const names = [...new Set([...lost, ...silent].map(({ name }) => name))]
  const facts = { names, tries: Math.max(tries, unheard), unheard, heard }
  return { kind: heard >= 2 ? 'part-heard' : 'nothing-heard', facts }
}

/** Where the phone last showed that all was well, or -1. */
function lastSuccess(asks: readonly Ask[]): number {
  return asks.findLastIndex((ask, index) => {
    if (ask.answer === 'whole' && ask.file.kind === 'image') return true
    // A phone that asks for these has read what came before.
    if (OF_APPLICATION.includes(ask.file.kind)) return !isRepeating(ask) && ask.end !== 'given-up'
    if (ask.end !== 'single') return false
    // It asks again for nothing but its own file, half a minute later: it is told that there is none.
    return isPoll(asks, index)
  })
}

function isPoll(asks: readonly Ask[], index: number): boolean {
  const [before, ask] = [asks[index - 1], asks[index]]
  if (before === undefined || ask === undefined || ask.file.kind !== 'sip-phone') return false
  return before.name === ask.name && before.end === 'single' && ask.end === 'single'
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
