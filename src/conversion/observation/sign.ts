import type { AddressSign } from '../address-reading.ts'
import type { Generation } from '../boot-reading.ts'
import type { Diagnosis } from '../conversion.ts'
import type { ServerNaming } from './dhcp-trace.ts'

/** What somebody else's server, or a capture, has shown of one phone. Times since 1970. */
export type Sign = { readonly atMs: number } & (
  | { readonly kind: 'boot'; readonly generation: Generation | null }
  | { readonly kind: 'dhcp'; readonly address: AddressSign }
  /** What the message that came just before said of servers. */
  | { readonly kind: 'told'; readonly naming: ServerNaming }
  | {
      readonly kind: 'request'
      readonly name: string
      /** Who was asked, and whether it answered anybody; only a capture shows it. */
      readonly server?: { readonly server: string; readonly answers: boolean }
    }
  | { readonly kind: 'absent'; readonly name: string }
  | {
      readonly kind: 'ended'
      readonly name: string
      readonly outcome: 'completed' | 'failed'
    }
)

/** What all signs of a phone say together; null where nothing can be known. */
export type Observation = {
  readonly generation: 'pre-ual-sccp' | 'pre-ual-sip' | 'ual' | null
  readonly protocol: 'sccp' | 'sip' | null
  /** The load that it has shown to run. */
  readonly load: string | null
  /** The load that it asks for, on its way there or already there. */
  readonly target: string | null
  readonly verdict: 'healthy' | 'converting' | 'stalled' | 'other-device' | 'unknown'
  readonly diagnosis: Diagnosis | null
  /** What DHCP told the phone and should not have; of a healthy one only what may yet harm it. */
  readonly notes: readonly string[]
}
