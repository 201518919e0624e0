import { loadInSipParameters, readLoadInformation, readSipParameters } from '../named-load.ts'
import {
  askAtOnce,
  type BootingPhone,
  type BootSequence,
  type FileReply,
  isUnheard,
  MAX_BYTES,
} from './boot-step.ts'

/** What the universal loader has found out about the load that it should start. */
export type Hunt =
  /** `load` is null where the files of the protocol found first name none, or no file exists. */
  | { readonly kind: 'read'; readonly load: string | null }
  /** The phone's own XML file is empty or damaged, which is worse than none. */
  | { readonly kind: 'unusable' }
  /** The server is silent, or says something else than "file not found". */
  | { readonly kind: 'no-answer' }
  /** It has answered before; this answer was lost. */
  | { readonly kind: 'unheard' }

type Candidate = { readonly name: string; readonly protocol: 'sccp' | 'sip' | 'mgcp' }

/**
 * The hunt of the universal loader: own file of SCCP, of SIP, of MGCP, then the default of SCCP (traces jh-…, 39
 * hunts), of SIP (Cisco CME guide, "files for phones"; no trace shows what follows an absent default of SCCP).
 *
 * The first file found decides the protocol. An own SIP file without a load leaves that to the default file; an own
 * SCCP file does not (trace jh-b).
 */
export function* huntForLoad(phone: BootingPhone): BootSequence<Hunt> {
  let protocol: Candidate['protocol'] | null = null
  for (const candidate of candidates(phone)) {
    if (protocol !== null && candidate.protocol !== protocol) continue
    const found = yield* readCandidate(phone, candidate)
    if (found === 'absent') continue
    protocol = candidate.protocol
    const namesNone = found.kind === 'read' && found.load === null
    if (!namesNone || endsHunt(phone, candidate)) return found
  }
  return { kind: 'read', load: null }
}

/** What one file of the hunt tells. */
function* readCandidate(phone: BootingPhone, candidate: Candidate): BootSequence<Hunt | 'absent'> {
  const reply = yield* askInHunt(phone, candidate.name)
  if (isUnheard(phone, reply)) return { kind: 'unheard' }
  if (reply.kind === 'failed') return { kind: 'no-answer' }
  if (reply.kind === 'absent') return 'absent'
  const load = loadIn(phone, candidate, reply.bytes)
  return load === undefined ? { kind: 'unusable' } : { kind: 'read', load }
}

/** Asks for a file of the hunt: twice at once where two hunts run side by side, in step by inference. */
export function* askInHunt(phone: BootingPhone, name: string): BootSequence<FileReply> {
  const file = { name, maxBytes: MAX_BYTES.configuration }
  const [reply] = yield* askAtOnce(phone, phone.quirks.huntsTwiceAtOnce ? [file, file] : [file])
  return reply as FileReply
}

function endsHunt({ quirks }: BootingPhone, { name }: Candidate): boolean {
  return name.startsWith('SEP') && !quirks.huntsBehindSep
}

function candidates({ mac, quirks, flash }: BootingPhone): readonly Candidate[] {
  const all: readonly Candidate[] = [
    { name: `SEP${mac}.cnf.xml`, protocol: 'sccp' },
    { name: `${quirks.configPrefix}SIP${mac}.cnf`, protocol: 'sip' },
    ...(quirks.asksForMgc ? [{ name: `MGC${mac}.cnf`, protocol: 'mgcp' } as const] : []),
    { name: quirks.xmlDefaultName, protocol: 'sccp' },
    { name: 'SIPDefault.cnf', protocol: 'sip' },
  ]
  if (quirks.loaderReads === 'first-found' || flash.cameFrom === null) return all
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
  if (protocol !== 'sccp') return loadInSipParameters(readSipParameters(bytes))
  const found = readLoadInformation(bytes, phone.model)
  return found.kind === 'read' ? found.load : undefined
}
