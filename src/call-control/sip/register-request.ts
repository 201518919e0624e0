import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import { parseAddress, parseSipUri, type SipAddress } from '../../wire/sip/address.ts'
import { cutAt } from '../../wire/sip/field-list.ts'
import { headerOf, headersOf, type SipHeader, type SipRequest } from '../../wire/sip/message.ts'
import { parseSeconds } from '../../wire/sip/sequence.ts'

/** One Contact of a REGISTER. */
export type WantedBinding = {
  /** The field's value as it came. */
  readonly value: string
  readonly contact: SipAddress
  /** 0 takes the binding away, otherwise 60 to 3600. */
  readonly grantedSeconds: number
}

/** What a REGISTER asks for (RFC 3261 section 10.3). */
export type RegisterRequest =
  | { readonly kind: 'bindings'; readonly bindings: readonly WantedBinding[] }
  /** `Contact: *` with Expires 0: all bindings go. */
  | { readonly kind: 'remove-all' }
  | { readonly kind: 'malformed' }

/** RFC 3261 section 10.2.1.1: what counts where nothing, or nothing that can be read, is asked. */
const DEFAULT_SECONDS = 3600
const MAX_SECONDS = 3600
/** No phone is told 423 for asking less: it gets this. */
const MIN_SECONDS = 60

/**
 * A phone names one Contact. Each is answered longer than it was asked, so that more of them would
 * make a large answer, perhaps to a forged source address, of a small request.
 */
const MOST_CONTACTS = 8

/** Reads what a REGISTER asks for. */
export function readRegisterRequest(request: SipRequest): RegisterRequest {
  const values = headersOf(request, 'contact').flatMap((value) => cutAt(value, ','))
  if (values.length > MOST_CONTACTS) return { kind: 'malformed' }
  const expires = secondsOf(headerOf(request, 'expires'))
  if (values.includes('*')) {
    // RFC 3261 section 10.3 step 6: only alone, and only to take away.
    return values.length === 1 && expires === 0 ? { kind: 'remove-all' } : { kind: 'malformed' }
  }
  const bindings: WantedBinding[] = []
  for (const value of values) {
    const contact = parseAddress(value)
    if (contact === undefined) return { kind: 'malformed' }
    const asked = secondsOf(contact.parameters.get('expires')) ?? expires ?? DEFAULT_SECONDS
    bindings.push({ value, contact, grantedSeconds: granted(asked) })
  }
  return { kind: 'bindings', bindings }
}

/** Whether a Contact points to where the datagram came from; a phone has no other address. */
export function isAtSource({ contact }: WantedBinding, client: Ipv4): boolean {
  return parseSipUri(contact.uri)?.host === formatIpv4(client)
}

/** The bindings as they stand now (RFC 3261 section 10.3 step 8). */
export function grantedFields(bindings: readonly WantedBinding[]): readonly SipHeader[] {
  const kept = bindings.filter(({ grantedSeconds }) => grantedSeconds > 0)
  const longest = Math.max(0, ...kept.map(({ grantedSeconds }) => grantedSeconds))
  const fields = kept.map(({ value, grantedSeconds }) => {
    const parts = cutAt(value, ';').filter((part) => !/^expires\s*=/i.test(part))
    return { name: 'Contact', value: `${parts.join(';')};expires=${grantedSeconds}` }
  })
  return longest === 0 ? fields : [...fields, { name: 'Expires', value: String(longest) }]
}

function granted(askedSeconds: number): number {
  return askedSeconds === 0 ? 0 : Math.max(MIN_SECONDS, Math.min(askedSeconds, MAX_SECONDS))
}

function secondsOf(value: string | undefined): number | undefined {
  return value === undefined ? undefined : parseSeconds(value)
}
