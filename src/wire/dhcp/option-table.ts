/// <reference path="./option-catalogue.d.ts" />

import catalogue from 'dhcp/lib/options.js'

/**
 * The form of an option's value.
 *
 * - `ip`, `ips`, `ip-pairs`: one, one or more, or an even number of IPv4 addresses.
 * - `text`: characters without NUL. `bool`: one byte, 0 or 1. `flag`: no bytes, it is there or not.
 * - `uint8` to `uint32`, `int32`: one number; `uint8s`, `uint16s`: one or more.
 * - `domains`: names as in RFC 3397. `routes`: destinations and routers as in RFC 3442.
 * - `octets`: opaque.
 */
export type OptionValueType =
  | 'ip'
  | 'ips'
  | 'ip-pairs'
  | 'text'
  | 'bool'
  | 'flag'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'int32'
  | 'uint8s'
  | 'uint16s'
  | 'domains'
  | 'routes'
  | 'octets'

/** What is known about one option code. */
export type OptionRow = {
  readonly code: number
  /** As written in a configuration: the catalogue's word, `option200` where it has none. */
  readonly name: string
  /** For people, as in the defining document. */
  readonly title: string
  readonly type: OptionValueType
  /** The defining document; null for a code that the table does not know. */
  readonly rfc: string | null
}

/**
 * Finds an option by its name in the catalogue or by its number, as a number or as text.
 *
 * Names of address lists that end in `Server` or `router` may also be written in the plural. Any
 * code from 1 to 254 is an option: those without a row are `octets`.
 *
 * @returns Undefined for a word that is no option, and for pad (0) and end (255).
 */
export function optionByNameOrCode(key: string | number): OptionRow | undefined {
  if (typeof key === 'string' && !/^\d{1,3}$/.test(key)) return BY_NAME.get(key)
  const code = Number(key)
  if (!Number.isInteger(code) || code < 1 || code > 254) return undefined
  return BY_CODE.get(code) ?? unknownOption(code)
}

/** All rows, by rising code. */
export function knownOptions(): readonly OptionRow[] {
  return [...BY_CODE.values()]
}

function unknownOption(code: number): OptionRow {
  return { code, name: `option${code}`, title: `Option ${code}`, type: 'octets', rfc: null }
}

/** Our side of a row. Name and type come from the catalogue where they are not given here. */
type Definition = {
  readonly rfc: string
  readonly name?: string
  readonly title?: string
  /** Given where the catalogue has none, or another than the defining document. */
  readonly type?: OptionValueType
}

