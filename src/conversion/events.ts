import type { Mac } from '../net/mac.ts'
import type { Protocol } from '../phones/family/phone-family.ts'
import type { SeenBy } from '../phones/seen-software.ts'
import type { Conversion, ConversionState, Diagnosis, StepStage } from './conversion.ts'
import type { EvidenceKind } from './evidence.ts'
import type { SeenPhone } from './seen-table.ts'

/** What the caller of the conversion engine must do, in order. */
export type ConversionEffect =
  /**
   * It changed: show it to its subscribers, and where `durable`, store it, so that a restart goes
   * on from here. Progress within a file is not worth a write.
   */
  | { readonly kind: 'changed'; readonly conversion: Conversion; readonly durable: boolean }
  | { readonly kind: 'event'; readonly event: ConversionEvent }
  /** What a phone was seen to run, to be stored; null takes it away. */
  | { readonly kind: 'seen'; readonly mac: Mac; readonly seen: SeenPhone | null }
  /** The target should be running: ask the phone's own web page, where that may be done. */
  | { readonly kind: 'ask-page'; readonly mac: Mac }
  /** Call `onWake` at this time, or earlier. */
  | { readonly kind: 'wake'; readonly atMs: number }

/**
 * What the conversion engine tells the world. Each name is stable.
 *
 * - `conversion.started`: an operator, a profile or a roll-out asked for it. Nothing to do but to
 *   power-cycle the phone once.
 * - `conversion.stage.changed`: the phone did something that moves its step. For watching.
 * - `conversion.step.confirmed`: the phone has booted the step's load; the next step's files are
 *   served from now on.
 * - `conversion.confirmed`: the phone has booted the target. It may leave the bench.
 * - `conversion.stalled`: nothing moved for as long as a healthy phone never takes, or the phone
 *   repeats itself. The diagnosis says what to do; the conversion goes on when the phone does.
 * - `conversion.replanned`: the phone refused a step, and there is another supported path with stored
 *   firmware: power-cycle the phone once more. The diagnosis says what was seen.
 * - `conversion.resumed`: a stalled phone moves again.
 * - `conversion.cancelled`: an operator ended it; the phone sees the files of its own load again.
 * - `phone.seen`: an enrolled phone showed another load or protocol than it was known for, by what
 *   `by` says. Nothing to do; a conversion without `from` goes by it.
 */
export type ConversionEvent =
  | {
      readonly event: 'conversion.started'
      readonly mac: Mac
      readonly from: string | null
      readonly to: string
      readonly steps: readonly string[]
    }
  | {
      readonly event: 'conversion.stage.changed'
      readonly mac: Mac
      readonly load: string
      readonly stage: StepStage
      readonly file: string | null
    }
  | { readonly event: 'conversion.step.confirmed'; readonly mac: Mac; readonly load: string }
  | {
      readonly event: 'conversion.confirmed'
      readonly mac: Mac
      /** What the phone ran before; null where that never became known. */
      readonly from: string | null
      readonly to: string
      readonly seconds: number
      /** What decided, and in words what was seen. */
      readonly evidence: EvidenceKind
      readonly detail: string
    }
  | { readonly event: 'conversion.stalled'; readonly mac: Mac; readonly diagnosis: Diagnosis }
  | {
      readonly event: 'conversion.replanned'
      readonly mac: Mac
      readonly refused: string
      readonly steps: readonly string[]
      readonly diagnosis: Diagnosis
    }
  | { readonly event: 'conversion.resumed'; readonly mac: Mac; readonly load: string }
  | {
      readonly event: 'conversion.cancelled'
      readonly mac: Mac
      readonly state: ConversionState
    }
  | {
      readonly event: 'phone.seen'
      readonly mac: Mac
      readonly load: string | null
      readonly protocol: Protocol | null
      readonly by: SeenBy
    }
