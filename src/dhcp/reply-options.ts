import type { OutgoingOption } from '../wire/dhcp/message.ts'
import { leaseTimeOptions } from './lease-time.ts'
import { Option } from './option-codes.ts'
import type { Scope } from './scope.ts'

/** What the engine writes itself, or a reply never has (RFC 2131 table 3). */
const NOT_CONFIGURABLE: ReadonlySet<number> = new Set([
  0,
  Option.requestedAddress,
  Option.leaseTime,
  Option.overload,
  Option.messageType,
  Option.serverIdentifier,
  Option.parameterRequestList,
  Option.message,
  Option.maxMessageSize,
  Option.renewalTime,
  Option.rebindingTime,
  Option.clientIdentifier,
  Option.rapidCommit,
  Option.relayAgentInformation,
  Option.authentication,
  Option.subnetSelection,
  255,
])

/** Phones send a handful of different lists; a client that sends more is not a phone and waits longer. */
const MAX_LISTS = 256

/**
 * The configured options of one scope, chosen for a client and kept: all phones of one firmware
 * ask for the same list, so the choice is made once.
 */
export class ReplyOptions {
  readonly #scope: Scope
  readonly #chosen = new Map<string, readonly OutgoingOption[]>()
  #leaseSeconds = -1
  #leaseTimes: readonly OutgoingOption[] = []

  constructor(scope: Scope) {
    this.#scope = scope
  }

  /**
   * Every configured option that the client asks for, once, and those that are forced; all of them
   * where it sent no list (RFC 2131 section 4.3.1). The mask stands before the routers (RFC 2132
   * section 3.3).
   *
   * @param requestList - The value of option 55; undefined if it was not sent.
   * @param vendorClass - Option 60 as sent, trailing NUL removed.
   */
  choose(requestList: Uint8Array | undefined, vendorClass: string): readonly OutgoingOption[] {
    // There are only 254 codes: what comes after 255 of them says nothing new.
    const list = requestList?.subarray(0, 255)
    const key = listKey(list) + (this.#scope.classes.has(vendorClass) ? `/${vendorClass}` : '')
    const known = this.#chosen.get(key)
    if (known !== undefined) return known
    if (this.#chosen.size >= MAX_LISTS) this.#chosen.clear()
    const chosen = this.#select(list, vendorClass)
    this.#chosen.set(key, chosen)
    return chosen
  }

  /** Options 51, 58 and 59; made once for clients that get the same time, as most do. */
  leaseTimes(leaseSeconds: number): readonly OutgoingOption[] {
    if (leaseSeconds !== this.#leaseSeconds) {
      this.#leaseSeconds = leaseSeconds
      this.#leaseTimes = leaseTimeOptions(leaseSeconds)
    }
    return this.#leaseTimes
  }

  #select(requestList: Uint8Array | undefined, vendorClass: string): readonly OutgoingOption[] {
    const values = new Map<number, Uint8Array>(this.#scope.options)
    for (const [code, value] of this.#scope.classes.get(vendorClass) ?? []) values.set(code, value)
    const forced = new Set(this.#scope.forcedCodes)
    const wanted = requestList === undefined ? null : new Set(requestList)
    return [...values]
      .filter(([code]) => !NOT_CONFIGURABLE.has(code))
      .filter(([code]) => wanted === null || wanted.has(code) || forced.has(code))
      .sort(([a], [b]) => rank(a, forced) - rank(b, forced))
  }
}

/** Where room is short, what stands first gets it: mask and router, then what phones boot by. */
function rank(code: number, forced: ReadonlySet<number>): number {
  if (code === Option.subnetMask) return 0
  if (code === Option.router) return 1
  return forced.has(code) ? 2 : 3
}

function listKey(requestList: Uint8Array | undefined): string {
  if (requestList === undefined) return '*'
  let key = '='
  for (let at = 0; at < requestList.length; at++) {
    key += String.fromCharCode(requestList[at] as number)
  }
  return key
}
