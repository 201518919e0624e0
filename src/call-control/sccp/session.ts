import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import type { AlarmReport } from '../../phones/alarm-text.ts'
import { FrameSplitter } from '../../wire/sccp/frame-splitter.ts'
import type { Register } from '../../wire/sccp/message.ts'

/** One TCP connection, as the adapter numbers and opens it. */
export type SccpConnection = {
  readonly session: number
  readonly client: Ipv4
  readonly local: Ipv4
  readonly localPort: number
}

/** Without a Register after this time, a connection is closed; in milliseconds. */
const REGISTER_WITHIN_MS = 30_000
/** Without a whole frame for this long, too: three keep-alives. */
const FRAME_WITHIN_MS = 90_000
/** A phone that never asks for the time is taken for registered after this. */
const SETTLED_AFTER_MS = 10_000

/** What is known of one connection. Bounded: one unfinished frame, and what is below. */
export class SccpSession {
  readonly connection: SccpConnection
  readonly splitter = new FrameSplitter()
  readonly #openedAtMs: number
  #lastFrameAtMs: number
  deviceName = ''
  instance = 0
  #hasRegistered = false
  /** The enrolled phone that it is; null while that is unknown, or if it is no enrolled phone. */
  mac: Mac | null = null
  /** Whether who it is cannot be told yet. */
  isClaimOpen = false
  /** What its last Alarm said; it comes before the Register or after it. */
  alarm: AlarmReport | null = null
  /** A Reset is to leave as soon as the phone is through with its registration. */
  isResetWanted = false
  /** From when on a Reset may leave. */
  #settledAtMs = Number.POSITIVE_INFINITY

  constructor(connection: SccpConnection, nowMs: number) {
    this.connection = connection
    this.#openedAtMs = nowMs
    this.#lastFrameAtMs = nowMs
  }

  onFrame(nowMs: number): void {
    this.#lastFrameAtMs = nowMs
  }

  onRegister({ deviceName, instance }: Register, nowMs: number): void {
    this.#hasRegistered = true
    this.deviceName = deviceName
    this.instance = instance
    this.#settledAtMs = nowMs + SETTLED_AFTER_MS
  }

  /** TimeDateReq: the last thing that a 79x0 asks when it registers. */
  onSettled(): void {
    this.#settledAtMs = 0
  }

  /**
   * Whether a Reset may leave. Call managers reset phones in the middle of a registration, too; that
   * phones obey there is not known, so the end of it is waited for.
   */
  isReadyForReset(nowMs: number): boolean {
    return nowMs >= this.#settledAtMs
  }

  /** Why it is to be closed; null while it may stay. */
  faultAt(nowMs: number): 'not-registered-in-time' | 'silent' | null {
    if (!this.#hasRegistered && nowMs - this.#openedAtMs >= REGISTER_WITHIN_MS) {
      return 'not-registered-in-time'
    }
    return nowMs - this.#lastFrameAtMs >= FRAME_WITHIN_MS ? 'silent' : null
  }
}
