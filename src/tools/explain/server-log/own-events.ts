import { type Ipv4, parseIpv4 } from '../../../net/ipv4.ts'
import { type Mac, parseMac } from '../../../net/mac.ts'
import type { LineEvent, ServerEvent } from './server-event.ts'

/**
 * Events of a switchhook: log lines of `serve`, or what `/v1/events` and a timeline answer, as one
 * object a line or as a list.
 *
 * @param value - A parsed line or document.
 * @returns Null where it is no event of ours; other lists give all events that are in them.
 */
export function readOwnEvents(value: unknown): readonly ServerEvent[] | null {
  if (Array.isArray(value)) return value.flatMap((item) => readOwnEvents(item) ?? [])
  if (!isObject(value)) return null
  const { event, fields, atMs, time } = value
  if (typeof event !== 'string') {
    const list = Object.values(value).find(Array.isArray)
    return list === undefined ? null : readOwnEvents(list)
  }
  const when = typeof atMs === 'number' ? atMs : Number(time ?? 0)
  const facts = { ...value, ...(isObject(fields) ? fields : {}) }
  return factsOf(event, facts).map((result) => ({ ...result, atMs: when }) as ServerEvent)
}

type Facts = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function factsOf(event: string, facts: Facts): readonly LineEvent[] {
  const client = addressOf(facts['client'])
  const mac = macOf(facts['mac'])
  const who: readonly LineEvent[] =
    mac === undefined || client === undefined
      ? []
      : [{ kind: 'address', mac, address: client, hostName: null }]
  if (event.startsWith('dhcp.')) return mac === undefined ? [] : dhcpFacts(event, mac, facts)
  if (client === undefined) return []
  const name = textOf(facts['requestedName'] ?? facts['name'])
  switch (event) {
    case 'tftp.transfer.started':
      return [...who, { kind: 'request', client, name }]
    case 'tftp.request.absent':
      return [...who, { kind: 'request', client, name }, { kind: 'absent', client, name }]
    case 'tftp.transfer.ended': {
      const outcome = OUTCOMES[textOf(facts['outcome'])]
      const bytes = typeof facts['bytes'] === 'number' ? facts['bytes'] : null
      return outcome === undefined ? [] : [{ kind: 'ended', client, name, outcome, bytes }]
    }
    default:
      return []
  }
}

/** The others are ours, or another transfer follows. */
const OUTCOMES: Readonly<Record<string, 'completed' | 'failed'>> = {
  complete: 'completed',
  'timed-out': 'failed',
  'never-acknowledged': 'failed',
  'client-error': 'failed',
}

function dhcpFacts(event: string, mac: Mac, facts: Facts): readonly LineEvent[] {
  const address = addressOf(facts['address'])
  const boot: readonly LineEvent[] =
    facts['isBoot'] === true
      ? [{ kind: 'boot', mac, vendorClass: textOf(facts['vendorClass']) || null }]
      : []
  if (event !== 'dhcp.ack.sent' || address === undefined) return boot
  return [...boot, { kind: 'address', mac, address, hostName: textOf(facts['hostName']) || null }]
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function addressOf(value: unknown): Ipv4 | undefined {
  return parseIpv4(textOf(value))
}

function macOf(value: unknown): Mac | undefined {
  return parseMac(textOf(value))
}
