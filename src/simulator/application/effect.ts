import type { Ipv4 } from '../../net/ipv4.ts'
import type { BootCause, PhoneNews } from '../events.ts'

/** What an application wants of the sockets of its phone, which all have the phone's address. */
export type SocketEffect =
  /** Take SIP datagrams to this UDP port. */
  | { readonly kind: 'sip-open'; readonly port: number }
  | {
      readonly kind: 'sip-send'
      readonly bytes: Uint8Array
      readonly to: Ipv4
      readonly port: number
      /** The port that `sip-open` took, or any other: these phones send from where they do not listen. */
      readonly from: 'own-port' | 'other-port'
    }
  | { readonly kind: 'sip-close' }
  /** Take TCP connections to this port. */
  | { readonly kind: 'listen'; readonly port: number }
  | { readonly kind: 'stop-listening'; readonly port: number }
  /** Connections that a phone opens are numbered from 1 up. */
  | {
      readonly kind: 'connect'
      readonly connection: number
      readonly to: Ipv4
      readonly port: number
    }
  | { readonly kind: 'write'; readonly connection: number; readonly bytes: Uint8Array }
  | { readonly kind: 'hang-up'; readonly connection: number }

/** What the sockets of a phone tell it. */
export type SocketNews =
  | {
      readonly kind: 'datagram'
      readonly bytes: Uint8Array
      readonly from: Ipv4
      readonly port: number
    }
  /** A client has connected to a port; such connections are numbered from -1 down. */
  | { readonly kind: 'called'; readonly connection: number; readonly port: number }
  | { readonly kind: 'connected'; readonly connection: number }
  /** Valid during the call. */
  | { readonly kind: 'bytes'; readonly connection: number; readonly bytes: Uint8Array }
  /** The other end has closed it, or it never came about. */
  | { readonly kind: 'hung-up'; readonly connection: number }

/** What an application that runs makes its phone do. */
export type ApplicationEffect =
  | { readonly kind: 'socket'; readonly effect: SocketEffect }
  | { readonly kind: 'report'; readonly news: PhoneNews }
  /** NOTIFY has asked the phone to look at `syncinfo.xml`. */
  | { readonly kind: 'check-sync' }
  /** The phone is to start again. */
  | { readonly kind: 'reset'; readonly cause: BootCause }
