import type { Trace } from './read-trace.ts'

/**
 * The same trace without what tells whose it is: MAC addresses and IPv4 addresses are replaced, each
 * by the same one throughout; the first three octets of a MAC address, the maker's, are kept.
 *
 * The new MAC addresses count from 0A0001, the addresses from 192.0.2.1 (RFC 5737).
 */
export function anonymiseTrace(trace: Trace): Trace {
  const replaced = replacer()
  const { name, header, events } = JSON.parse(replaced(JSON.stringify(trace))) as Trace
  return { name, header, events }
}

/**
 * In names of files, in addresses and in sentences alike, with or without separators. `MGC` and `SAA`
 * end in a letter that is hexadecimal itself.
 */
const MAC =
  /(?:(?<![0-9A-Fa-f])|(?<=MGC|SAA))[0-9A-Fa-f]{2}([:.-]?)(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])/g
const IPV4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g

/** More addresses than a trace of one phone has; those beyond share the last one. */
const MOST_ADDRESSES = 254

function replacer(): (text: string) => string {
  const macs = new Map<string, string>()
  const addresses = new Map<string, string>()
  const macFor = (found: string) => {
    const plain = found.replace(/[:.-]/g, '').toUpperCase()
    const known = macs.get(plain)
    if (known !== undefined) return known
    const number = (0x0a0000 + macs.size + 1).toString(16).toUpperCase().padStart(6, '0')
    const made = `${plain.slice(0, 6)}${number.slice(-6)}`
    macs.set(plain, made)
    return made
  }
  const addressFor = (found: string) => {
    const known = addresses.get(found)
    if (known !== undefined) return known
    const made = `192.0.2.${Math.min(addresses.size + 1, MOST_ADDRESSES)}`
    addresses.set(found, made)
    return made
  }
  const like = (found: string, made: string) =>
    found === found.toLowerCase() ? made.toLowerCase() : made
  return (text) =>
    text.replace(MAC, (found) => like(found, macFor(found))).replace(IPV4, addressFor)
}
