import { formatIpv4, type Ipv4 } from '../../src/net/ipv4.ts'
import type { PhoneEvent } from '../../src/simulator/events.ts'

/** News of a simulated phone as one line of JSON. */
export function eventAsJson(event: PhoneEvent): string {
  return JSON.stringify(readable(event))
}

/** News of a simulated phone as one line for people. */
export function eventAsLine(event: PhoneEvent): string {
  const { event: name, mac, atMs: _atMs, ...facts } = readable(event)
  const words = Object.entries(facts).map(([key, value]) => `${key}=${value}`)
  return [mac, name, ...words].join(' ')
}

/** Addresses as dotted quads. */
function readable(event: PhoneEvent): Record<string, unknown> {
  const shown: Record<string, unknown> = { ...event }
  for (const key of ['address', 'server']) {
    if (typeof shown[key] === 'number') shown[key] = formatIpv4(shown[key] as Ipv4)
  }
  if ('tftpServers' in event) shown['tftpServers'] = event.tftpServers.map(formatIpv4)
  return shown
}
