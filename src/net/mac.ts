declare const brand: unique symbol

/** An Ethernet address: twelve upper-case hexadecimal digits without separators. */
export type Mac = string & { readonly [brand]: 'Mac' }

const BARE = /^[0-9A-Fa-f]{12}$/
const COLONS = /^[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){5}$/
const DASHES = /^[0-9A-Fa-f]{1,2}(?:-[0-9A-Fa-f]{1,2}){5}$/
const CISCO_DOTS = /^[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2}$/

/**
 * Reads a MAC address in any usual spelling: bare, colons, dashes, Cisco's dotted groups, and
 * the names that Cisco phones go by (`SEP…`, `SIP…`).
 *
 * @returns The address, or undefined where the text is none of these.
 */
export function parseMac(text: string): Mac | undefined {
  const bare = text.trim().replace(/^(?:SEP|SIP)(?=[0-9A-Fa-f]{12}$)/i, '')
  if (BARE.test(bare)) return bare.toUpperCase() as Mac
  if (CISCO_DOTS.test(bare)) return bare.replaceAll('.', '').toUpperCase() as Mac
  if (!COLONS.test(bare) && !DASHES.test(bare)) return undefined
  return bare
    .split(/[:-]/)
    .map((octet) => octet.padStart(2, '0'))
    .join('')
    .toUpperCase() as Mac
}

/**
 * Why no single device can have the address: it is null, broadcast or a group address (IEEE 802,
 * individual/group bit); undefined where one can.
 */
export function findMacFault(mac: Mac): string | undefined {
  if (mac === '000000000000') return 'is the null address, which no device has'
  if (mac === 'FFFFFFFFFFFF') return 'is the broadcast address, which no device has'
  const isGroup = (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1
  return isGroup ? 'is a group address (multicast), which no device has' : undefined
}

/** Makes a MAC address of the six bytes from `start` on; the caller has checked that they are there. */
export function macFromBytes(bytes: Uint8Array, start = 0): Mac {
  return hexWithin(bytes, start, start + 6) as Mac
}

/** The six bytes, freshly allocated. */
export function macToBytes(mac: Mac): Uint8Array {
  const bytes = new Uint8Array(6)
  for (let index = 0; index < 6; index++) {
    bytes[index] = Number.parseInt(mac.slice(index * 2, index * 2 + 2), 16)
  }
  return bytes
}

const HEX = Array.from({ length: 256 }, (_, octet) =>
  octet.toString(16).padStart(2, '0').toUpperCase(),
)

/** Bytes as upper-case hexadecimal digits without separators. */
export function hexOf(bytes: Uint8Array): string {
  return hexWithin(bytes, 0, bytes.length)
}

function hexWithin(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  // By index: this names the client of every message, and an iterator takes three times as long.
  for (let index = start; index < end; index++) text += HEX[bytes[index] as number]
  return text
}
