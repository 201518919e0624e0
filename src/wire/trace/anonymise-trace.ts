import type { Trace, TraceEvent } from './read-trace.ts'

/**
 * The same trace without what tells whose it is: MAC addresses and IPv4 addresses are replaced, each
 * by the same one throughout, and so are names of files that an operator chose. The first three bytes
 * of a MAC address, the maker's, and the extension of a file are kept.
 *
 * The new MAC addresses count from 0A0001, the addresses from 192.0.2.1 (RFC 5737), the files from
 * `file-1`.
 *
 * @param isOfPhones - Whether a name is one that firmware asks for everywhere: it is kept.
 */
export function anonymiseTrace(trace: Trace, isOfPhones: (name: string) => boolean): Trace {
  const named = fileReplacer(isOfPhones)
  const events = trace.events.map((event) => ({ ...event, name: named(event) }))
  return inTexts({ ...trace, events }, replacer()) as Trace
}

/** The same value with each text in it replaced: numbers that look like an address are none. */
function inTexts(value: unknown, replaced: (text: string) => string): unknown {
  if (typeof value === 'string') return replaced(value)
  if (Array.isArray(value)) return value.map((one) => inTexts(one, replaced))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => [key, inTexts(one, replaced)] as const)
  return Object.fromEntries(entries)
}

/** What TFTP did: there a name is that of a file. */
const OF_FILES = new Set(['rrq', 'done', 'answered', 'error', 'server-timeout', 'aborted'])

/** Kept of a name that was chosen, if it looks like one. */
const EXTENSION = /\.[A-Za-z][A-Za-z0-9]{1,4}$/

function fileReplacer(isOfPhones: (name: string) => boolean): (event: TraceEvent) => string {
  const files = new Map<string, string>()
  return ({ kind, name }) => {
    if (!OF_FILES.has(kind) || isOfPhones(name)) return name
    const known = files.get(name)
    if (known !== undefined) return known
    const made = `file-${files.size + 1}${EXTENSION.exec(name)?.[0] ?? ''}`
    files.set(name, made)
    return made
  }
}

/**
 * In names of files, in addresses and in sentences alike: with separators, as Cisco writes it with
 * dots, or twelve digits and more in a row. Prefixes as `MGC`, `SAA`, `ATA` and `ld` end in letters
 * that are hexadecimal themselves, and tags of SIP go on after the address: of a longer row the
 * first twelve digits after such a prefix are taken for it, and the others go.
 */
const MAC = new RegExp(
  [
    // 00:0e:84:c0:60:a6, also with single digits; 00-0E-84-C0-60-A6.
    /(?<![0-9A-F])[0-9A-F]{1,2}([:-])(?:[0-9A-F]{1,2}\1){4}[0-9A-F]{1,2}(?![0-9A-F])/,
    // 000e.84c0.60a6.
    /(?<![0-9A-F])[0-9A-F]{4}\.[0-9A-F]{4}\.[0-9A-F]{4}(?![0-9A-F])/,
    /(?:(?<=MGC|SAA|ATA|ld)|(?<![0-9A-F]|MG(?=C)|S(?=AA)|SA(?=A)|AT(?=A)|l(?=d)))[0-9A-F]{12,}/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gi',
)
/** Not a number with more dots; the full stop of a sentence is none. */
const IPV4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)/g

/** More addresses than a trace of one phone has; those beyond share the last one. */
const MOST_ADDRESSES = 254

function replacer(): (text: string) => string {
  const macs = new Map<string, string>()
  const addresses = new Map<string, string>()
  const macFor = (found: string) => {
    const plain = digitsOf(found)
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

/** The twelve digits of an address, however it is written. */
function digitsOf(found: string): string {
  const octets = found.split(/[:-]/)
  const digits = octets.length === 1 ? found : octets.map((one) => one.padStart(2, '0')).join('')
  return digits.replaceAll('.', '').slice(0, 12).toUpperCase()
}
