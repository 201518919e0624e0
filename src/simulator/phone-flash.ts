import type { Ipv4 } from '../net/ipv4.ts'
import { isAtLeast, type LoadName, loaderOf, readLoadName } from './load-name.ts'

/** What an operator typed in at the phone, and what a new loader forgets. */
export type ManualSettings = {
  /** "Alternate TFTP Server"; null: whom DHCP names. */
  readonly alternateTftp: Ipv4 | null
}

/** Nothing typed in. */
export const NO_MANUAL_SETTINGS: ManualSettings = { alternateTftp: null }

/** How a phone boots: by which first request, and from how many parts. */
export type Generation = 'pre-ual-sccp' | 'pre-ual-sip' | 'ual'

/** What is in a phone's flash memory. */
export type PhoneFlash = {
  readonly generation: Generation
  /** The application, by its load; null where a loader has none to start yet. */
  readonly load: string | null
  /** The universal application loader; null on phones without one. */
  readonly loader: string | null
  /** The protocol of the application that a new loader has displaced; null once one is in flash. */
  readonly cameFrom: 'sccp' | 'sip' | null
  readonly manual: ManualSettings
}

/**
 * The flash of a phone that runs `load`.
 *
 * @throws RangeError for a name that no 7940 or 7960 can run.
 */
export function flashRunning(load: string, manual = NO_MANUAL_SETTINGS): PhoneFlash {
  const name = readLoadName(load)
  if (name === undefined || name.loaderOnly || name.protocol === 'mgcp') {
    throw new RangeError(`${load} is not a load of SCCP or SIP`)
  }
  if (name.universal)
    return { generation: 'ual', load, loader: loaderOf(name), cameFrom: null, manual }
  return { generation: `pre-ual-${name.protocol}`, load, loader: null, cameFrom: null, manual }
}

/** The flash of a phone after its loader was written: what was typed in is gone. */
export function flashWithLoader(flash: PhoneFlash, loader: string): PhoneFlash {
  // An application from before the universal loader was part of the image that it replaced.
  const load = flash.generation === 'ual' ? flash.load : null
  const cameFrom = load === null ? (flash.cameFrom ?? protocolOf(flash)) : null
  return { generation: 'ual', load, loader, cameFrom, manual: NO_MANUAL_SETTINGS }
}

/**
 * The flash of a phone that was reset to factory settings: what was typed in is gone, and where there is a
 * universal loader, which has to fetch an application again, that as well. The first is documented, the second a guess.
 */
export function flashAfterFactoryReset(flash: PhoneFlash): PhoneFlash {
  const settings = { ...flash, manual: NO_MANUAL_SETTINGS }
  // Reported of 7.4: a factory-new phone goes by the default file of SCCP.
  return flash.generation === 'ual' ? { ...settings, load: null, cameFrom: 'sccp' } : settings
}

/** From 5.0 on a phone takes signed images alone, and nothing below 5.0 (Cisco document 5455). */
export function wantsSignature(flash: PhoneFlash): boolean {
  if (flash.generation === 'ual') return true
  const name = runningName(flash)
  return name !== undefined && isAtLeast(name, 5)
}

/** The load that the phone runs, read; undefined where it runs none. */
export function runningName(flash: PhoneFlash): LoadName | undefined {
  return flash.load === null ? undefined : readLoadName(flash.load)
}

/** Whether the application in flash is one of SIP. */
export function runsSip(flash: PhoneFlash): boolean {
  return runningName(flash)?.protocol === 'sip'
}

function protocolOf(flash: PhoneFlash): 'sccp' | 'sip' | null {
  if (flash.generation === 'ual') return null
  return flash.generation === 'pre-ual-sip' ? 'sip' : 'sccp'
}
