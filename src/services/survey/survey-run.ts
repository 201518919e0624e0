import type { Ipv4 } from '../../net/ipv4.ts'
import { PAGE_PATHS } from '../../phones/phone-page.ts'

/** One address of a survey. */
export type SurveyPlace = {
  readonly address: Ipv4
  readonly network: string
  /** False if the address must not be asked, such as one of ours: it is done at once. */
  readonly mayAsk: boolean
}

/** What is to be asked now. Of one address there is never more than one at a time. */
export type SurveyQuestion =
  | { readonly kind: 'page'; readonly place: SurveyPlace; readonly path: string }
  | { readonly kind: 'options'; readonly place: SurveyPlace }

/**
 * What came of asking for a page.
 *
 * - `told`: it is the page of the phone that should be there.
 * - `other`: it is the page of a phone, but not of that one. Nothing more is asked.
 * - `nothing`: there is a web server, and no page of a phone under that path.
 * - `closed`: no connection, no answer in time, or an unreadable one. No other path is tried.
 */
export type PageOutcome = 'told' | 'other' | 'nothing' | 'closed'

/** Phones of one network begin so far apart: old loads restart under a flood of connections. */
const PHONE_EVERY_MS = 1_000

/** How often a phone that was in a transfer is moved to the end of the queue before it is left out. */
const MAX_PUT_OFF = 3

type Waiting = { readonly place: SurveyPlace; putOff: number }

type Lane = { readonly waiting: Waiting[]; nextAtMs: number }

/**
 * Who is asked next, what, and when. It owns no socket and no clock: each method takes the time and
 * returns what is to be asked.
 *
 * On each network one phone begins each second. A phone is asked for its pages, one after another,
 * and then by one OPTIONS. One that is in a transfer is passed over.
 */
export class SurveyRun {
  readonly total: number
  readonly #lanes = new Map<string, Lane>()
  /** By address: the page that is being asked for, or -1 for OPTIONS. */
  readonly #asked = new Map<Ipv4, number>()
  readonly #isBusy: (address: Ipv4) => boolean
  #left: number

  /** @param isBusy - Whether files travel to the address, or its phone may be writing its flash. */
  constructor(places: readonly SurveyPlace[], isBusy: (address: Ipv4) => boolean, nowMs: number) {
    this.#isBusy = isBusy
    this.total = places.length
    const asked = places.filter(({ mayAsk }) => mayAsk)
    this.#left = asked.length
    for (const place of asked) {
      const lane = this.#lanes.get(place.network) ?? { waiting: [], nextAtMs: nowMs }
      this.#lanes.set(place.network, lane)
      lane.waiting.push({ place, putOff: 0 })
    }
  }

  /** How many addresses are done. */
  get done(): number {
    return this.total - this.#left
  }

  get isOver(): boolean {
    return this.#left === 0
  }

  /** When `onWake` is to be called next; null where all phones have begun. */
  get wakeAtMs(): number | null {
    const times = [...this.#lanes.values()]
      .filter(({ waiting }) => waiting.length > 0)
      .map(({ nextAtMs }) => nextAtMs)
    return times.length === 0 ? null : Math.min(...times)
  }

  /** Time has passed: phones whose turn has come begin. */
  onWake(nowMs: number): readonly SurveyQuestion[] {
    return [...this.#lanes.values()].flatMap((lane) => this.#begin(lane, nowMs))
  }

  /** A page was asked for, and this came of it. */
  onPage(place: SurveyPlace, outcome: PageOutcome): readonly SurveyQuestion[] {
    const index = this.#asked.get(place.address)
    if (index === undefined) return []
    const isLast = index + 1 >= PAGE_PATHS.length
    if (outcome === 'told' || outcome === 'other') return this.#end(place.address)
    if (outcome === 'closed' || isLast) {
      this.#asked.set(place.address, OPTIONS)
      return [{ kind: 'options', place }]
    }
    return this.#ask(place, index + 1)
  }

  /** An OPTIONS was answered, or got no answer. */
  onOptions({ address }: SurveyPlace): readonly SurveyQuestion[] {
    return this.#asked.get(address) === OPTIONS ? this.#end(address) : []
  }

  #begin(lane: Lane, nowMs: number): readonly SurveyQuestion[] {
    if (lane.nextAtMs > nowMs) return []
    const next = lane.waiting.shift()
    if (next === undefined) return []
    lane.nextAtMs = nowMs + PHONE_EVERY_MS
    if (!this.#isBusy(next.place.address)) return this.#ask(next.place, 0)
    if (next.putOff >= MAX_PUT_OFF) return this.#end(next.place.address)
    lane.waiting.push({ ...next, putOff: next.putOff + 1 })
    return []
  }

  #ask(place: SurveyPlace, index: number): readonly SurveyQuestion[] {
    this.#asked.set(place.address, index)
    return [{ kind: 'page', place, path: PAGE_PATHS[index] as string }]
  }

  #end(address: Ipv4): readonly SurveyQuestion[] {
    this.#asked.delete(address)
    this.#left--
    return []
  }
}

const OPTIONS = -1
