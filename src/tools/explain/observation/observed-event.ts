import type { AddressEvent } from '../../../conversion/address-state.ts'
import type { Generation } from '../../../conversion/boot-state.ts'
import type { Diagnosis } from '../../../conversion/conversion.ts'
import type { ServerNaming } from './dhcp-trace.ts'

/** What another server, or a capture, has shown of one phone. Times since 1970. */
export type ObservedEvent = { readonly atMs: number } & (
  | { readonly kind: 'boot'; readonly generation: Generation | null }
  | { readonly kind: 'dhcp'; readonly address: AddressEvent }
  /** What the message that came just before said of servers. */
  | { readonly kind: 'reply'; readonly naming: ServerNaming }
  | {
      readonly kind: 'request'
      readonly name: string
      /** The port that it was asked from; left out where the log does not say. */
      readonly port?: number
      /** Who was asked, and whether it answered any device; only a capture shows it. */
      readonly server?: { readonly server: string; readonly answers: boolean }
    }
  | { readonly kind: 'absent'; readonly name: string }
  | {
      readonly kind: 'ended'
      readonly name: string
      /** The port of the phone; left out where the log does not say. */
      readonly port?: number
      /** `unheard`: the server got no acknowledgement in time. */
      readonly outcome: 'completed' | 'failed' | 'unheard'
    }
  /** What the server sent was kept back, or came from another address than was asked. */
  | {
      readonly kind: 'blocked'
      readonly name: string
      readonly by: 'filter' | 'other-address'
      readonly reason: string
    }
  /** The phone and its call manager. `load` as the phone tells it. */
  | {
      readonly kind: 'registration'
      readonly protocol: 'sip' | 'sccp'
      readonly step: RegistrationStep
      readonly load: string | null
    }
)

/** How far a phone got with its call manager. `gone`: it said goodbye; `reset`: it was told to restart. */
export type RegistrationStep = 'asked' | 'accepted' | 'refused' | 'gone' | 'reset'

/** What all events of a phone say together; null where nothing can be known. */
export type Observation = {
  readonly generation: 'pre-ual-sccp' | 'pre-ual-sip' | 'ual' | null
  readonly protocol: 'sccp' | 'sip' | null
  /** The load that it has shown to run. */
  readonly load: string | null
  /** The load that it asks for, on its way there or already there. */
  readonly target: string | null
  /** How far it got with its call manager, null where nothing of that was seen. */
  readonly registration: RegistrationStep | null
  readonly verdict: 'healthy' | 'converting' | 'stalled' | 'other-device' | 'unknown'
  readonly diagnosis: Diagnosis | null
  /** What DHCP told the phone and should not have; of a healthy one only what may yet harm it. */
  readonly notes: readonly string[]
}
