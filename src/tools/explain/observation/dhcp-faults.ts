import type { BootState } from '../../../conversion/boot-state.ts'
import type { Diagnosis } from '../../../conversion/conversion.ts'
import { dhcpNotes } from './dhcp-notes.ts'
import type { DhcpTrace } from './dhcp-trace.ts'

/** An ACK follows a REQUEST within a second; an answer to a TFTP request no later. */
const PATIENCE_MS = 5_000

/**
 * What DHCP and the server behind it have done to a phone, where that alone says why it stops. Codes
 * are those of the diagnoses that our own appliance makes of the same trouble.
 */
export function diagnoseDhcp(
  { filesFrom, chosen, isGranted, offeredBy }: DhcpTrace,
  { lastRequestAtMs, address }: BootState,
  endMs: number,
): Diagnosis | null {
  if (filesFrom?.answers === false && isPast(lastRequestAtMs, endMs)) {
    return { code: 'replies-unheard', ...SILENT_SERVER }
  }
  const tookOther = chosen !== null && !isGranted && !offeredBy.includes(chosen.server)
  if (tookOther && address.offers > 0 && lastRequestAtMs === null && isPast(chosen.atMs, endMs)) {
    return { code: 'offer-not-taken', ...TAKEN_ELSEWHERE }
  }
  return null
}

/** The diagnosis, with what DHCP told the phone added to what was seen and to what helps. */
export function withNotes(diagnosis: Diagnosis, trace: DhcpTrace): Diagnosis {
  const notes = dhcpNotes(trace)
  if (notes.length === 0) return diagnosis
  const seen = [diagnosis.seen, ...notes.map((note) => note.seen)].join(' ')
  const remedies = new Set([...notes.map((note) => note.remedy), diagnosis.remedy])
  return { ...diagnosis, seen, remedy: [...remedies].join(' ') }
}

function isPast(atMs: number | null, endMs: number): boolean {
  return atMs !== null && endMs - atMs >= PATIENCE_MS
}

const SILENT_SERVER = {
  seen: 'The phone asked for files and got no answer.',
  cause:
    'Nothing listens on UDP port 69 at the address that it asks: options 66 and 150 name a wrong one, one ' +
    'is typed in at the phone, or a firewall drops the requests. On the display: "TFTP Timeout".',
  remedy: 'Ask that server for a file from the VLAN of the phone.',
  source: 'Cisco document 5455, section "TFTP Accessibility and Impact on Network"',
} as const

const TAKEN_ELSEWHERE = {
  seen: 'The phone was offered an address here and asked another DHCP server for its own.',
  cause: 'Another DHCP server answers on this network, and the phone has its lease from there.',
  remedy: 'Look at the options 66 and 150 that the other server sends.',
  source: 'RFC 2131 section 3.1; Cisco document 5455, section "Troubleshooting Tips"',
} as const
