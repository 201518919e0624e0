import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'

/** That a phone registered with this appliance, and until when it holds. Times are milliseconds since the epoch. */
export type Registration = {
  readonly mac: Mac
  readonly protocol: 'sip' | 'sccp'
  /** SIP: the generation that the User-Agent names (`8.0`, `7`). SCCP: the Alarm's (`7.2(2.0)`). */
  readonly version: string | null
  /** A load name; for SIP it is never known. */
  readonly load: string | null
  readonly userAgent: string | null
  readonly address: Ipv4
  /** When the first of an unbroken row of registrations came. */
  readonly registeredAtMs: number
  readonly expiresAtMs: number
  /** The Alarm's text after `Last=`, as received. */
  readonly lastReset: string | null
  /** The number before the Alarm's text. */
  readonly lastResetCode: number | null
}

/** Where registrations survive a restart. */
export interface RegistrationStore {
  /** All of them, and what of a row made no sense. */
  load(): Promise<{
    readonly registrations: readonly Registration[]
    readonly faults: readonly string[]
  }>
  /** Null takes one away. Resolves when all are on disk, all or none. */
  save(changes: ReadonlyMap<Mac, Registration | null>): Promise<void>
}
