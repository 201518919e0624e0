import type { Ipv4 } from '../../net/ipv4.ts'

/**
 * A message of the Skinny Client Control Protocol as a value: what a 7940 or 7960 and its call
 * manager say until the phone is registered, and what restarts it. Anything else is `other`.
 *
 * Texts are ISO 8859-1, without their NULs. Cisco never published the protocol; layouts are those of
 * chan-sccp `src/sccp_protocol.h` and of Wireshark's `packet-skinny.c`.
 */
export type SccpMessage = FromPhone | FromServer | OtherMessage

/** What a phone says. */
export type FromPhone =
  | Register
  | Alarm
  | { readonly kind: 'ip-port'; readonly port: number }
  | { readonly kind: NumberedRequest; readonly number: number }
  | { readonly kind: 'capabilities'; readonly count: number; readonly entries: Uint8Array }
  | {
      readonly kind: 'register-token-request'
      readonly deviceName: string
      readonly rest: Uint8Array
    }
  | { readonly kind: PlainRequest }

/** A request for one line, speed dial or forwarded line; `register-available-lines` counts them. */
export type NumberedRequest =
  | 'forward-stat-request'
  | 'speed-dial-stat-request'
  | 'line-stat-request'
  | 'register-available-lines'

/** Messages without a payload. */
export type PlainRequest =
  | 'keep-alive'
  | 'config-stat-request'
  | 'time-date-request'
  | 'button-template-request'
  | 'version-request'
  | 'server-request'
  | 'soft-key-set-request'
  | 'soft-key-template-request'
  | 'unregister'

/** The message that makes a phone known. Its length varies with the load; the rest is kept as it is. */
export type Register = {
  readonly kind: 'register'
  /** `SEP` and twelve hexadecimal digits on a phone. */
  readonly deviceName: string
  readonly userId: number
  readonly instance: number
  readonly address: Ipv4
  /** 7 is a 7960, 8 a 7940 (chan-sccp `sccp_enum.in`). */
  readonly deviceType: number
  readonly maxStreams: number
  /** 0 where the message ends before it. */
  readonly activeStreams: number
  readonly protocolVersion: number
  /** Three bytes after the version; a view on the frame, as `rest`. */
  readonly features: Uint8Array
  /** Whatever follows, from offset 44 of the payload on: phones leave stray bytes there. */
  readonly rest: Uint8Array
}

/** Why the phone started and what it runs, in a text of its own form. */
export type Alarm = {
  readonly kind: 'alarm'
  /** 0 critical, 1 warning, 2 informational, 4 unknown, 7 major, 8 minor, 10 marginal, 20 trace. */
  readonly severity: number
  readonly text: string
  readonly parameter1: number
  readonly parameter2: number
}

/** What a call manager says. */
export type FromServer =
  | {
      readonly kind: 'register-ack'
      readonly keepAliveSeconds: number
      /** At most 6 characters, such as `M/D/Y`. */
      readonly dateTemplate: string
      readonly secondaryKeepAliveSeconds: number
      readonly protocolVersion: number
      /** Three bytes. */
      readonly features: Uint8Array
    }
  | {
      readonly kind: 'forward-stat'
      readonly status: number
      readonly line: number
      /** All calls, when busy, when not answered. */
      readonly forwards: readonly { readonly active: number; readonly number: string }[]
    }
  | {
      readonly kind: 'speed-dial-stat'
      readonly number: number
      readonly dial: string
      readonly label: string
    }
  | {
      readonly kind: 'line-stat'
      readonly line: number
      readonly directoryNumber: string
      readonly name: string
      readonly alias: string
    }
  | {
      readonly kind: 'config-stat'
      readonly deviceName: string
      readonly userId: number
      readonly instance: number
      readonly userName: string
      readonly serverName: string
      readonly lines: number
      readonly speedDials: number
    }
  | TimeDate
  | {
      readonly kind: 'button-template'
      readonly offset: number
      readonly total: number
      /** As many as count says, at most 42. */
      readonly buttons: readonly { readonly instance: number; readonly type: number }[]
    }
  | { readonly kind: 'version'; readonly load: string }
  | { readonly kind: 'register-reject'; readonly text: string }
  | { readonly kind: 'servers'; readonly servers: readonly SccpServer[] }
  /** 1 is a reset, as of a power-cycle; 2 a restart without DHCP. */
  | { readonly kind: 'reset'; readonly type: number }
  | {
      readonly kind: 'soft-key-template'
      readonly offset: number
      readonly total: number
      readonly keys: readonly { readonly label: string; readonly event: number }[]
    }
  | {
      readonly kind: 'soft-key-set'
      readonly offset: number
      readonly total: number
      readonly sets: readonly SoftKeySet[]
    }
  | { readonly kind: 'unregister-ack'; readonly status: number }
  | { readonly kind: 'register-token-reject'; readonly waitSeconds: number }
  | { readonly kind: 'capabilities-request' | 'keep-alive-ack' | 'register-token-ack' }

/** The clock of the call manager. */
export type TimeDate = {
  readonly kind: 'time-date'
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  /** 0 is Sunday. */
  readonly weekday: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
  readonly unixSeconds: number
}

/** One of up to five call managers. */
export type SccpServer = { readonly name: string; readonly port: number; readonly address: Ipv4 }

/** Which keys of the template a state of the phone shows: 16 places, 0 is none. */
export type SoftKeySet = { readonly keys: readonly number[]; readonly infos: readonly number[] }

/** A message that is not one of these, or whose length is not the known one. */
export type OtherMessage = {
  readonly kind: 'other'
  readonly number: number
  /** A view on the frame, not a copy. */
  readonly payload: Uint8Array
}
