import type {
  Announced,
  Announcement,
  MemberStore,
  Namesake,
} from '../../ownership/member-store.ts'
import type { StartTimer } from '../start-timer.ts'

/** What membership needs. */
export type MembershipParts = {
  readonly store: MemberStore
  readonly announcement: () => Announcement
  /** The machine's own clock, in milliseconds since the epoch; it may step. */
  readonly wallMs: () => number
  /** Milliseconds of a clock that does not step. */
  readonly nowMs: () => number
  readonly startTimer: StartTimer
  /**
   * When nothing was confirmed for so long, others may have taken over what this appliance did, in
   * milliseconds. Left out: never.
   */
  readonly brokenAfterMs?: number
}

/** That the database has heard of this appliance. */
export type Presence = {
  /** Another number after each break: others may have taken over in between. */
  readonly run: number
  /** When the last word that was confirmed was sent, by the clock that does not step. */
  readonly atMs: number
}

/** How often an appliance tells that it is there, in milliseconds. */
const EVERY_MS = 1000

/** A namesake that does not tell of itself for so long is gone, in milliseconds. */
const GONE_AFTER_MS = 3000

/**
 * One move may be the last word of a process that was killed: what it had sent when it was cut off
 * arrives when the link is whole again.
 */
const MOVES_OF_THE_LIVING = 2

/** How far two clocks may be apart, in milliseconds: product rule, and half of the rest of R2. */
const MAX_SKEW_MS = 30_000

/** Two appliances of one name: the one that came later must not serve. */
export class SameName extends Error {
  constructor() {
    super(
      'another appliance of this site runs under the same name: give each its own database.postgres.name',
    )
    this.name = 'SameName'
  }
}

/** How things stood when the database was last asked. */
export type Standing = {
  /** Why the database cannot be used, in words; null if it can. */
  readonly away: string | null
  /** Another appliance runs under our name. */
  readonly isNameTaken: boolean
  /** By how much our clock differs from the database's, where that is too much, in seconds. */
  readonly skewSeconds: number | null
  /** Whether a commit waits for a standby; null until it is known. */
  readonly isSynchronous: boolean | null
}

/**
 * Tells the other appliances each second that this one is there and what it could serve, and finds
 * out what keeps it from serving: a database that is away, a namesake, a clock that is wrong.
 */
export class Membership {
  readonly #parts: MembershipParts
  #standing: Standing = {
    away: 'it was not reached yet',
    isNameTaken: false,
    skewSeconds: null,
    isSynchronous: null,
  }
  #presence: Presence | null = null
  #namesake: (Namesake & { readonly sinceMs: number; readonly moves: number }) | null = null
  /** False until the name is known to be ours. */
  #isNameOurs = false
  #stopTimer: (() => void) | null = null
  #underWay: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(parts: MembershipParts) {
    this.#parts = parts
  }

  get standing(): Standing {
    return this.#standing
  }

  /** Null: the database has not heard of this appliance yet. */
  get presence(): Presence | null {
    return this.#presence
  }

  /** Why no network may be taken here, in words; null if nothing is in the way. */
  get obstacle(): string | null {
    const { isNameTaken, skewSeconds } = this.#standing
    if (isNameTaken) return 'another appliance runs under the same name'
    if (!this.#isNameOurs) return 'it is not known yet whether the name is taken'
    if (skewSeconds === null) return null
    return `the clock differs from the database's by ${skewSeconds} s`
  }

  /**
   * Begins to tell. Resolves when the name is known to be ours, or the database is away.
   *
   * @throws {@link SameName} if another appliance has it.
   */
  async start(): Promise<void> {
    for (;;) {
      await this.#announce()
      if (this.#standing.isNameTaken) throw new SameName()
      if (this.#isNameOurs || this.#standing.away !== null) break
      await new Promise<void>((resolve) => this.#parts.startTimer(resolve, EVERY_MS / 2, true))
    }
    this.#announceAgain()
  }

  /** Tells no more, and that the name is free. */
  async stop(run: string): Promise<void> {
    this.#isClosed = true
    this.#stopTimer?.()
    await this.#underWay
    if (this.#isNameOurs) await this.#parts.store.withdraw(run).catch(() => {})
  }

  #announceAgain(): void {
    if (this.#isClosed) return
    const report = () => {
      this.#underWay = this.#announce().then(() => this.#announceAgain())
    }
    this.#stopTimer = this.#parts.startTimer(report, EVERY_MS, true)
  }

  async #announce(): Promise<void> {
    const { store, announcement, nowMs, wallMs } = this.#parts
    const sent = { steadyMs: nowMs(), wallMs: wallMs() }
    try {
      const announced = await store.announce(announcement(), this.#goneNamesake(sent.steadyMs))
      this.#judge(announced, sent)
    } catch (error) {
      const away = error instanceof Error ? error.message : String(error)
      this.#standing = { ...this.#standing, away }
    }
  }

  #judge(announced: Announced, sent: { readonly steadyMs: number; readonly wallMs: number }): void {
    const { namesake, databaseMs, isSynchronous } = announced
    const tookMs = this.#parts.nowMs() - sent.steadyMs
    const isNameTaken = namesake !== null && this.#isMoving(namesake)
    if (namesake === null) this.#namesake = null
    this.#isNameOurs = namesake === null
    if (namesake === null) this.#presence = this.#presenceAfter(sent.steadyMs)
    const skewMs = databaseMs - (sent.wallMs + tookMs / 2)
    const isFar = Math.abs(skewMs) - tookMs / 2 > MAX_SKEW_MS
    this.#standing = {
      away: null,
      isNameTaken,
      skewSeconds: isFar ? Math.round(Math.abs(skewMs) / 1000) : null,
      isSynchronous,
    }
  }

  #presenceAfter(sentAtMs: number): Presence {
    const { brokenAfterMs = Number.POSITIVE_INFINITY, nowMs } = this.#parts
    const { run, atMs } = this.#presence ?? { run: 0, atMs: Number.NEGATIVE_INFINITY }
    // By the time of the answer: it may have waited for somebody who was taking over.
    const isUnbroken = run > 0 && nowMs() - atMs < brokenAfterMs
    return { run: isUnbroken ? run : run + 1, atMs: sentAtMs }
  }

  /** Whether the namesake tells of itself while we look. */
  #isMoving({ run, beat }: Namesake): boolean {
    const before = this.#namesake
    const nowMs = this.#parts.nowMs()
    const isSame = before !== null && before.run === run
    const moves = isSame ? before.moves + 1 : 0
    const hasStood = isSame && before.beat === beat
    const seen = hasStood ? before : { run, beat, moves, sinceMs: nowMs }
    this.#namesake = seen
    return seen.moves >= MOVES_OF_THE_LIVING && this.#goneNamesake(nowMs) === null
  }

  #goneNamesake(nowMs: number): Namesake | null {
    const seen = this.#namesake
    return seen !== null && nowMs - seen.sinceMs >= GONE_AFTER_MS ? seen : null
  }
}
