import type { RestartEvent, RestartSighting } from '../../call-control/restart/events.ts'
import type {
  RestartMethod,
  RestartMethodName,
  SendOutcome,
} from '../../call-control/restart/method.ts'
import { PhoneTransfers } from '../../call-control/restart/phone-transfers.ts'
import type { RestartEffect } from '../../call-control/restart/restart-effect.ts'
import { methodStates, type RestartFacts } from '../../call-control/restart/restart-facts.ts'
import {
  type RestartOrder,
  type RestartRequest,
  Restarts,
} from '../../call-control/restart/restarts.ts'
import { AutoRestarts, type RestartAnswer } from '../../conversion/auto-restart.ts'
import type { Conversion } from '../../conversion/conversion.ts'
import type { PhoneTime } from '../../conversion/phone-time.ts'
import type { Mac } from '../../net/mac.ts'
import { readRequestedFile } from '../../phones/requested-file.ts'
import { DeadlineTimer } from '../deadline-timer.ts'
import type { StartTimer } from '../start-timer.ts'
import type { Tracking } from '../tracking/tracking.ts'
import type { RestartNews } from './call-control-methods.ts'

/** What the restart service needs. */
export type RestartServiceParts = {
  /** One adapter a method. */
  readonly methods: readonly RestartMethod[]
  readonly facts: (mac: Mac, nowMs: number) => RestartFacts | undefined
  /** The network of a phone's entry; null where it has none. */
  readonly networkOf: (mac: Mac) => string | null
  /** Whether this appliance acts for the phone now; left out: for all. */
  readonly actsFor?: (mac: Mac) => boolean
  readonly time: PhoneTime
  readonly onEvent: (event: RestartEvent, atMs: number) => void
  readonly nowMs: () => number
  readonly startTimer: StartTimer
}

/** How a restart that was ordered by hand began, or why it did not. */
export type RestartAnswerByHand = Exclude<RestartOrder, { kind: 'begun' }> | BegunByHand
type BegunByHand = { readonly kind: 'begun'; readonly method: RestartMethodName }

/** How long a stop waits for methods that bring what they began into a safe state, in milliseconds. */
const SETTLE_WITHIN_MS = 8_000

/**
 * Restarts phones, by hand and where conversions need it: joins the engines that decide with the adapters
 * that send, and with what is seen of phones.
 */
export class RestartService {
  readonly #parts: RestartServiceParts
  readonly #methods: ReadonlyMap<RestartMethodName, RestartMethod>
  readonly #transfers: PhoneTransfers
  readonly #restarts: Restarts
  readonly #auto: AutoRestarts
  readonly #timer: DeadlineTimer
  /** When a phone was last seen to start or to fetch; one entry an enrolled phone at most. */
  readonly #lastSeenMs = new Map<Mac, number>()
  readonly #sending = new Map<number, { abort: AbortController; done: Promise<void> }>()
  #isClosed = false

