import type { BootState } from '../../../conversion/boot-state.ts'
import { type RequestedFile, readRequestedFile } from '../../../phones/requested-file.ts'
import type { Observation } from './observed-event.ts'

type Kinds = readonly RequestedFile['kind'][]

const SIP_FILES: Kinds = ['sip-default', 'sip-phone', 'ringlist-dat', 'dialplan']
const SCCP_FILES: Kinds = [
  'sep-xml',
  'sep-cnf',
  'xml-default',
  'sep-default',
  'ringlist-xml',
  'locale',
]
/** A loader asks for files of both protocols; these are the application's alone. */
const OF_SIP_APPLICATION: Kinds = ['ringlist-dat', 'dialplan']
const OF_SCCP_APPLICATION: Kinds = ['ringlist-xml', 'locale']

/** The protocol that a phone has shown on a boot; null where it has not. */
export function protocolShown(boot: BootState): Observation['protocol'] {
  const isUal = boot.generation === 'ual'
  if (asked(boot, isUal ? OF_SIP_APPLICATION : SIP_FILES)) return 'sip'
  if (asked(boot, isUal ? OF_SCCP_APPLICATION : SCCP_FILES)) return 'sccp'
  return isUal || boot.generation === null ? null : protocolByRefusal(boot)
}

/** The words for what a phone's first request and its later ones say of its firmware. */
export function generationShown(boot: BootState): Observation['generation'] {
  if (boot.generation === null) return null
  if (boot.generation === 'ual') return 'ual'
  const protocol = protocolShown(boot)
  return protocol === null ? null : `pre-ual-${protocol}`
}

/**
 * A phone that fetches what `OS79XX.TXT` names runs the other protocol: an image whose first four
 * characters are those of its own it would have skipped.
 */
function protocolByRefusal({ images }: BootState): Observation['protocol'] {
  const file = images[0]?.file
  if (file === undefined) return null
  return file.startsWith('P003') ? 'sip' : 'sccp'
}

/**
 * Whether a boot without a loader went as that of a healthy phone does: it was given a
 * configuration of its protocol, and is content with the image that it has.
 */
export function bootedWithoutLoader({ generation, images, asked, absent }: BootState): boolean {
  if (generation !== 'pre-ual' || images.length > 0) return false
  const missing = absent.map((name) => readRequestedFile(name).kind)
  return asked.some((kind) => CONFIGURATION.includes(kind) && !missing.includes(kind))
}

const CONFIGURATION: Kinds = [...SIP_FILES, ...SCCP_FILES]

function asked({ asked: known }: BootState, kinds: Kinds): boolean {
  return kinds.some((kind) => known.includes(kind))
}
