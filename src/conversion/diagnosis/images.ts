import { family } from '../../phones/family/family.ts'
import { parseFirmwareName } from '../../phones/firmware-name.ts'
import type { Diagnosis } from '../conversion.ts'
import { timesWhole } from '../step-facts.ts'
import { isImageOf } from '../target.ts'
import type { StepTrace } from './step-trace.ts'

/** The phone asks for an image by a name that no firmware ever had. */
export function misspeltImage({ boot }: StepTrace): Diagnosis | null {
  for (const name of boot?.absent ?? []) {
    const fault = faultOf(name)
    if (fault === null) continue
    return {
      code: 'misspelt-image',
      seen: `The phone asked for ${name}, which ${fault}.`,
      cause:
        'A file of another TFTP server misspells the load, most likely its OS79XX.TXT or ' +
        'SIPDefault.cnf: the second character is the digit zero, the name has no extension, and ' +
        'no blank and no other characters follow it. Files of this server never do that.',
      remedy:
        'At the phone set Alternate TFTP to No (Settings, **#, Network Configuration), make sure ' +
        'that no other DHCP server answers, and power-cycle it.',
      source: 'Cisco document 5455, section "IP Phones go to Unprovisioned State"',
    }
  }
  return null
}

/** What is wrong with the name of an image; null where it is none, or spelled as it should be. */
function faultOf(name: string): string | null {
  const image = /^(?:\.?\/)*(P[0O][0OSM]3.*)\.(?:bin|sbn|sb2|loads)\s*$/i.exec(name)
  if (image === null) return null
  const parsed = parseFirmwareName(image[1] as string)
  if (parsed.kind === 'ok' || parsed.suggestion === null) return null
  return `${parsed.fault} (${parsed.suggestion} is the right spelling)`
}

/** The phone requests an image of this step that is not stored. */
export function firmwareIncomplete({ step, target, boot }: StepTrace): Diagnosis | null {
  if (step.stage === 'flashing' || boot === null) return null
  const file = boot.absent.find(
    (name) => isImageOf(target, name) || name.toUpperCase() === `${target.load}.LOADS`,
  )
  if (file === undefined) return null
  return {
    code: 'firmware-incomplete',
    seen: `The phone asked for ${file}, an image of ${target.load} that is not available.`,
    cause:
      'A load before 5.0 takes the unsigned .bin and a later one the signed .sbn, and the set has ' +
      'not got the one that this phone wants; or the firmware was deleted under way. On the ' +
      'display: "Protocol Application Invalid", or the phone goes on with what it has.',
    remedy:
      'Import the whole firmware archive again (POST /v1/firmware, switchhook firmware add). If it is ' +
      'complete, read the load at the phone and start again with it as "from".',
    source: 'Cisco document 5455, section "Protocol Application Invalid Error"',
  }
}

/** The phone asks for an image that this step does not serve. */
export function imageAbsent({ step, target, boot }: StepTrace): Diagnosis | null {
  if (step.stage === 'flashing' || boot === null) return null
  const image = boot.absent.find((name) => /\.(?:bin|sbn|sb2|loads)\s*$/i.test(name))
  if (image === undefined) return null
  return {
    code: 'image-absent',
    seen: `The phone asked for ${image}, which does not belong to ${target.load}.`,
    cause:
      'It was told that name elsewhere: by another TFTP server, by a call manager, or by settings ' +
      'that it kept in its flash; or its own load wants the image under another extension than ' +
      'the load named as "from" would.',
    remedy:
      'Read the load at the phone (Settings, Status, Firmware Versions). If it differs from the ' +
      '"from" of this conversion, cancel and start again with it.',
    source: 'Cisco document 5455, section "Protocol Application Invalid Error"',
  }
}

/** A file of the target arrives whole, start after start, and the phone never goes on. */
export function imageRefused({ step, target }: StepTrace): Diagnosis | null {
  const { refused } = step.facts
  if (refused === null) return null
  const times = timesWhole(step.facts, refused)
  const seen =
    times > 1
      ? `The phone fetched ${refused} whole ${times} times, asks for it again, and does not run ${target.load}.`
      : `The phone fetched ${refused} whole, started its old application, and asks for the file again.`
  return {
    code: 'image-refused',
    seen,
    cause:
      'The phone rejects the image: its signature check failed ("Image Authentication Failed"), or ' +
      'it runs a load that cannot go to this one directly ("Load ID Incorrect", or "Upgrading ' +
      'Software" again and again).',
    remedy:
      'Import the firmware archive again from its original ZIP file. If that changes nothing, ' +
      'read the load at the phone and start again with it as "from".',
    source: 'Cisco document 5455, section "Image Authentication Failed Error"',
  }
}

/** The log in Cisco document 5455 shows three attempts, 8 to 10 s apart. */
const REFUSALS = 3

