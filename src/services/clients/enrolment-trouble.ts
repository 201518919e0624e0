import type { Mac } from '../../net/mac.ts'
import type { RecordedEvent } from '../events/journal.ts'
import { inWords } from '../events/words.ts'
import type { Attention } from '../services.ts'

/** A phone that automatic enrolment could not enrol, or not convert. */
export type EnrolmentFault = {
  readonly mac: Mac
  readonly network: string
  readonly atMs: number
  /** What could not be done, and why: the event of it. */
  readonly event: FaultEvent
  /** In words, with what to do about it. */
  readonly why: string
}

type FaultEvent = 'enrol.phone.refused' | 'enrol.conversion.refused' | 'enrol.limit.reached'

/** Whether a fault may still stand, as far as that depends on other parts. */
export type FaultState = {
  readonly isEnrolled: (mac: Mac) => boolean
  /** It was enrolled automatically, no operator has edited it since, and it has no conversion. */
  readonly awaitsConversion: (mac: Mac) => boolean
}

/** How long faults stand at most, in milliseconds: the limit of an hour, and a device that is away. */
const HOUR_MS = 3_600_000
const WEEK_MS = 604_800_000

/** Phones that are remembered at most; of more than that the oldest are forgotten. */
const MOST_FAULTS = 1_024

/**
 * What automatic enrolment could not do, for operators to see until it is done: a phone that could not
 * be enrolled until it is, or for a week; one that could not be converted until it has a conversion, is
 * deleted, or an operator takes it over.
 */
export class EnrolmentTrouble {
  readonly #state: FaultState
  /** In the order in which they were noted. */
  readonly #faults = new Map<Mac, EnrolmentFault>()

  constructor(state: FaultState) {
    this.#state = state
  }

  /** Notes what events of automatic enrolment say, after a restart too. */
  note({ event, mac, network, atMs, fields }: Omit<RecordedEvent, 'id'>): void {
    if (mac === null || network === null) return
    switch (event) {
      case 'enrol.phone.refused':
      case 'enrol.conversion.refused':
      case 'enrol.limit.reached':
        this.#faults.delete(mac)
        this.#faults.set(mac, { mac, network, atMs, event, why: `${fields['why']}` })
        this.#dropOldest()
        break
      default:
        break
    }
  }

  /** Whether it stands that this device could not be enrolled. */
  isOpen(mac: Mac, nowMs: number): boolean {
    const fault = this.#faults.get(mac)
    return fault !== undefined && this.#stands(fault, nowMs)
  }

  /** What stands, the newest first. */
  list(nowMs: number): readonly EnrolmentFault[] {
    for (const fault of [...this.#faults.values()]) {
      if (!this.#stands(fault, nowMs)) this.#faults.delete(fault.mac)
    }
    return [...this.#faults.values()].reverse()
  }

  /** An operator does not want to see it any longer; a new attempt notes it again. */
  forget(mac: Mac): void {
    this.#faults.delete(mac)
  }

  #stands({ event, mac, atMs }: EnrolmentFault, nowMs: number): boolean {
    const { isEnrolled, awaitsConversion } = this.#state
    switch (event) {
      case 'enrol.phone.refused':
        return !isEnrolled(mac) && nowMs - atMs < WEEK_MS
      case 'enrol.limit.reached':
        return !isEnrolled(mac) && nowMs - atMs < HOUR_MS
      case 'enrol.conversion.refused':
        return awaitsConversion(mac)
      /* c8 ignore next 2 -- the compiler proves that there is no other value */
      default:
        return event satisfies never
    }
  }

  #dropOldest(): void {
    const [oldest] = this.#faults.keys()
    if (this.#faults.size > MOST_FAULTS && oldest !== undefined) this.#faults.delete(oldest)
  }
}

/** The same as operators read it. */
export function attentionIn(faults: readonly EnrolmentFault[]): readonly Attention[] {
  return faults.map(({ why, ...fault }) => ({
    ...fault,
    message: inWords({ ...fault, id: 0, fields: { why } }),
  }))
}
