import { type Ipv4, parseIpv4 } from '../../net/ipv4.ts'
import { type Mac, parseMac } from '../../net/mac.ts'
import { readRequestedFile } from '../../phones/requested-file.ts'
import type { Trace, TraceEvent } from '../../wire/trace/read-trace.ts'
import type { ServerEvent } from './server-log/server-event.ts'

/** Who an event of a trace is about, and when. */
type About = {
  readonly client: Ipv4
  readonly mac: Mac | null
  readonly atMs: number
  readonly clock: 'relative' | 'none'
}

/**
 * What a trace tells, in the form of `test/vectors/field`.
 *
 * @param nth - Tells the traces apart that are read together: a phone of one without addresses stands at
 *   0.0.0.`nth`, which is no device's address.
 */
export function eventsOfTrace(trace: Trace, nth: number): readonly ServerEvent[] {
  const clock = trace.header['clock'] === 'order' ? 'none' : 'relative'
  const mac = onlyMacIn(trace.events)
  const open = new Set<string>()
  return trace.events.flatMap((event) => {
    const client = parseIpv4(event.ip ?? '') ?? (nth as Ipv4)
    const atMs = clock === 'none' ? 0 : Math.round(event.t * 1_000)
    const results = readEvent(event, { client, mac, atMs, clock })
    return withRequest(results, open)
  })
}

/** Some servers log only what came of a request. */
function withRequest(results: readonly ServerEvent[], open: Set<string>): readonly ServerEvent[] {
  return results.flatMap((event): readonly ServerEvent[] => {
    if (event.kind === 'request') open.add(event.name)
    if (event.kind !== 'absent' && event.kind !== 'ended') return [event]
    const { client, name, atMs, clock } = event
    if (open.delete(name) || (event.kind === 'ended' && event.outcome === 'unheard')) return [event]
    return [
      { kind: 'request', client, name, atMs, ...(clock === undefined ? {} : { clock }) },
      event,
    ]
  })
}

/** The phone that a trace is about, where names show no other. */
function onlyMacIn(events: readonly TraceEvent[]): Mac | null {
  const macs = new Set(events.map(macIn).filter((mac) => mac !== null))
  const [only = null] = macs
  return macs.size === 1 ? only : null
}

function macIn({ name }: TraceEvent): Mac | null {
  const file = readRequestedFile(name)
  if ('mac' in file) return file.mac as Mac
  return parseMac(/^SEP([0-9A-F]{12})$/.exec(name)?.[1] ?? '') ?? null
}

function readEvent(event: TraceEvent, about: About): readonly ServerEvent[] {
  const { kind, name, port, note } = event
  const { client, mac, atMs, clock } = about
  const base = { client, atMs, clock, ...(port === null ? {} : { port }) } as const
  switch (kind) {
    case 'rrq':
      return [{ kind: 'request', name, ...base }]
    case 'done':
      return [{ kind: 'ended', name, outcome: 'completed', bytes: null, ...base }]
    case 'server-timeout':
      return [{ kind: 'ended', name, outcome: 'unheard', bytes: null, ...base }]
    case 'error':
      return readError(name, note, base)
    case 'dhcp-ack': {
      const address = parseIpv4(name)
      if (mac === null || address === undefined) return []
      return [{ kind: 'address', mac, address, hostName: null, atMs, clock }]
    }
    default:
      return readCall(event, about)
  }
}

/** A phone's own ERROR breaks off; the server's says that there is no such file. */
function readError(
  name: string,
  note: string | null,
  base: { readonly client: Ipv4; readonly atMs: number; readonly clock: 'relative' | 'none' },
): readonly ServerEvent[] {
  const isAbsent = note === null || /code 1\b|not found|no such/i.test(note)
  if (isAbsent) return [{ kind: 'absent', name, ...base }]
  return [{ kind: 'ended', name, outcome: 'failed', bytes: null, ...base }]
}

const STEPS = {
  'sip-register': 'asked',
  'sip-401': 'asked',
  'sip-200': 'accepted',
  'sip-403': 'refused',
  'sccp-alarm': 'asked',
  'sccp-register': 'asked',
  'sccp-register-ack': 'accepted',
  'sccp-register-reject': 'refused',
  'sccp-unregister': 'gone',
  'sccp-restart-sent': 'reset',
  'sccp-reset-sent': 'reset',
} as const

function readCall(event: TraceEvent, about: About): readonly ServerEvent[] {
  const { kind, name, note } = event
  const step = (STEPS as Readonly<Record<string, (typeof STEPS)[keyof typeof STEPS]>>)[kind]
  if (step === undefined) return []
  const protocol = kind.startsWith('sip-') ? 'sip' : 'sccp'
  const load = /\bLoad= ?([\w.()-]{3,32})/.exec(name)?.[1] ?? null
  const model = /\bCP(79\d\d)/.exec(note ?? '')?.[1] ?? null
  return [{ kind: 'registration', ...about, protocol, step, load, model }]
}