/** An old SCCP phone starts to fetch a SIP image of 3.0 or later, gives up in the middle, and repeats this. */
export function refusesNewerSip(trace: StepTrace): Diagnosis | null {
  const { step, target, brokenTransfers, boot, running = null } = trace
  if (brokenTransfers < REFUSALS || step.method !== 'os79xx') return null
  if (target.protocol !== 'sip' || majorOf(target.load) < 3) return null
  // A phone that acknowledges nothing refuses nothing: its network does.
  if (boot === null || boot.unheardInARow > 0) return null
  if (running !== null && !isOldSccp(running)) return null
  return {
    code: 'refuses-newer-sip',
    seen: `The phone gave up fetching ${target.load} ${brokenTransfers} times in mid-file.`,
    cause: 'A particularly old SCCP load refuses a SIP image of 3.x or 4.x.',
    remedy:
      'Convert the phone to SIP 2.3 (P0S30203) first and go on from there. If that ' +
      'firmware is stored, the plan does so automatically.',
    source: 'Cisco document 5455, section "Enable SIP Functionality", step 4, note',
  }
}

function majorOf(load: string): number {
  const parsed = parseFirmwareName(load)
  return parsed.kind === 'ok' ? parsed.name.major : 0
}

function isOldSccp(load: string): boolean {
  const parsed = parseFirmwareName(load)
  return parsed.kind === 'ok' && parsed.name.protocol === 'sccp' && parsed.name.major < 5
}

/** An application started too early after the image to be the new one, and runs on. */
export function oldApplication({ target, suspectedSinceMs, nowMs }: StepTrace): Diagnosis | null {
  if (suspectedSinceMs == null || nowMs - suspectedSinceMs < family.bootTimes.silenceMs) return null
  return {
    code: 'old-application',
    seen:
      `The image of ${target.load} arrived whole, and an application started sooner after it ` +
      'than a phone takes that writes its flash.',
    cause:
      'The phone refused the image, most likely, and runs its old application: both ask for the same ' +
      'files, so that the files alone do not tell. How fast phones are is known from traces of ' +
      'SIP 8.12; for SCCP it is inferred.',
    remedy:
      'Check what the phone runs: at the phone (Settings, Status, Firmware Versions), on its web page, ' +
      'or by its registration. Then cancel this conversion and start it again with that load as ' +
      '"from": if it is the target, the next start of the phone confirms it.',
    source: 'field traces of eight conversions (github.com/julianhead/CiscoPhones, tftplog)',
  }
}

const APPLICATION_FILES = [
  'sip-default',
  'ringlist-dat',
  'dialplan',
  'ringlist-xml',
  'locale',
] as const

/** The loader could not fetch the target, and the application in flash continues. */
export function loaderGaveUp({ target, boot }: StepTrace): Diagnosis | null {
  if (boot === null || boot.generation !== 'ual' || boot.loads !== target.load) return null
  const loadsAt = boot.asked.indexOf('loads')
  const runsOn = APPLICATION_FILES.some((kind) => boot.asked.indexOf(kind) > loadsAt)
  const image = boot.images.find(({ file }) => isImageOf(target, file))
  const isBroken = image !== undefined && image.completed === 0 && image.failed > 0
  if (!runsOn || !isBroken) return null
  return {
    code: 'loader-gave-up',
    seen: `The loader did not get ${image.file}, and the application that the phone had runs on.`,
    cause:
      'The transfer of the image broke off. The phone does not try again by itself: on the display ' +
      `"W710 Loader failed upgrade to ${target.load}, ignoring reset".`,
    remedy:
      'Power-cycle the phone. If it happens again, look for a lossy link or a firewall, and import ' +
      'the firmware archive again.',
    source:
      'Cisco SIP IP phone 8.x, message W710; Cisco document 5455, section "Protocol Application Invalid Error"',
  }
}

/** The log in Cisco document 5455 shows three attempts, 8 to 10 s apart, before the phone gives up. */
const BROKEN_TRANSFERS = 3

/** The phone starts to fetch the image and breaks off, repeatedly. */
export function transferBroken({ target, brokenTransfers }: StepTrace): Diagnosis | null {
  if (brokenTransfers < BROKEN_TRANSFERS) return null
  return {
    code: 'transfer-broken',
    seen: `The transfer of the image of ${target.load} broke off ${brokenTransfers} times in a row.`,
    cause:
      'A particularly old load refuses an image of 3.x or 4.x while it arrives; or packets are lost ' +
      'between the phone and this server.',
    remedy:
      'If the phone runs an old SCCP load, convert it to SIP 2.3 (P0S30203) first and go on from ' +
      'there. Otherwise look for a duplex mismatch or a firewall on the path.',
    source: 'Cisco document 5455, section "Enable SIP Functionality", step 4, note',
  }
}
