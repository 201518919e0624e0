import { loadInSipParameters, readLoadInformation, readSipParameters } from '../named-load.ts'
import { ask, type BootingPhone, type BootSequence } from './boot-step.ts'

/** What the universal loader has found out about the load that it should start. */
export type Hunt =
  /** `load` is null where the files of the protocol found first name none, or no file exists. */
  | { readonly kind: 'read'; readonly load: string | null }
  /** The phone's own XML file is empty or damaged, which is worse than none. */
  | { readonly kind: 'unusable' }
  /** The server is silent, or says something else than "file not found". */
  | { readonly kind: 'no-answer' }

type Candidate = { readonly name: string; readonly protocol: 'sccp' | 'sip' }

/**
 * The hunt of the universal loader: specific SCCP file, specific SIP file, SCCP default, SIP default.
 *
 * The first file found decides the protocol (Cisco CME guide, "files for phones"); if it names no load,
 * the other file of its protocol may.
 */
export function* huntForLoad(phone: BootingPhone): BootSequence<Hunt> {
  let protocol: Candidate['protocol'] | null = null
  for (const candidate of candidates(phone)) {
    if (protocol !== null && candidate.protocol !== protocol) continue
    const reply = yield* ask(phone, candidate.name)
    if (reply.kind === 'failed') return { kind: 'no-answer' }
    if (reply.kind === 'absent') continue
    protocol = candidate.protocol
    const load = loadIn(phone, candidate, reply.bytes)
    if (load === undefined) return { kind: 'unusable' }
    if (load !== null) return { kind: 'read', load }
  }
  return { kind: 'read', load: null }
}

function candidates({ mac, knobs, flash }: BootingPhone): readonly Candidate[] {
  const all: readonly Candidate[] = [
    { name: `SEP${mac}.cnf.xml`, protocol: 'sccp' },
    { name: `${knobs.configPrefix}SIP${mac}.cnf`, protocol: 'sip' },
    { name: knobs.xmlDefaultName, protocol: 'sccp' },
    { name: 'SIPDefault.cnf', protocol: 'sip' },
  ]
  if (knobs.loaderReads === 'first-found' || flash.cameFrom === null) return all
  // As reported of 7.4: `image_version` in the SIP default for a phone that was SIP, the load
  // information of the SCCP default for one that was SCCP.
  return all.filter(({ name, protocol }) => protocol === flash.cameFrom && !name.includes(mac))
}

/** Null for no load named, undefined for a file that makes the loader give up. */
function loadIn(
  phone: BootingPhone,
  { protocol }: Candidate,
  bytes: Uint8Array,
): string | null | undefined {
  if (protocol === 'sip') return loadInSipParameters(readSipParameters(bytes))
  const found = readLoadInformation(bytes, phone.model)
  return found.kind === 'read' ? found.load : undefined
}
