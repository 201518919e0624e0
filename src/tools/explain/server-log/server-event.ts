import type { Ipv4 } from '../../../net/ipv4.ts'
import type { Mac } from '../../../net/mac.ts'
import type { ServerNaming } from '../observation/dhcp-trace.ts'

/** What a line of a log tells, before it is known whom it is about. */
export type LineEvent =
  /** A device starts: it looks for an address, or claims its old one. */
  | { readonly kind: 'boot'; readonly mac: Mac; readonly vendorClass: string | null }
  /** The DHCP lines that follow are about this device. */
  | { readonly kind: 'device'; readonly mac: Mac }
  /**
   * A device holds an address. `hostName` is what it calls itself, null where the log does not say. `mac` is
   * null where an earlier line names the device.
   */
  | {
      readonly kind: 'address'
      readonly mac: Mac | null
      readonly address: Ipv4
      readonly hostName: string | null
      /** Whether only the sender of a frame says so, who may be a router. */
      readonly isGuess?: true
    }
  /** DHCP on the way to an address: what the server made of one message of a device. */
  | {
      readonly kind: 'dhcp'
      readonly mac: Mac | null
      readonly outcome: 'offered' | 'refused' | 'declined'
      /** Why it was refused, in the server's words; empty where it says nothing. */
      readonly reason: string
    }
  /** More of the message before; `mac` is null where the number of the exchange tells whose. */
  | { readonly kind: 'reply'; readonly mac: Mac | null; readonly naming: ServerNaming }
  /** Option 60 of an exchange whose device a later line names. */
  | { readonly kind: 'class'; readonly vendorClass: string }
  /** The lines that follow are about this client: some servers say it once. */
  | { readonly kind: 'client'; readonly client: Ipv4; readonly port: number }
  /** `client` is null where the line leaves it to an earlier one. */
  | {
      readonly kind: 'request'
      readonly client: Ipv4 | null
      /** The port that it was asked from; left out where the log does not tell. */
      readonly port?: number
      readonly name: string
      /** Who was asked, and whether it answered any device at all; only a capture shows it. */
      readonly server?: { readonly server: string; readonly answers: boolean }
    }
  /** The same request once more, of which the log repeats no name. */
  | { readonly kind: 'repeated'; readonly client: Ipv4; readonly port: number }
  /** `name` is null where it is that of the client's last request. */
  | {
      readonly kind: 'absent'
      readonly client: Ipv4 | null
      readonly port?: number
      readonly name: string | null
    }
  | {
      readonly kind: 'ended'
      readonly client: Ipv4 | null
      readonly port?: number
      readonly name: string | null
      readonly outcome: TransferOutcome
      /** Bytes of the file; null where the log does not count. */
      readonly bytes: number | null
    }
  /** The server had done with a file, well or not: the log does not tell which. */
  | { readonly kind: 'over'; readonly client: null; readonly name: string }
  /**
   * An answer that cannot reach its client: a filter beside the server kept it back, `reason` in its
   * words, or it came from another address than was asked.
   */
  | {
      readonly kind: 'blocked'
      readonly client: Ipv4 | null
      readonly name: string | null
      readonly by: 'filter' | 'other-address'
      readonly reason: string
    }
  /** The client sent ERROR: the transfer that ends next did not end because an ACK was missing. */
  | { readonly kind: 'peer-error'; readonly client: Ipv4 }
  /** A phone and its call manager. `load` as the phone names it, null where it does not. */
  | {
      readonly kind: 'registration'
      readonly client: Ipv4
      readonly mac: Mac | null
      readonly protocol: 'sip' | 'sccp'
      readonly step: 'asked' | 'accepted' | 'refused' | 'gone' | 'reset'
      readonly load: string | null
      /** What model the phone says it is, null where it does not. */
      readonly model: string | null
    }

/**
 * How a transfer ended: whole; broken off by either side; or given up by a server that waited for
 * an acknowledgement in time, of the first block or of a later one.
 */
export type TransferOutcome = 'completed' | 'failed' | 'unheard'

type Addressed<Event> = Event extends { readonly client: Ipv4 | null; readonly name: string | null }
  ? Omit<Event, 'client' | 'name'> & { readonly client: Ipv4; readonly name: string }
  : Event extends { readonly kind: 'reply' | 'address' | 'dhcp' }
    ? Omit<Event, 'mac'> & { readonly mac: Mac }
    : Event

/** Events that only help to read those around them. */
type Auxiliary = {
  readonly kind: 'client' | 'device' | 'class' | 'repeated' | 'peer-error' | 'over'
}

/**
 * The same with everything filled in.
 *
 * `atMs` since 1970; in a log without a year, of a guessed one; since the first event where `clock`
 * is `relative`; 0 where it is `none` and only the order is known.
 */
export type ServerEvent = Addressed<Exclude<LineEvent, Auxiliary>> & {
  readonly atMs: number
  readonly clock?: 'relative' | 'none'
}

/** Reads one line, without the date and program before it; null where it is none of its server. */
export type LineReader = (message: string) => readonly LineEvent[] | null