const DEFINITIONS: Readonly<Record<number, Definition>> = {
  1: { rfc: 'RFC 2132 section 3.3' },
  2: { rfc: 'RFC 2132 section 3.4' },
  3: { rfc: 'RFC 2132 section 3.5' },
  4: { rfc: 'RFC 2132 section 3.6' },
  5: { rfc: 'RFC 2132 section 3.7' },
  6: { rfc: 'RFC 2132 section 3.8' },
  7: { rfc: 'RFC 2132 section 3.9' },
  8: { rfc: 'RFC 2132 section 3.10' },
  9: { rfc: 'RFC 2132 section 3.11' },
  10: { rfc: 'RFC 2132 section 3.12' },
  11: { rfc: 'RFC 2132 section 3.13' },
  12: { rfc: 'RFC 2132 section 3.14' },
  13: { rfc: 'RFC 2132 section 3.15' },
  14: { rfc: 'RFC 2132 section 3.16' },
  15: { rfc: 'RFC 2132 section 3.17' },
  16: { rfc: 'RFC 2132 section 3.18' },
  17: { rfc: 'RFC 2132 section 3.19' },
  18: { rfc: 'RFC 2132 section 3.20' },
  19: { rfc: 'RFC 2132 section 4.1', type: 'bool' },
  20: { rfc: 'RFC 2132 section 4.2' },
  21: { rfc: 'RFC 2132 section 4.3', type: 'ip-pairs' },
  22: { rfc: 'RFC 2132 section 4.4' },
  23: { rfc: 'RFC 2132 section 4.5' },
  24: { rfc: 'RFC 2132 section 4.6' },
  25: { rfc: 'RFC 2132 section 4.7' },
  26: { rfc: 'RFC 2132 section 5.1' },
  27: { rfc: 'RFC 2132 section 5.2', type: 'bool' },
  28: { rfc: 'RFC 2132 section 5.3' },
  29: { rfc: 'RFC 2132 section 5.4', type: 'bool' },
  30: { rfc: 'RFC 2132 section 5.5', type: 'bool' },
  31: { rfc: 'RFC 2132 section 5.6', type: 'bool' },
  32: { rfc: 'RFC 2132 section 5.7' },
  33: { rfc: 'RFC 2132 section 5.8', type: 'ip-pairs' },
  34: { rfc: 'RFC 2132 section 6.1' },
  35: { rfc: 'RFC 2132 section 6.2' },
  36: { rfc: 'RFC 2132 section 6.3' },
  37: { rfc: 'RFC 2132 section 7.1' },
  38: { rfc: 'RFC 2132 section 7.2' },
  39: { rfc: 'RFC 2132 section 7.3' },
  40: { rfc: 'RFC 2132 section 8.1' },
  41: { rfc: 'RFC 2132 section 8.2' },
  42: { rfc: 'RFC 2132 section 8.3' },
  43: { rfc: 'RFC 2132 section 8.4' },
  44: { rfc: 'RFC 2132 section 8.5' },
  45: { rfc: 'RFC 2132 section 8.6', type: 'ips' },
  46: { rfc: 'RFC 2132 section 8.7' },
  47: { rfc: 'RFC 2132 section 8.8' },
  48: { rfc: 'RFC 2132 section 8.9' },
  49: { rfc: 'RFC 2132 section 8.10' },
  50: { rfc: 'RFC 2132 section 9.1' },
  51: { rfc: 'RFC 2132 section 9.2' },
  52: { rfc: 'RFC 2132 section 9.3', name: 'optionOverload' },
  53: { rfc: 'RFC 2132 section 9.6', name: 'messageType' },
  54: { rfc: 'RFC 2132 section 9.7' },
  55: { rfc: 'RFC 2132 section 9.8' },
  56: { rfc: 'RFC 2132 section 9.9', name: 'message' },
  57: { rfc: 'RFC 2132 section 9.10' },
  58: { rfc: 'RFC 2132 section 9.11' },
  59: { rfc: 'RFC 2132 section 9.12' },
  60: { rfc: 'RFC 2132 section 9.13' },
  61: { rfc: 'RFC 2132 section 9.14', type: 'octets' },
  64: { rfc: 'RFC 2132 section 8.11' },
  65: { rfc: 'RFC 2132 section 8.12' },
  66: { rfc: 'RFC 2132 section 9.4' },
  67: { rfc: 'RFC 2132 section 9.5' },
  68: { rfc: 'RFC 2132 section 8.13', type: 'ips' },
  69: { rfc: 'RFC 2132 section 8.14' },
  70: { rfc: 'RFC 2132 section 8.15' },
  71: { rfc: 'RFC 2132 section 8.16' },
  72: { rfc: 'RFC 2132 section 8.17' },
  73: { rfc: 'RFC 2132 section 8.18' },
  74: { rfc: 'RFC 2132 section 8.19' },
  75: { rfc: 'RFC 2132 section 8.20' },
  76: { rfc: 'RFC 2132 section 8.21' },
  80: { rfc: 'RFC 4039 section 4', type: 'flag' },
  82: {
    rfc: 'RFC 3046 section 2.0',
    name: 'relayAgentInformation',
    title: 'Relay Agent Information',
    type: 'octets',
  },
  95: { rfc: 'RFC 3679' },
  116: { rfc: 'RFC 2563 section 2' },
  118: { rfc: 'RFC 3011 section 2' },
  119: { rfc: 'RFC 3397 section 2', type: 'domains' },
  121: { rfc: 'RFC 3442', type: 'routes' },
  145: { rfc: 'RFC 6704 section 3.1.1' },
  150: {
    rfc: 'RFC 5859 section 3',
    name: 'tftpServers',
    title: 'TFTP Server Address',
    type: 'ips',
  },
  208: { rfc: 'RFC 5071 section 3' },
  209: { rfc: 'RFC 5071 section 4' },
  210: { rfc: 'RFC 5071 section 5' },
  211: { rfc: 'RFC 5071 section 6' },
  249: { rfc: 'MS-DHCPE', type: 'routes' },
  252: { rfc: 'draft-ietf-wrec-wpad-01' },
}

/** How the catalogue calls the types. */
const CATALOGUE_TYPES: Readonly<Record<string, OptionValueType>> = {
  ASCII: 'text',
  Bool: 'bool',
  IP: 'ip',
  IPs: 'ips',
  Int32: 'int32',
  UInt16: 'uint16',
  UInt16s: 'uint16s',
  UInt32: 'uint32',
  UInt8: 'uint8',
  UInt8s: 'uint8s',
}

/** The part of the catalogue that a table is made of, by option code as text. */
export type OptionCatalogue = typeof catalogue.opts

/**
 * Joins our definitions with a catalogue's names and types.
 *
 * @throws Error where the catalogue lacks a name or type that the definitions rely on.
 */
export function buildOptionTable(opts: OptionCatalogue): ReadonlyMap<number, OptionRow> {
  return new Map(
    Object.entries(DEFINITIONS).map(([code, definition]) => {
      const known = opts[code]
      const name = definition.name ?? known?.config ?? known?.attr
      const title = definition.title ?? known?.name
      const type = definition.type ?? CATALOGUE_TYPES[known?.type ?? '']
      if (name === undefined || title === undefined || type === undefined) {
        throw new Error(`the catalogue has no name, title or type for option ${code}`)
      }
      return [Number(code), { code: Number(code), name, title, type, rfc: definition.rfc }]
    }),
  )
}

const BY_CODE = buildOptionTable(catalogue.opts)

const BY_NAME = new Map([...BY_CODE.values()].flatMap((row) => namesOf(row).map((n) => [n, row])))

function namesOf({ code, name, type }: OptionRow): readonly string[] {
  // The word for option 66 in the networks of our own configuration file.
  if (code === 66) return [name, 'tftpServerName']
  return type === 'ips' && /(?:Server|router)$/.test(name) ? [name, `${name}s`] : [name]
}
