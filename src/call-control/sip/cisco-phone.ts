import type { Mac } from '../../net/mac.ts'

/** What a User-Agent says of a Cisco phone. */
export type CiscoUserAgent = {
  /** The generation: `8.0` (all of 8.x), `7`; null for 1.x and 2.x, which do not tell. */
  readonly version: string | null
}

/**
 * Reads a User-Agent; undefined where it is not that of a Cisco phone.
 *
 * Sources: traces of OpenSER and Asterisk users (`CSCO/4` to `CSCO/7`, `Cisco-CP7960G/8.0`), VOCAL
 * traces (`Cisco IP Phone/ Rev. 1/ SIP enabled`, loads 1.x and 2.x).
 */
export function readUserAgent(text: string): CiscoUserAgent | undefined {
  const version = /^(?:CSCO|Cisco-CP79[0-9A-Z]+)\/(\d[0-9A-Za-z.-]{0,15})$/.exec(text)?.[1]
  if (version !== undefined) return { version }
  return /^Cisco IP Phone\/ ?Rev\.[ -~]{0,64}$/.test(text) ? { version: null } : undefined
}

/** The places of a REGISTER in which a Cisco phone names its MAC address. */
export type MacPlaces = {
  readonly callId: string
  readonly fromTag: string
  /** Of each Contact; empty text where there is none. */
  readonly instances: readonly string[]
}

const IN_CALL_ID = /^([0-9a-f]{8})-([0-9a-f]{4})[0-9a-f]{0,4}-/i
const IN_FROM_TAG = /^([0-9a-f]{12})/i
const IN_INSTANCE = /^<?urn:uuid:00000000-0000-0000-0000-([0-9a-f]{12})>?$/i

/**
 * Whose MAC address a REGISTER names, compared with the phone that it should be from: `this` phone's,
 * an `other`, or `none`. One that names another anywhere is not this phone's.
 *
 * Sources: OpenSER `get_macid`, Cisco's SIPCC format of Call-ID, traces of 6.x to 8.12.
 */
export function whoseMac(places: MacPlaces, phone: Mac): 'this' | 'other' | 'none' {
  const { callId, fromTag, instances } = places
  const [, high = '', low = ''] = IN_CALL_ID.exec(callId) ?? []
  const named = [
    isSwapped(callId, phone) ? phone : `${high}${low}`,
    IN_FROM_TAG.exec(fromTag)?.[1],
    ...instances.map((instance) => IN_INSTANCE.exec(instance)?.[1]),
  ]
  const macs = named.flatMap((mac) => (mac === undefined || mac === '' ? [] : [mac.toUpperCase()]))
  if (macs.length === 0) return 'none'
  return macs.every((mac) => mac === phone) ? 'this' : 'other'
}

/**
 * Loads 2.x print the bytes of the address as numbers of a little-endian machine: `c2943000` is
 * 00:30:94:c2 (VOCAL traces). That the next number holds the last two bytes at its low end is inferred.
 */
function isSwapped(callId: string, phone: Mac): boolean {
  const match = /^([0-9a-f]{1,8})-([0-9a-f]{1,8})-/i.exec(callId)
  if (match === null) return false
  const [, first = '', second = ''] = match.map((part) => part.toUpperCase())
  const octet = (index: number) => phone.slice(2 * index, 2 * index + 2)
  const last = `${octet(5)}${octet(4)}`
  const isLast = second.padStart(4, '0').endsWith(last) || second.startsWith(last)
  return first.padStart(8, '0') === `${octet(3)}${octet(2)}${octet(1)}${octet(0)}` && isLast
}
