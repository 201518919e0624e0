import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { Generation } from './phone-flash.ts'

/** Why a boot began. */
export type BootCause =
  | 'power'
  | 'reset'
  | 'factory-reset'
  | 'check-sync'
  | 'flash'
  | 'retry'
  /** An SCCP application that no server lets register goes back to its loader. */
  | 'unregistered'
  | 'address-lost'
  /** Its call manager has sent Reset of type 1, or of type 2. */
  | 'call-manager-reset'
  | 'call-manager-restart'
  /** A message that its SCCP load could not take. */
  | 'bad-message'
  /** `reset` at its command line. */
  | 'telnet'
  /** See the option `afterReset`. */
  | 'reset-loop'

/** What a simulated phone lives through; each name appears in a log as it stands. */
export type PhoneNews =
  /** A boot begins, with what flash holds then. */
  | {
      readonly event: 'phone.boot.started'
      readonly cause: BootCause
      readonly generation: Generation
      readonly load: string | null
      readonly loader: string | null
    }
  /** DHCP has given an address; the phone will ask these servers for files, in this order. */
  | {
      readonly event: 'phone.address.taken'
      readonly address: Ipv4
      readonly tftpServers: readonly Ipv4[]
    }
  /** The server refused the address that the phone wanted to keep. */
  | { readonly event: 'phone.address.refused' }
  /** A read request leaves; once for each request, not for each repetition. */
  | { readonly event: 'phone.file.asked'; readonly name: string; readonly server: Ipv4 }
  | { readonly event: 'phone.file.got'; readonly name: string; readonly sizeBytes: number }
  /** ERROR 1: normal for most names. */
  | { readonly event: 'phone.file.missing'; readonly name: string }
  /** Neither file nor "not found": `reason` says what came, or that nothing came. */
  | { readonly event: 'phone.file.failed'; readonly name: string; readonly reason: string }
  | { readonly event: 'phone.image.refused'; readonly name: string; readonly reason: string }
  /** An image is in flash; the phone will start it. */
  | {
      readonly event: 'phone.flash.written'
      readonly part: 'whole' | 'loader' | 'application'
      readonly name: string
    }
  /** A new loader, or a factory reset, has forgotten the address and TFTP server that were typed in. */
  | { readonly event: 'phone.settings.wiped' }
  /** The display changed. */
  | { readonly event: 'phone.screen'; readonly text: string }
  /** NOTIFY `check-sync` has come to a SIP load; `phone.running` or a boot follows. */
  | { readonly event: 'phone.sync.asked' }
  /** It has come to a phone that does not run SIP now. */
  | { readonly event: 'phone.sync.ignored' }
  /** NOTIFY has come that the phone does not obey: 400 or 404. */
  | { readonly event: 'phone.sync.refused'; readonly status: number }
  /** A line, or the phone as an SCCP device, is registered; told once, not for each refresh. */
  | {
      readonly event: 'phone.registered'
      readonly protocol: 'sccp' | 'sip'
      readonly server: Ipv4
      readonly name: string
    }
  /** It could not register, or is no longer registered; it tries again. */
  | {
      readonly event: 'phone.registration.failed'
      readonly protocol: 'sccp' | 'sip'
      readonly reason: string
    }
  /** What an SCCP load has told its call manager about itself. */
  | { readonly event: 'phone.alarm.sent'; readonly text: string }
  /** A wrong password at its command line. */
  | { readonly event: 'phone.telnet.refused' }
  /** The boot ended well: the phone runs `load`. */
  | {
      readonly event: 'phone.running'
      readonly load: string
      readonly protocol: 'sccp' | 'sip'
      /** False for SIP without a line of its own. */
      readonly provisioned: boolean
    }
  /** All requests of a trace have been sent and waited for. */
  | { readonly event: 'phone.replay.ended' }
  /** The boot ended badly, with this on the display; only power or a reset goes on from here. */
  | { readonly event: 'phone.stopped'; readonly screen: string }

/** News of one phone. */
export type PhoneEvent = PhoneNews & { readonly mac: Mac; readonly atMs: number }
