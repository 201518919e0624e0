/** Where a roll-out as a whole stands. The last two are ends. */
export type RolloutState = 'running' | 'paused' | 'stopped' | 'finished'

/** Where one phone of a roll-out stands. docs/rollouts.md says what each means. */
export type RolloutPhoneState =
  | 'pending'
  | 'skipped'
  | 'waiting'
  | 'running'
  | 'confirmed'
  | 'stalled'
  | 'cancelled'
  | 'absent'
  | 'refused'

/** A roll-out without its phones. */
export type RolloutSummary = {
  readonly id: string
  readonly to: string
  readonly from: string | null
  readonly canaries: number
  /** Phones under way at a time. */
  readonly waveSize: number
  /** It stops when so many phones have failed. */
  readonly stopAfter: number
  readonly onStop: 'finish' | 'cancel'
  /** Seconds that a phone has to show itself; null: as long as it likes. */
  readonly appearWithin: number | null
  readonly onAbsent: 'fail' | 'skip'
  readonly state: RolloutState
  /** `waves` once every canary is confirmed. */
  readonly stage: 'canaries' | 'waves'
  /** Why it was stopped; null if it was not. */
  readonly reason: string | null
  readonly counts: {
    readonly total: number
    readonly pending: number
    readonly underWay: number
    readonly confirmed: number
    readonly failed: number
    readonly absent: number
    readonly cancelled: number
    readonly skipped: number
  }
  readonly revision: number
}

/** One phone of a roll-out. */
export type RolloutPhone = {
  readonly mac: string
  readonly isCanary: boolean
  readonly state: RolloutPhoneState
  readonly reason: string | null
}

/** A roll-out with its phones, in the order in which they are taken. */
export type Rollout = RolloutSummary & { readonly phones: readonly RolloutPhone[] }
