import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'

/** What a line of a log tells, before it is known whom it is about. */
export type LineEvent =
  /** A device starts: it looks for an address, or claims its old one. */
  | { readonly kind: 'boot'; readonly mac: Mac; readonly vendorClass: string | null }
  /** A device holds an address. `hostName` is what it calls itself, null where nobody says. */
  | {
      readonly kind: 'address'
      readonly mac: Mac
      readonly address: Ipv4
      readonly hostName: string | null
    }
  /** DHCP on the way to an address: what the server made of one message of a device. */
  | {
      readonly kind: 'dhcp'
      readonly mac: Mac
      readonly outcome: 'offered' | 'refused' | 'declined'
      /** Why it was refused, in the server's words; empty where it says nothing. */
      readonly reason: string
    }
  /** The lines that follow are about this client: some servers say it once. */
  | { readonly kind: 'client'; readonly client: Ipv4 }
  /** `client` is null where the line leaves it to an earlier one. */
  | { readonly kind: 'request'; readonly client: Ipv4 | null; readonly name: string }
  /** `name` is null where it is that of the client's last request. */
  | { readonly kind: 'absent'; readonly client: Ipv4 | null; readonly name: string | null }
  | {
      readonly kind: 'ended'
      readonly client: Ipv4 | null
      readonly name: string | null
      readonly outcome: 'completed' | 'failed'
      /** Octets of the file; null where the log does not count. */
      readonly bytes: number | null
    }

type Told<Event> = Event extends { readonly client: Ipv4 | null; readonly name: string | null }
  ? Omit<Event, 'client' | 'name'> & { readonly client: Ipv4; readonly name: string }
  : Event

/** The same with everything filled in. `atMs` since 1970; in a log without a year, of a guessed one. */
export type ServerEvent = Told<Exclude<LineEvent, { readonly kind: 'client' }>> & {
  readonly atMs: number
}

/** Reads one line, without the date and program before it; null where it is none of its server. */
export type LineReader = (message: string) => readonly LineEvent[] | null
