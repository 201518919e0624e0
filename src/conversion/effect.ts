import type { Conversion } from './conversion.ts'
import type { ConversionEvent } from './events.ts'

/** What the caller of the conversion engine must do, in order. */
export type ConversionEffect =
  /**
   * It changed: show it to whoever watches, and where `durable`, store it, so that a restart goes
   * on from here. Progress within a file is not worth a write.
   */
  | { readonly kind: 'changed'; readonly conversion: Conversion; readonly durable: boolean }
  | { readonly kind: 'note'; readonly event: ConversionEvent }
  /** Call `onWake` at this time, or earlier. */
  | { readonly kind: 'wake'; readonly atMs: number }
