import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'

/** What one DHCP message said of servers; what it did not say, or the log leaves out, is left out. */
export type ServerNaming = {
  /** Option 54 of an answer. */
  readonly server?: string
  /** Option 54 of a REQUEST. */
  readonly chosen?: string
  /** Whether what is left out here was not sent. */
  readonly isWhole?: boolean
  /** Option 150; the number of its octets where they are no whole number of addresses. */
  readonly option150?: readonly string[] | number
  readonly option66?: string
  /** siaddr, where it is not 0.0.0.0. */
  readonly nextServer?: string
  /** Whether option 6 was sent. */
  readonly namesDns?: boolean
}

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
  /** More of the message before; `mac` is null where the number of the exchange tells whose. */
  | { readonly kind: 'told'; readonly mac: Mac | null; readonly naming: ServerNaming }
  /** Option 60 of an exchange whose device a later line names. */
  | { readonly kind: 'class'; readonly vendorClass: string }
  /** The lines that follow are about this client: some servers say it once. */
  | { readonly kind: 'client'; readonly client: Ipv4 }
  /** `client` is null where the line leaves it to an earlier one. */
  | {
      readonly kind: 'request'
      readonly client: Ipv4 | null
      readonly name: string
      /** Who was asked, and whether it answered anybody at all; only a capture shows it. */
      readonly server?: { readonly server: string; readonly answers: boolean }
    }
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
  : Event extends { readonly kind: 'told' }
    ? Omit<Event, 'mac'> & { readonly mac: Mac }
    : Event

/** The same with everything filled in. `atMs` since 1970; in a log without a year, of a guessed one. */
export type ServerEvent = Told<Exclude<LineEvent, { readonly kind: 'client' | 'class' }>> & {
  readonly atMs: number
}

/** Reads one line, without the date and program before it; null where it is none of its server. */
export type LineReader = (message: string) => readonly LineEvent[] | null
