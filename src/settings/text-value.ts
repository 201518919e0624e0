import Type from 'typebox'
import { formatIpv4, parseIpv4 } from '../net/ipv4.ts'
import { type Mac, parseMac } from '../net/mac.ts'
import { formatSubnet, parseSubnet } from '../net/subnet.ts'
import { parseSwitchPort, type SwitchPort } from '../net/switch-port.ts'
import {
  type Duration,
  formatAddressRange,
  formatDuration,
  formatListenAddress,
  formatPortRange,
  formatSize,
  parseAddressRange,
  parseDuration,
  parseListenAddress,
  parsePortRange,
  parseSize,
} from './notation.ts'

/**
 * The values of a configuration that are written as text. Each has its `wanted` for messages and
 * becomes a domain value when it is decoded, once.
 */
export const ipv4Text = (options: Described = {}) =>
  textValue(parseIpv4, formatIpv4, { wanted: 'an IPv4 address such as 10.20.0.2', ...options })

/** `10.20.0.0/24`, no host bits set. */
export const subnetText = (options: Described = {}) =>
  textValue(parseSubnet, formatSubnet, {
    wanted: 'a subnet such as 10.20.0.0/24, without host bits',
    ...options,
  })

/** A MAC address in any usual spelling. */
export const macText = (options: Described = {}) =>
  textValue(parseMac, (mac: Mac) => mac, {
    wanted: 'a MAC address in quotes such as "00:0e:84:c0:60:a6"',
    ...options,
  })

/** `10.20.0.50-10.20.0.99`. */
export const addressRangeText = (options: Described = {}) =>
  textValue(parseAddressRange, formatAddressRange, {
    wanted: 'a range of addresses such as 10.20.0.50-10.20.0.99, the lower one first',
    ...options,
  })

/** `5m`; `infinite` where that has a meaning. */
export const durationText = (options: Described & { infinite?: boolean } = {}) => {
  const { infinite = false, ...described } = options
  const parse = (text: string): Duration | undefined => {
    const duration = parseDuration(text)
    return duration?.seconds === Number.POSITIVE_INFINITY && !infinite ? undefined : duration
  }
  const wanted = `a time with its unit such as 90s, 5m or 1h${infinite ? ', or infinite' : ''}`
  return textValue(parse, formatDuration, { wanted, ...described })
}

/** `64MiB`; bytes. */
export const sizeText = (options: Described = {}) =>
  textValue(parseSize, formatSize, {
    wanted: 'a size with its unit such as 512KiB, 64MiB or 1GiB',
    ...options,
  })

/** `127.0.0.1:8067`. */
export const listenText = (options: Described = {}) =>
  textValue(parseListenAddress, formatListenAddress, {
    wanted: 'an address and a port such as 127.0.0.1:8067 or [::1]:8067',
    ...options,
  })

/** `40000-40999`. */
export const portRangeText = (options: Described = {}) =>
  textValue(parsePortRange, formatPortRange, {
    wanted: 'a range of ports such as 40000-40999, from 1024 to 65535, the lower one first',
    ...options,
  })

/** `sw1/7`. */
export const switchPortText = (options: Described = {}) =>
  textValue(parseSwitchPort, (port: SwitchPort) => port, {
    wanted: 'a port of a switch such as sw1/7, or sw1/2.7 with its group',
    ...options,
  })

type Described = { readonly default?: string; readonly description?: string }

/** A value that is written as text: `parse` reads it, undefined where it cannot; `print` writes it. */
export function textValue<T>(
  parse: (text: string) => T | undefined,
  print: (value: T) => string,
  options: Described & { readonly wanted: string },
) {
  const text = Type.Refine(Type.String(options), (value) => parse(value) !== undefined)
  // Decoding happens to checked values only: the text parses.
  return Type.Codec(text)
    .Decode((value) => parse(value) as T)
    .Encode(print)
}
