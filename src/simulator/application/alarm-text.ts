import type { Mac } from '../../net/mac.ts'
import type { BootCause } from '../events.ts'

/** Why a phone started last, as its Alarm says it. */
export type LastReset = { readonly code: number; readonly text: string }

/** Power, and every cause without a known reason. */
const INITIALIZED: LastReset = { code: 25, text: 'Initialized' }

/**
 * The reason of a start. 22, 23 and 25 are in logs of call managers (Cisco CME `%IPPHONE-6-REG_ALARM`, a SIP 70xx
 * with `reset-restart`), 20 in a trace of a 7970; that a phone says 25 after a new image is inferred.
 */
export function lastResetOf(cause: BootCause): LastReset {
  switch (cause) {
    case 'call-manager-reset':
      return { code: 22, text: 'Reset-Reset' }
    case 'call-manager-restart':
      return { code: 23, text: 'reset-restart' }
    case 'reset':
      return { code: 20, text: 'phone-keypad' }
    default:
      return INITIALIZED
  }
}

/** The session went silent (text seen of a 7925, whose alarm has no number; the number is CallManager's). */
export const TCP_TIMEOUT: LastReset = { code: 10, text: 'TCP-timeout' }

/** The call manager has closed it (number of CallManager's catalogue; the text is inferred from its title). */
export const CLOSED_BY_SERVER: LastReset = { code: 14, text: 'CM-closed-TCP' }

/** `22: Name=SEP000E325C9A43 Load=7.2(2.0) Last=Reset-Reset`, as Cisco CME logged it. */
export function registrationAlarm(mac: Mac, load: string, { code, text }: LastReset): string {
  return `${code}: Name=SEP${mac} Load=${dottedVersion(load)} Last=${text}`
}

/** A 7911 before it started again over a message that it did not know (chan-sccp issue 424). */
export function invalidMessageAlarm(mac: Mac, load: string, message: number): string {
  return `32: Name=SEP${mac} Load=${dottedVersion(load)} : Invalid SCCP message! : ID :${message}:`
}

const REGULAR = /^P003(\d\d)(\d\d)(.{2})(.{2})$/

/**
 * The version of an SCCP load as the phone itself shows it: `P00308010200` is `8.1(2.0)` (web page of a CP-7940).
 * Of the irregular names, `P0030801SR02`, none is published: inferred.
 */
export function dottedVersion(load: string): string {
  const [, major, minor, third, fourth] = REGULAR.exec(load) ?? []
  if (third === undefined || fourth === undefined) return load
  return `${Number(major)}.${Number(minor)}(${plain(third)}.${plain(fourth)})`
}

function plain(digits: string): string {
  return /^\d+$/.test(digits) ? `${Number(digits)}` : digits
}
