import type { Refusal, RegistrationEffect } from '../../call-control/effect.ts'
import type { CallControlEvent } from '../../call-control/events.ts'
import type { Registration, RegistrationStore } from '../../call-control/registration.ts'
import { formatIpv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import type { EventLog } from '../event-log.ts'
import type { Counters } from '../events/counters.ts'
import { levelOf } from '../events/event-catalogue.ts'
import { EventLimits } from '../events/event-limits.ts'
import type { Journal } from '../events/journal.ts'
import { reportLeftOut } from '../events/report-left-out.ts'
import { LineLimit } from '../line-limit.ts'
import { SaveQueue } from '../save-queue.ts'
import type { StartTimer } from '../start-timer.ts'

/** What a phone said of itself when it registered. */
export type RegistrationEvidence = Omit<Extract<RegistrationEffect, { kind: 'evidence' }>, 'kind'>

/** What follows from registrations goes here. */
export type KeeperParts = {
  readonly log: EventLog
  readonly journal: Pick<Journal, 'record'>
  readonly counters: Counters
  readonly store: RegistrationStore
  readonly networkOf: (mac: Mac) => string | null
  /** Left out: registrations are no evidence. */
  readonly onEvidence?: (evidence: RegistrationEvidence) => void
  readonly onStoreFault: (error: unknown) => void
  readonly startTimer: StartTimer
}

/**
 * Refreshes of a second travel in one write: a crash loses a second of a lifetime at most. What is new
 * or has ended is stored at once.
 */
const REFRESH_WITHIN_MS = 1_000

/** Stores registrations, and tells log, journal, counters and conversions of them. */
export class RegistrationKeeper {
  readonly #parts: KeeperParts
  readonly #unsaved: SaveQueue<Mac, Registration | null>
  readonly #refusals = new LineLimit()
  /** Of its own: a device that registers without end hides nothing of its phone's conversion. */
  readonly #limits = new EventLimits()

  constructor(parts: KeeperParts) {
    this.#parts = parts
    this.#unsaved = new SaveQueue({
      save: (batch) => parts.store.save(batch),
      onFault: parts.onStoreFault,
      startTimer: parts.startTimer,
    })
  }

  run(effects: readonly RegistrationEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'event':
          this.#report(effect.event, effect.atMs)
          break
        case 'store':
          this.#unsaved.put(
            effect.mac,
            effect.registration,
            effect.isRefresh ? REFRESH_WITHIN_MS : 0,
          )
          break
        case 'evidence': {
          const { kind: _kind, ...evidence } = effect
          this.#parts.onEvidence?.(evidence)
          break
        }
        /* c8 ignore next 2 -- the compiler proves that there is no other value */
        default:
          effect satisfies never
      }
    }
  }

  /** A message changed nothing: counted, and logged within a limit. */
  refused({ address, reason }: Refusal, protocol: 'sip' | 'sccp', nowMs: number): void {
    const { counters, log } = this.#parts
    counters.add('call_control_refusals', { protocol, reason })
    const leftOut = this.#refusals.take(nowMs)
    if (leftOut === null) return
    const client = formatIpv4(address)
    log.debug({ event: 'phone.registration.refused', protocol, reason, client, leftOut })
  }

  /** Tells of events and lines that were left out; to be called from time to time. */
  reportLeftOut(nowMs: number): void {
    reportLeftOut(this.#limits, this.#parts, nowMs)
  }

  /** Writes what is left; rejects where it could not be written. */
  close(): Promise<void> {
    return this.#unsaved.close()
  }

  #report(event: CallControlEvent, atMs: number): void {
    const { counters, journal, log, networkOf } = this.#parts
    const { event: name, mac, ...facts } = event
    const fields = 'address' in facts ? { ...facts, address: formatIpv4(facts.address) } : facts
    const network = networkOf(mac)
    counters.add('call_control_events', { event: name })
    const unkept = this.#limits.forJournal(name, mac, atMs)
    if (unkept !== null) {
      journal.record({ atMs, event: name, mac, network, fields: withLeftOut(fields, unkept) })
    }
    const unsaid = this.#limits.forLine(name, mac, atMs)
    if (unsaid === null) return
    log[levelOf(name)]({ event: name, mac, network, ...withLeftOut(fields, unsaid) })
  }
}

/** Says beside a thing how many of its kind were left out before it. */
function withLeftOut(fields: object, leftOut: number): Readonly<Record<string, unknown>> {
  return leftOut === 0 ? { ...fields } : { ...fields, leftOut }
}
