import type { Diagnosis } from '../../../conversion/conversion.ts'
import type { BootLoop } from './boot-loop.ts'
import type { Polling } from './polling.ts'

/** A phone that boots again and again without asking for an image. */
export function loopFault(
  { boots, everySeconds }: BootLoop,
  protocol: 'sip' | 'sccp' | null,
): Diagnosis {
  return {
    code: 'boot-loop',
    seen: `The phone starts again and again: its whole boot was seen ${boots} times, one every ${everySeconds} s.`,
    ...(protocol === 'sip' ? LOOP_OF_SIP : LOOP_OF_SCCP),
    source:
      'field trace of a 7940 or 7960 without a call manager, July 2021 (a boot every 66 to 67 s)',
  }
}

const LOOP_OF_SCCP = {
  cause:
    'Its files reach it, and it cannot register: no call manager answers on TCP port 2000 at the address in ' +
    'its XML file, or it does not know the phone. It starts afresh after each attempt.',
  remedy:
    'Look at the call manager: does it run, does processNodeName in SEP<MAC>.cnf.xml or XMLDefault.cnf.xml name ' +
    'it by an address that the phone reaches, and is the phone registered there? Then look at its power.',
} as const

const LOOP_OF_SIP = {
  cause:
    'Its files reach it, and its application starts afresh each time: it is told to restart (check-sync, ' +
    'a provisioning server), its power fails, or a setting makes it crash.',
  remedy:
    'Look at what the call manager sends it (NOTIFY check-sync), at its power, and try it with a file of nothing ' +
    'but image_version, line1_name and proxy1_address.',
} as const

/** A SIP phone that polls for its own file, as there is none. */
export function pollingFault({ name, times, everySeconds }: Polling): Diagnosis {
  const count = times === 1 ? 'once' : `${times} times`
  const often = everySeconds === null ? count : `${count}, every ${everySeconds} s`
  return {
    code: 'unprovisioned',
    seen: `The phone runs SIP and polls for ${name}, which is missing: asked for ${often}.`,
    cause:
      'Its own configuration file does not exist, or is spelled in another way: the MAC address stands in ' +
      'capitals, the extension in small letters; SEP<MAC>.cnf is another file. On the display: "Phone ' +
      'Unprovisioned" (W362).',
    remedy:
      'Write that file, with line1_name in it, under exactly this name. The phone takes it within half a ' +
      'minute; it needs no restart (inferred).',
    source:
      'field traces of eight phones that asked for it every 30.9 s, July 2021; Cisco document 5455',
  }
}

/** An application that started before anything can have been written to flash. */
export function tooSoonFault(load: string, afterMs: number): Diagnosis {
  return {
    code: 'old-application',
    seen: `The phone fetched the image of ${load} whole, and ${Math.round(afterMs / 1_000)} s later its application started.`,
    cause:
      'That is too soon to have written its flash, which takes 38 to 53 s: the phone most likely refused the ' +
      'image and runs its old application.',
    remedy:
      'Read the load at the phone (Settings, Status, Firmware Versions). If it is the old one, unzip the archive of ' +
      `${load} again, without copying or renaming single files.`,
    source: 'field traces of eight conversions, July 2021; inferred from them',
  }
}

/** A phone whose call manager does not take it. */
export function registrationFault(protocol: 'sip' | 'sccp' | null): Diagnosis {
  const isSip = protocol === 'sip'
  return {
    code: 'registration-refused',
    seen: 'The phone asked its call manager to register it and was refused.',
    cause: isSip
      ? 'The call manager does not know line1_name or line1_authname, or the password is another.'
      : 'The call manager does not know the phone by its name SEP<MAC>, or knows it as another model.',
    remedy: isSip
      ? 'Compare line1_name, line1_authname and line1_password of SIP<MAC>.cnf with the account there.'
      : 'Enter the phone there by SEP and its MAC address, with the model that it is.',
    source: 'RFC 3261 section 10.3; SCCP, message RegisterReject',
  }
}
