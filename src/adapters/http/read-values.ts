import { type Ipv4, parseIpv4 } from '../../net/ipv4.ts'
import { type Mac, parseMac } from '../../net/mac.ts'
import { parseSwitchPort, type SwitchPort } from '../../net/switch-port.ts'
import { ProblemError, problemOf } from './problem.ts'

/**
 * Reads a MAC address in any usual spelling.
 *
 * @param path - Where it stands, for the message.
 * @throws {@link ProblemError} 400 where the text is none.
 */
export function readMac(text: string, path: string): Mac {
  const mac = parseMac(text)
  if (mac !== undefined) return mac
  throw unreadable(path, text, 'not a MAC address; write it as 000E84C060A6 or 00:0e:84:c0:60:a6')
}

/**
 * Reads a dotted quad.
 *
 * @throws {@link ProblemError} 400 where the text is none.
 */
export function readIpv4(text: string, path: string): Ipv4 {
  const address = parseIpv4(text)
  if (address !== undefined) return address
  throw unreadable(
    path,
    text,
    'not an IPv4 address; write four numbers from 0 to 255, as in 10.20.0.61',
  )
}

/**
 * Reads a port of a switch.
 *
 * @throws {@link ProblemError} 400 where the text is none.
 */
export function readSwitchPort(text: string, path: string): SwitchPort {
  const port = parseSwitchPort(text)
  if (port !== undefined) return port
  throw unreadable(path, text, 'no port of a switch; write it as sw1/7, or sw1/2.7 with its group')
}

/** With a zone: without one a time means another moment on every machine. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/

/**
 * Reads a moment (ISO 8601 with a zone), in milliseconds since the epoch.
 *
 * @throws {@link ProblemError} 400 where the text is none.
 */
export function readTime(text: string, path: string): number {
  const atMs = ISO_TIME.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(atMs)) return atMs
  throw unreadable(path, text, 'not a time with a zone; write it as 2026-03-01T09:30:00Z')
}

function unreadable(path: string, text: string, wanted: string): ProblemError {
  const message = `${JSON.stringify(text.slice(0, 40))} is ${wanted}`
  return new ProblemError(
    problemOf('invalid-request', `${path}: ${message}`, { problems: [{ path, message }] }),
  )
}
