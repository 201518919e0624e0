import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import type { PhoneNews } from '../events.ts'
import type { PhoneModel } from '../named-load.ts'
import type { PhoneFlash } from '../phone-flash.ts'
import type { PhoneQuirks } from '../phone-quirks.ts'
import { drawn, type PhoneTiming, type Spread } from '../phone-timing.ts'
import type { PseudoRandom } from '../pseudo-random.ts'

/** A phone as a boot sequence sees it. `flash` is what it was when the boot began. */
export type BootingPhone = {
  readonly mac: Mac
  readonly model: PhoneModel
  readonly flash: PhoneFlash
  readonly quirks: PhoneQuirks
  readonly timing: PhoneTiming
  readonly random: PseudoRandom
  /** A server answers for files; without one, the phone starts from its flash. */
  readonly hasTftpServer: boolean
  /** The first boot since a reset to factory settings. */
  readonly isFactoryNew: boolean
  /** The load that the application wants its loader to bring; null for none. */
  readonly wantedLoad: string | null
  /** The load that could not be had at the last try, so that the phone does not try for ever. */
  readonly failedLoad: string | null
}

/** A file to ask for. More bytes than `maxBytes` end the transfer with ERROR 3. */
export type WantedFile = { readonly name: string; readonly maxBytes: number }

/** What became of a request. */
export type FileReply =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  /** ERROR 1. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly reason: 'silence' | 'error' | 'too-long' }

/**
 * What runs: each has timers and a first port of its own. `whole` is a load from before the universal loader,
 * which is loader and application in one.
 */
export type PhoneSoftware = 'whole' | 'loader' | 'sip' | 'sccp'

/** What a booting phone does next. */
export type BootStep =
  /** Other software begins; the first step of each, `whole` where none says otherwise. */
  | { readonly kind: 'begin'; readonly software: PhoneSoftware }
  /** A port goes by without a file request: it is used for something else. */
  | { readonly kind: 'skip-port' }
  /** Ask DHCP again; the sequence goes on with the address that comes. */
  | { readonly kind: 'address' }
  /** The phone runs from here on, and goes on asking for files. */
  | { readonly kind: 'running'; readonly end: Running }
  /** Ask for these files at the same time; the sequence goes on with one reply for each. */
  | { readonly kind: 'ask'; readonly files: readonly WantedFile[] }
  | { readonly kind: 'pause'; readonly pauseMs: number }
  | { readonly kind: 'write'; readonly flash: PhoneFlash }
  | { readonly kind: 'report'; readonly news: PhoneNews }

/** A phone whose application runs. */
export type Running = {
  readonly kind: 'running'
  readonly load: string
  readonly protocol: 'sccp' | 'sip'
  readonly provisioned: boolean
  /** A load that could not be had in this boot. */
  readonly failedLoad: string | null
  /** What a SIP load has read of its configuration; null for SCCP, and if no server answered. */
  readonly sip: {
    readonly sync: string
    readonly dialPlan: string
    readonly parameters: ReadonlyMap<string, string>
  } | null
  /** The call managers that an SCCP load has read; null: none was named, and its TFTP server is taken for one. */
  readonly callManagers: readonly { readonly address: Ipv4; readonly port: number }[] | null
}

/** How a boot ends. */
export type BootEnd =
  | Running
  | {
      readonly kind: 'restart'
      readonly cause: 'flash' | 'retry' | 'check-sync' | 'unregistered'
      readonly wantedLoad: string | null
      /** Until the first DHCP message of the new start; left out: as long as a restart takes. */
      readonly afterMs?: number
    }
  | { readonly kind: 'stopped'; readonly screen: string }

/**
 * A boot as a story: it yields what the phone does and is resumed with what came of it (for `ask`
 * the replies, otherwise nothing). It holds no socket and no timer.
 */
export type BootSequence<End = BootEnd> = Generator<BootStep, End, readonly FileReply[]>

/** Most bytes of a configuration file, and of an image: bounds of the phone's memory. */
export const MAX_BYTES = { configuration: 262_144, image: 2_097_152 } as const

/** Asks for one file, tells what came, and waits as long as a phone waits before its next request. */
export function* ask(
  phone: BootingPhone,
  name: string,
  maxBytes: number = MAX_BYTES.configuration,
): BootSequence<FileReply> {
  const [reply] = yield* askAtOnce(phone, [{ name, maxBytes }])
  return reply as FileReply
}

/** Asks for several files at the same time. */
export function* askAtOnce(
  phone: BootingPhone,
  files: readonly WantedFile[],
): BootSequence<readonly FileReply[]> {
  const replies = yield { kind: 'ask', files }
  yield { kind: 'pause', pauseMs: phone.timing.nextRequestMs }
  return replies
}

/** Waits for a time out of a spread, besides what a phone waits before any request. */
export function* waitOut(phone: BootingPhone, spread: Spread): BootSequence<void> {
  const pauseMs = drawn(spread, phone.random)
  if (pauseMs > 0) yield { kind: 'pause', pauseMs }
}

/** Puts a text on the display. */
export function* show(text: string): BootSequence<void> {
  yield { kind: 'report', news: { event: 'phone.screen', text } }
}

/**
 * Whether a universal loader that has been answered before takes this for a lost answer, and hunts
 * again, instead of for a server that has nothing for it (trace jh-i).
 */
export function isUnheard({ flash, quirks }: BootingPhone, reply: FileReply): boolean {
  const isLoader = flash.generation === 'ual' && quirks.huntsAgainWhenUnheard
  return isLoader && reply.kind === 'failed' && reply.reason === 'silence'
}
