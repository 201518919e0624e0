import type { DropCounts } from './drop-counter.ts'
import type { TftpEvent, TransferEnded } from './events.ts'
import type { Grant, Requester } from './transfers.ts'

/**
 * What the listener's side asks of a hall: a thread that runs transfers. Orders are carried out in
 * the order in which they are given. Everything in them can be handed to another thread; the
 * octets of a file are shared, not copied.
 */
export type HallOrder =
  | {
      readonly kind: 'begin'
      /** The transfer is called by it from then on. */
      readonly id: number
      readonly grant: Grant
      readonly requester: Requester
    }
  /** The client asked again: the first packet goes out once more. */
  | { readonly kind: 'repeat'; readonly id: number }
  | { readonly kind: 'end'; readonly id: number; readonly outcome: 'restarted' | 'displaced' }
  /** To be answered, with the same number, after everything that has arrived by then. */
  | { readonly kind: 'fence'; readonly number: number }

/** What a hall tells since its last report. */
export type HallReport = {
  /** In the order in which it happened. */
  readonly notes: readonly HallNote[]
  /** Packets that moved nothing, by reason, and ERROR replies kept back, since the hall was opened. */
  readonly drops: DropCounts
  readonly errorsWithheld: number
  /** Fences that everything before them has been told of. */
  readonly fences: readonly number[]
}

/** Something that happened in a hall. */
export type HallNote =
  | { readonly kind: 'event'; readonly event: TftpEvent }
  /** The client has acknowledged something, and so is who it says it is. */
  | { readonly kind: 'acknowledged'; readonly id: number }
  | { readonly kind: 'ended'; readonly id: number; readonly event: TransferEnded }
