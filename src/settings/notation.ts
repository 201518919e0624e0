import type { AddressRange } from '../leases/pool.ts'
import { formatIpv4, type Ipv4, parseIpv4 } from '../net/ipv4.ts'

/** A length of time; `Infinity` where the operator wrote `infinite`. */
export type Duration = { readonly seconds: number }

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 }
const DURATION_PART = /(\d{1,10})([smhdw])/g
const WHOLE_DURATION = /^(?:\d{1,10}[smhdw]){1,5}$/

// RFC 2131 section 3.3: a lease time is 32 bits, and all ones mean infinity.
const MAX_SECONDS = 0xfffffffe

/**
 * Reads a duration with its unit: `90s`, `5m`, `1h`, `1h30m`, `2d`, `1w`, or `infinite`.
 *
 * A bare number is refused, because it does not say whether it means seconds or minutes.
 *
 * @returns 1 second to 2^32 - 2 seconds, or infinity; undefined where the text is none of these.
 */
export function parseDuration(text: string): Duration | undefined {
  if (text === 'infinite') return { seconds: Number.POSITIVE_INFINITY }
  if (!WHOLE_DURATION.test(text)) return undefined
  let seconds = 0
  for (const [, count, unit = ''] of text.matchAll(DURATION_PART)) {
    seconds += Number(count) * (UNIT_SECONDS[unit] as number)
  }
  return seconds >= 1 && seconds <= MAX_SECONDS ? { seconds } : undefined
}

/** Prints a duration as it may be written in a configuration: `1h30m`. */
export function formatDuration({ seconds }: Duration): string {
  if (seconds === Number.POSITIVE_INFINITY) return 'infinite'
  let rest = seconds
  let text = ''
  for (const unit of ['d', 'h', 'm', 's']) {
    const length = UNIT_SECONDS[unit] as number
    const count = Math.floor(rest / length)
    if (count > 0) text += `${count}${unit}`
    rest -= count * length
  }
  return text
}

const UNIT_BYTES: Readonly<Record<string, number>> = {
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
}
const SIZE = /^(\d{1,6}) ?([KMG]iB)$/

/**
 * Reads a size with its unit: `512KiB`, `64MiB`, `1 GiB`.
 *
 * A bare number is refused, because it does not say whether it means bytes or megabytes.
 *
 * @returns Bytes, 1 KiB at least; undefined where the text is no size.
 */
export function parseSize(text: string): number | undefined {
  const [, count = '0', unit = ''] = SIZE.exec(text) ?? []
  const bytes = Number(count) * (UNIT_BYTES[unit] ?? 0)
  return bytes > 0 ? bytes : undefined
}

/** Prints a size as it may be written in a configuration: the largest unit that divides it. */
export function formatSize(bytes: number): string {
  const found = Object.entries(UNIT_BYTES).findLast(([, length]) => bytes % length === 0)
  const [unit, length] = found ?? ['bytes', 1]
  return found === undefined ? `${bytes} ${unit}` : `${bytes / length}${unit}`
}

/**
 * Reads `10.20.0.50-10.20.0.99`, blanks around the dash allowed, or one address.
 *
 * @returns The range, or undefined where the text is none or runs backwards.
 */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [from = '', to = from, ...rest] = text.split('-')
  const first = parseIpv4(from.trim())
  const last = parseIpv4(to.trim())
  if (first === undefined || last === undefined || rest.length > 0) return undefined
  return first <= last ? { first, last } : undefined
}

/** Prints `10.20.0.50-10.20.0.99`. */
export function formatAddressRange({ first, last }: AddressRange): string {
  return `${formatIpv4(first)}-${formatIpv4(last)}`
}

/** Whether the address lies in the range. */
export function rangeContains({ first, last }: AddressRange, address: Ipv4): boolean {
  return address >= first && address <= last
}

/** Whether two ranges share an address. */
export function rangesOverlap(a: AddressRange, b: AddressRange): boolean {
  return a.first <= b.last && b.first <= a.last
}

/** UDP ports from `first` to `last`, both included. */
export type PortRange = { readonly first: number; readonly last: number }

/**
 * Reads `40000-40999`. Ports below 1024 are refused: other services expect to find them free.
 *
 * @returns The range, or undefined where the text is none or runs backwards.
 */
export function parsePortRange(text: string): PortRange | undefined {
  const [, from = '', to = ''] = /^(\d{4,5})-(\d{4,5})$/.exec(text) ?? []
  const first = Number(from)
  const last = Number(to)
  return first >= 1024 && first <= last && last <= 65535 ? { first, last } : undefined
}

/** Prints `40000-40999`. */
export function formatPortRange({ first, last }: PortRange): string {
  return `${first}-${last}`
}

/** Where a TCP server listens. */
export type ListenAddress = {
  /** An IPv4 or IPv6 address without brackets, or a host name. */
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
}

const IPV6 = /^\[([0-9A-Fa-f:.]{2,45})\]:(\d{1,5})$/
const NAME_OR_IPV4 = /^([0-9A-Za-z][0-9A-Za-z.-]{0,252}):(\d{1,5})$/

/**
 * Reads `127.0.0.1:8067`, `localhost:8067` or `[::1]:8067`.
 *
 * @returns Where to listen, or undefined where the text is none of these.
 */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, host = '', digits = ''] = IPV6.exec(text) ?? NAME_OR_IPV4.exec(text) ?? []
  const port = Number(digits)
  return host !== '' && port <= 65535 ? { host, port } : undefined
}

/** Prints it as it may be written in a configuration. */
export function formatListenAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Whether only programs on this machine can reach it. */
export function isLoopback({ host }: ListenAddress): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
