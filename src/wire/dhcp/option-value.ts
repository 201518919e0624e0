import { parseIpv4, writeIpv4 } from '../../net/ipv4.ts'
import { writeUint16, writeUint32 } from '../octets.ts'
import { encodeDomains } from './option-domains.ts'
import { encodeRoutes } from './option-routes.ts'
import type { OptionRow, OptionValueType } from './option-table.ts'

/** A value made for the wire, or what is wrong with it in words: `found` and `wanted`. */
export type EncodedValue =
  | { readonly kind: 'ok'; readonly bytes: Uint8Array }
  | { readonly kind: 'bad'; readonly found: string; readonly wanted: string }

/** Twice what a message can carry without option 57; longer values are typing errors. */
const MAX_VALUE_OCTETS = 1024

/**
 * Encodes one value of a configuration.
 *
 * Addresses are dotted quads, a list of one may be written without brackets, and `{ hex: "0104" }`
 * stands for the bytes themselves whatever the option is.
 *
 * @returns `bytes` of at most 1024 bytes, owned by the caller.
 */
export function encodeOptionValue(row: OptionRow, value: unknown): EncodedValue {
  const form = FORMS[row.type]
  const bytes = isHex(value) ? octetsOfHex(value.hex) : form.encode(value)
  if (bytes !== undefined && bytes.length <= MAX_VALUE_OCTETS) return { kind: 'ok', bytes }
  const wanted = isHex(value) ? 'an even number of hexadecimal digits' : form.wanted
  return {
    kind: 'bad',
    found: inWords(value),
    wanted: `${wanted}, ${MAX_VALUE_OCTETS} octets at most`,
  }
}

/** One form of values; undefined means that a value is not of it. */
type Form = {
  readonly wanted: string
  readonly encode: (value: unknown) => Uint8Array | undefined
}

const FORMS: Readonly<Record<OptionValueType, Form>> = {
  ip: {
    wanted: 'an IPv4 address',
    encode: (value) => (Array.isArray(value) ? undefined : addresses(value, 1)),
  },
  ips: {
    wanted: 'a list of IPv4 addresses',
    encode: (value) => addresses(value, 1),
  },
  'ip-pairs': {
    wanted: 'a list of an even number of IPv4 addresses',
    encode: (value) => addresses(value, 2),
  },
  text: {
    wanted: 'text of one character or more, without NUL',
    encode: (value) =>
      typeof value === 'string' && value !== '' && !value.includes('\0')
        ? new TextEncoder().encode(value)
        : undefined,
  },
  bool: {
    wanted: 'true or false',
    encode: (value) => {
      if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0)
      return value === 0 || value === 1 ? Uint8Array.of(value) : undefined
    },
  },
  flag: {
    wanted: 'true',
    encode: (value) => (value === true ? new Uint8Array(0) : undefined),
  },
  uint8: oneNumber(1, 0, 0xff),
  uint16: oneNumber(2, 0, 0xffff),
  uint32: oneNumber(4, 0, 0xffffffff),
  int32: oneNumber(4, -0x80000000, 0x7fffffff),
  uint8s: manyNumbers(1, 0xff),
  uint16s: manyNumbers(2, 0xffff),
  domains: {
    wanted: 'a list of domain names, labels of 1 to 63 letters, digits, hyphens or underscores',
    encode: encodeDomains,
  },
  routes: {
    wanted: 'a list of routes such as "10.0.0.0/8 via 192.0.2.1"',
    encode: encodeRoutes,
  },
  octets: {
    wanted: '{ hex: "0104…" }',
    encode: () => undefined,
  },
}

function oneNumber(octets: 1 | 2 | 4, least: number, most: number): Form {
  return {
    wanted: `a whole number from ${least} to ${most}`,
    encode: (value) => (isWithin(value, least, most) ? numbers([value], octets) : undefined),
  }
}

function manyNumbers(octets: 1 | 2, most: number): Form {
  return {
    wanted: `a list of whole numbers from 0 to ${most}`,
    encode: (value) => {
      const list: readonly unknown[] = Array.isArray(value) ? value : [value]
      const good = list.filter((one) => isWithin(one, 0, most))
      return list.length > 0 && good.length === list.length ? numbers(good, octets) : undefined
    },
  }
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}

function numbers(values: readonly number[], octets: 1 | 2 | 4): Uint8Array {
  const bytes = new Uint8Array(values.length * octets)
  for (const [index, value] of values.entries()) {
    if (octets === 4) writeUint32(value, bytes, index * 4)
    else if (octets === 2) writeUint16(value, bytes, index * 2)
    else bytes[index] = value
  }
  return bytes
}

/** One address or a list whose length is a non-zero multiple of `step`. */
function addresses(value: unknown, step: number): Uint8Array | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0 || list.length % step !== 0) return undefined
  const bytes = new Uint8Array(list.length * 4)
  for (const [index, one] of list.entries()) {
    const address = typeof one === 'string' ? parseIpv4(one) : undefined
    if (address === undefined) return undefined
    writeIpv4(address, bytes, index * 4)
  }
  return bytes
}

function isHex(value: unknown): value is { readonly hex: string } {
  if (typeof value !== 'object' || value === null) return false
  return 'hex' in value && typeof value.hex === 'string' && Object.keys(value).length === 1
}

/** The bytes of hexadecimal digits, at least one; undefined for anything else. */
function octetsOfHex(digits: string): Uint8Array | undefined {
  if (!/^(?:[0-9A-Fa-f]{2})+$/.test(digits)) return undefined
  return Uint8Array.from(Buffer.from(digits, 'hex'))
}

/** A value for an error message; long ones are cut. */
function inWords(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`
}
