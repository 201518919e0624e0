import type { Conversion } from '../../conversion/conversion.ts'
import { parseFirmwareName } from '../../phones/firmware-name.ts'
import type { Trace, TraceEvent } from '../../wire/trace/read-trace.ts'
import type { RecordedEvent } from '../events/journal.ts'

/** What a trace is made of. */
export type PhoneTraceParts = {
  readonly conversion: Conversion
  /** The phone's events from the start of the conversion on, oldest first. */
  readonly events: readonly RecordedEvent[]
  readonly model: string | null
  readonly version: string
}

/**
 * The last conversion of a phone as a trace: what it asked for, when, from which port, how that went,
 * and which evidence decided. No contents of files are in it.
 */
export function phoneTrace({ conversion, events, model, version }: PhoneTraceParts): Trace {
  const { mac, from, to, state, evidence, confirmedBy, diagnosis, startedAtMs } = conversion
  const parsed = parseFirmwareName(to)
  const isProved = state === 'confirmed' && parsed.kind === 'ok'
  const header = {
    source: `switchhook ${version}`,
    phone: model ?? 'model not given',
    server: 'switchhook',
    clock: '1 ms',
    from: from ?? 'unknown',
    to,
    outcome: diagnosis === null ? state : `${state}: ${diagnosis.code}`,
    ...(isProved ? { truth: { protocol: parsed.name.protocol, load: to, verdict: state } } : {}),
    confirmedBy,
    evidence: evidence.map(({ atMs, kind, detail }) => ({
      t: seconds(startedAtMs, atMs),
      kind,
      detail,
    })),
  }
  const lines = events.flatMap((event) => linesOf(event, seconds(startedAtMs, event.atMs)))
  return { name: mac, header, events: lines }
}

/** An event of the journal as lines of a trace; none for what is no message of the phone. */
function linesOf({ event, fields }: RecordedEvent, t: number): readonly TraceEvent[] {
  const asked = { t, port: portOf(fields['clientTid']), name: `${fields['requestedName']}` }
  switch (event) {
    case 'tftp.transfer.started':
      return [line({ ...asked, kind: 'rrq' })]
    case 'tftp.request.absent':
      return [line({ ...asked, kind: 'rrq' }), line({ ...asked, kind: 'error' })]
    case 'tftp.transfer.ended': {
      const kind = ENDS[`${fields['outcome']}`] ?? 'aborted'
      return [line({ ...asked, name: `${fields['name']}`, kind })]
    }
    default:
      return dhcpLinesOf(event, fields, t)
  }
}

const ENDS: Readonly<Record<string, TraceEvent['kind']>> = {
  complete: 'done',
  'timed-out': 'server-timeout',
  'never-acknowledged': 'server-timeout',
  'client-error': 'error',
}

/** The messages of DHCP that concern a trace; the address that is offered, granted or given up. */
const DHCP: Readonly<Record<string, string>> = {
  'dhcp.offer.sent': 'dhcp-offer',
  'dhcp.ack.sent': 'dhcp-ack',
  'dhcp.nak.sent': 'dhcp-nak',
  'dhcp.lease.released': 'dhcp-release',
  'dhcp.address.declined': 'dhcp-decline',
  'dhcp.discover.ignored': 'dhcp-ignored',
  'dhcp.request.ignored': 'dhcp-ignored',
}

function dhcpLinesOf(
  event: string,
  fields: RecordedEvent['fields'],
  t: number,
): readonly TraceEvent[] {
  const kind = DHCP[event]
  if (kind === undefined) return []
  const about = fields['address'] ?? fields['reason'] ?? ''
  return [line({ t, kind, name: `${about}`, port: null })]
}

function line(event: Pick<TraceEvent, 't' | 'kind' | 'name' | 'port'>): TraceEvent {
  return { ...event, ip: null, repeat: false, note: null }
}

/** A row that was damaged on disk must not make a trace unreadable. */
function portOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null
}

function seconds(startedAtMs: number, atMs: number): number {
  return Math.max(0, Math.round(atMs - startedAtMs)) / 1_000
}