  constructor(parts: RestartServiceParts) {
    this.#parts = parts
    const { methods, networkOf, time, nowMs, startTimer } = parts
    const { speed } = time
    this.#methods = new Map(methods.map((method) => [method.name, method]))
    this.#transfers = new PhoneTransfers(speed)
    const facts = (mac: Mac, atMs: number) => this.#factsOf(mac, atMs)
    this.#restarts = new Restarts({ facts, transfers: this.#transfers, speed })
    this.#auto = new AutoRestarts({
      time,
      order: (mac, atMs) => this.#orderByItself(mac, atMs),
      lastSeenMs: (mac) => this.#lastSeenMs.get(mac) ?? null,
      networkOf,
    })
    this.#timer = new DeadlineTimer({ nowMs, startTimer }, (atMs) => this.#onWake(atMs))
  }

  /** A request to restart a phone; null: by each method that can be used until one helps. */
  order(mac: Mac, named: RestartMethodName | null): RestartAnswerByHand {
    if (this.#actsFor(mac)) return this.#begin({ mac, why: 'by-hand', named }, this.#parts.nowMs())
    const reason = 'another appliance serves the network of the phone'
    const methods = this.#parts.methods.map((method) => ({ method: method.name, reason }))
    return { kind: 'no-method', methods }
  }

  /** Whether any method can be used for the phone as things are. */
  canRestart(mac: Mac): boolean {
    const facts = this.#factsOf(mac, this.#parts.nowMs())
    return facts !== undefined && methodStates(facts).some(({ reason }) => reason === null)
  }

  /**
   * Subscribes to what tracking reports of enrolled phones: starts and transfers.
   *
   * @param networkOf - The network of a phone's entry: what happens on another says nothing of it.
   */
  follow(
    { dhcpEvents, tftpEvents }: Pick<Tracking, 'dhcpEvents' | 'tftpEvents'>,
    networkOf: (mac: Mac) => string | null,
  ): void {
    dhcpEvents.subscribe((event, isEnrolled, nowMs) => {
      if (!isEnrolled || !('isBoot' in event) || event.mac === null) return
      if (!event.isBoot || event.event.endsWith('.ignored')) return
      if (![null, event.scope].includes(networkOf(event.mac))) return
      this.onSighting(event.mac, { kind: 'dhcp-start' }, nowMs)
    })
    tftpEvents.subscribe((event, mac) => {
      if (mac === null) return
      const { client, clientTid, atMs } = event
      const key = `${client} ${clientTid}`
      if (event.event === 'tftp.transfer.started') {
        this.onTransferStarted(mac, key, event.name, atMs)
      } else if (event.event === 'tftp.transfer.ended') this.onTransferEnded(mac, key, atMs)
    })
  }

  /** Conversions as they were stored: images of before the start count, and so do waiting steps. */
  resume(conversions: readonly Conversion[]): void {
    const nowMs = this.#parts.nowMs()
    for (const conversion of conversions) {
      const { mac, step, steps } = conversion
      const now = steps[step]
      if (now === undefined) continue
      this.#lastSeenMs.set(mac, nowMs)
      const { lastImageAtMs } = now.facts
      // An image was on its way when the appliance ended: how much of it the phone has is unknown.
      if (now.stage === 'fetching') this.#transfers.recall(mac, nowMs)
      else if (lastImageAtMs !== null) this.#transfers.recall(mac, lastImageAtMs)
      this.onConversion(conversion)
    }
  }

  /** A conversion has changed. */
  onConversion(conversion: Conversion): void {
    const nowMs = this.#parts.nowMs()
    this.#auto.onConversion(conversion, nowMs)
    // Not from within: what changed the conversion is not over yet.
    this.#timer.wakeBy(nowMs)
  }

  /** An enrolled phone has started, or says why it did. */
  onSighting(mac: Mac, sighting: RestartSighting, atMs: number): void {
    if (sighting.kind !== 'alarm') this.#lastSeenMs.set(mac, atMs)
    this.#run(this.#restarts.onSeen(mac, sighting, atMs))
  }

  /** An enrolled phone is being sent a file; `key` tells its transfers apart. */
  onTransferStarted(mac: Mac, key: string, fileName: string, atMs: number): void {
    this.#lastSeenMs.set(mac, atMs)
    this.#transfers.onStarted(mac, key, readRequestedFile(fileName).kind === 'image')
  }

  onTransferEnded(mac: Mac, key: string, atMs: number): void {
    this.#lastSeenMs.set(mac, atMs)
    this.#transfers.onEnded(mac, key, atMs)
  }

  /** Whether the phone is being sent a file, or may still write one: it is not restarted meanwhile. */
  isBusy(mac: Mac): boolean {
    return this.#transfers.busySeconds(mac, this.#parts.nowMs()) !== null
  }

  /** News of call control: an Alarm may show that a phone has restarted. */
  onNews(news: RestartNews): void {
    if (news.kind !== 'alarm' || news.code === null) return
    this.onSighting(news.mac, { kind: 'alarm', code: news.code }, news.atMs)
  }

  /** A phone is no longer enrolled. */
  forget(mac: Mac): void {
    this.#auto.forget(mac)
    this.#transfers.forget(mac)
    this.#lastSeenMs.delete(mac)
    this.#run(this.#restarts.forget(mac, this.#parts.nowMs()))
  }

  /** Ends what is under way, and waits until each method has left things in a safe state. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#run(this.#restarts.stop(this.#parts.nowMs()))
    this.#timer.close()
    const settled = Promise.all([...this.#sending.values()].map(({ done }) => done))
    let stopTimer = () => {}
    const late = new Promise<void>((resolve) => {
      stopTimer = this.#parts.startTimer(resolve, SETTLE_WITHIN_MS, true)
    })
    await Promise.race([settled, late])
    stopTimer()
  }

  /** A method without an adapter cannot be used, whatever is configured. */
  #factsOf(mac: Mac, nowMs: number): RestartFacts | undefined {
    const facts = this.#parts.facts(mac, nowMs)
    if (facts === undefined) return undefined
    const { telnet, switchPort, hasCommand } = facts
    return {
      ...facts,
      telnet: this.#methods.has('telnet') ? telnet : null,
      switchPort: this.#methods.has('poe') ? switchPort : null,
      hasCommand: this.#methods.has('command') && hasCommand,
    }
  }

  #orderByItself(mac: Mac, nowMs: number): RestartAnswer {
    if (this.#isClosed || !this.#actsFor(mac)) return 'not-now'
    const { kind } = this.#begin({ mac, why: 'conversion', named: null }, nowMs)
    switch (kind) {
      case 'begun':
        return 'begun'
      case 'busy':
      case 'in-transfer':
        return 'not-now'
      case 'loop':
      case 'no-method':
      case 'unknown-phone':
        return 'no-method'
      /* c8 ignore next 2 -- the compiler proves that there is no other value */
      default:
        return kind satisfies never
    }
  }

  #begin(request: RestartRequest, nowMs: number): RestartAnswerByHand {
    const order = this.#restarts.order(request, nowMs)
    if (order.kind !== 'begun') return order
    this.#run(order.effects)
    return { kind: 'begun', method: order.method }
  }

  #actsFor(mac: Mac): boolean {
    return this.#parts.actsFor?.(mac) ?? true
  }

  #onWake(nowMs: number): void {
    this.#run(this.#restarts.onWake(nowMs))
    const nextAtMs = this.#auto.onWake(nowMs)
    if (nextAtMs !== null) this.#timer.wakeBy(nextAtMs)
  }

  #run(effects: readonly RestartEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          this.#send(effect)
          break
        case 'abort':
          this.#sending.get(effect.attempt)?.abort.abort()
          break
        case 'event':
          this.#parts.onEvent(effect.event, effect.atMs)
          break
        case 'wake':
          this.#timer.wakeBy(effect.atMs)
          break
        case 'ended':
          this.#auto.onEnded(effect.mac, this.#parts.nowMs())
          this.#timer.wakeBy(this.#parts.nowMs())
          break
        /* c8 ignore next 2 -- the compiler proves that there is no other value */
        default:
          effect satisfies never
      }
    }
  }

  #send({ attempt, method, target }: Extract<RestartEffect, { kind: 'send' }>): void {
    const abort = new AbortController()
    const adapter = this.#methods.get(method)
    // After the answer: the caller hears which method it is before any event of it.
    const sent = Promise.resolve().then(() => adapter?.send(target, abort.signal))
    const done = sent
      .then((outcome) => outcome ?? failed('there is no adapter for it'))
      .catch((error: unknown) => failed(error instanceof Error ? error.message : String(error)))
      .then((outcome) => {
        this.#sending.delete(attempt)
        this.#run(this.#restarts.onSent(attempt, outcome, this.#parts.nowMs()))
      })
    this.#sending.set(attempt, { abort, done })
  }
}

function failed(reason: string): SendOutcome {
  return { kind: 'failed', reason }
}
