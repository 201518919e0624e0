import { type RequestedFile, readRequestedFile } from '../../phones/requested-file.ts'
import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** The phone breaks off SIPDefault.cnf: it is larger than SIP 2.x supports. */
export function bufferFull({ boot }: StepTrace): Diagnosis | null {
  if (boot === null || boot.generation === 'ual') return null
  const cut = boot.files.find(
    ({ file, failed, completed }) =>
      file.toLowerCase() === 'sipdefault.cnf' && failed > 0 && completed === 0,
  )
  if (cut === undefined || boot.unheardInARow > 0) return null
  return {
    code: 'buffer-full',
    seen: 'The phone broke off the transfer of SIPDefault.cnf.',
    cause:
      'A SIP 2.x load cannot take a SIPDefault.cnf beyond a certain size. On the display: "W210 ' +
      'TFTP Error : buffer full".',
    remedy:
      'The phone runs SIP 2.x, and this conversion was started from another load: cancel it and ' +
      'start it again with the 2.x load as "from". Its SIPDefault.cnf is then one line.',
    source: 'Cisco document 5455, section "W210 TFTP Error : buffer full"',
  }
}

/** Which message the phone shows for which file; SIPDefault.cnf has a diagnosis of its own. */
const SHOWN: Partial<Readonly<Record<RequestedFile['kind'], string>>> = {
  'sip-phone': '"W220 TFTP Error" (its own SIP file)',
  'sep-xml': '"CFG TFTP Size Error"',
  'xml-default': '"CFG TFTP Size Error"',
  dialplan: '"W250 TFTP Error" (dial plan)',
  syncinfo: '"W270 TFTP Error" (syncinfo.xml)',
}

/** A power cut breaks one transfer off; twice the same file is the file. */
const CUTS = 2

/** The phone breaks off a configuration file repeatedly. */
export function configurationCut({ boot }: StepTrace): Diagnosis | null {
  if (boot === null || boot.unheardInARow > 0) return null
  for (const { file, failed, completed } of boot.files) {
    const shown = SHOWN[readRequestedFile(file).kind]
    if (shown === undefined || failed < CUTS || completed > 0) continue
    return {
      code: 'configuration-cut',
      seen: `The phone broke off the transfer of ${file} ${failed} times.`,
      cause: `The file is larger than the phone can take, or packets are lost. On the display: ${shown}.`,
      remedy:
        'Remove settings from the profile and the phone until the file is small, and check the ' +
        'transfer (GET /v1/phones/{mac}/timeline): many repeats suggest a lossy link.',
      source: 'Cisco SIP IP phone administrator guide, error messages W220, W250 and W270',
    }
  }
  return null
}

/** `.loads` follows the file that names it within a second or two. */
const UNUSABLE_MS = 60_000

/** The loader has read its configuration file and asks for nothing more. */
export function configurationUnusable({ boot, nowMs }: StepTrace): Diagnosis | null {
  if (boot === null || boot.generation !== 'ual' || boot.lastRequestAtMs === null) return null
  const last = boot.asked.at(-1)
  if (last !== 'sep-xml' && last !== 'xml-default') return null
  if (boot.loads !== null || nowMs - boot.lastRequestAtMs < UNUSABLE_MS) return null
  return {
    code: 'configuration-unusable',
    seen: 'The loader read its XML configuration file and then asked for no load.',
    cause:
      'It cannot make sense of the file, which is worse than none; or another server gave it an ' +
      'empty one. On the display: "Protocol Application Invalid".',
    remedy:
      'Read what it gets (GET /v1/phones/{mac}/files); power-cycle it. If it stops there again, do ' +
      'a factory reset: hold # at power-up, then 1 2 3 4 5 6 7 8 9 * 0 #.',
    source:
      'Cisco document 5455, section "Protocol Application Invalid Error"; field report: "Firmware ' +
      'issues on 7940 - 7960"',
  }
}

/** From the fourth request on an empty file is served; a loader that goes on asking wants another. */
const TRUST_LIST_REQUESTS = 8

/** The loader asks for its trust list and for nothing else, although it gets one. */
export function ctlsepLoop({ boot }: StepTrace): Diagnosis | null {
  if (boot === null || boot.ctlsepInARow < TRUST_LIST_REQUESTS) return null
  return {
    code: 'ctlsep-loop',
    seen: `The phone asked for its trust list (CTLSEP<MAC>.tlv) ${boot.ctlsepInARow} times in a row.`,
    cause:
      'A loader of the 7.2 days loops until it gets a trust list, even an empty one, which was ' +
      'served; or the answers do not reach the phone. On the display: "Protocol Application ' +
      'Invalid".',
    remedy:
      'Check whether the transfers of CTLSEP<MAC>.tlv are complete (GET /v1/phones/{mac}/timeline). If ' +
      'they do, do a factory reset: hold # at power-up, then 1 2 3 4 5 6 7 8 9 * 0 #.',
    source:
      'Cisco document 5455, section "Protocol Application Invalid Error"; field report: "Firmware ' +
      'issues on 7940 - 7960"',
  }
}

/** The files that may name a load to a loader, in the order of its hunt. */
const HUNT = ['sep-xml', 'sip-phone', 'xml-default', 'sip-default'] as const

/** The loader has asked for every file that could name a load, and none exists. */
export function noLoadNamed({ boot }: Pick<StepTrace, 'boot'>): Diagnosis | null {
  if (boot === null || boot.generation !== 'ual' || boot.loads !== null) return null
  const absent = boot.absent.map((name) => readRequestedFile(name).kind)
  if (!HUNT.every((kind) => absent.includes(kind))) return null
  return {
    code: 'no-load-named',
    seen: 'The loader asked for every file that could name a load, and none of them exists.',
    cause:
      'No file tells the phone what to load. If it has no application in its flash, its display ' +
      'shows "No Load Specified".',
    remedy: 'Start a conversion of this phone, or enrol it with a profile, and power-cycle it.',
    source: 'Cisco document 5455, section "No Load Specified Error"',
  }
}

const AFTER_CONFIGURATION = ['ringlist-dat', 'dialplan'] as const

/** The SIP application runs without a file of its own. */
export function unprovisioned({ boot }: Pick<StepTrace, 'boot'>): Diagnosis | null {
  if (boot === null) return null
  const absent = boot.absent.find((name) => readRequestedFile(name).kind === 'sip-phone')
  // A loader hunts for that file on its way to SCCP as well: only the SIP application goes on to these.
  const isSip = AFTER_CONFIGURATION.some((kind) => boot.asked.includes(kind))
  if (absent === undefined || !isSip) return null
  return {
    code: 'unprovisioned',
    seen: `The phone runs SIP and asked for ${absent}, which does not exist.`,
    cause:
      'Its own configuration file is missing or spelled in another way: the MAC address stands in ' +
      'capitals, the extension in small letters. On the display: "Phone Unprovisioned" (W362).',
    remedy: 'Enrol the phone with its lines (PUT /v1/phones/{mac}); the file is made of them.',
    source: 'Cisco document 5455, section "IP Phones go to Unprovisioned State"',
  }
}
