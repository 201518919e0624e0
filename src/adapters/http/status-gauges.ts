import { CONVERSION_STATES, type ConversionState } from '../../conversion/conversion.ts'
import type { MetricFamily, Services } from '../../services/services.ts'

/** What the status of the appliance is read from. */
export type StatusParts = Pick<
  Services,
  'health' | 'status' | 'networks' | 'inventory' | 'conversions'
>

/** How many conversions are in each state; states that none is in are left out. */
export function countByState(
  all: readonly { readonly state: ConversionState }[],
): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { state } of all) counts[state] = (counts[state] ?? 0) + 1
  return counts
}

/**
 * What `/v1/status` says, as gauges: readiness, networks, phones, conversions, and the build. A scrape
 * that finds nothing is Prometheus' own `up`.
 */
export async function statusFamilies(parts: StatusParts): Promise<readonly MetricFamily[]> {
  const { health, status, networks, inventory, conversions } = parts
  const { problems } = await health.report()
  const served = networks.list().map(({ name, notServedBecause }) => ({
    labels: { network: name },
    value: notServedBecause === null ? 1 : 0,
  }))
  const counts = countByState(conversions.list())
  const build = { version: status.version(), node: process.version }
  return [
    gauge('build_info', 'The build; the value is always 1.', [{ labels: build, value: 1 }]),
    gauge('ready', 'Whether phones can be served, as /readyz says.', [
      { labels: {}, value: problems.length === 0 ? 1 : 0 },
    ]),
    gauge('network_served', 'Whether DHCP answers on each network.', served),
    gauge('phones', 'Enrolled phones.', [{ labels: {}, value: inventory.phones().length }]),
    gauge(
      'conversions',
      'Conversions by state, the last one of each phone.',
      // Every state, so that a rule on one of them has a number before it first occurs.
      CONVERSION_STATES.map((state) => ({ labels: { state }, value: counts[state] ?? 0 })),
    ),
  ]
}

function gauge(name: string, help: string, samples: MetricFamily['samples']): MetricFamily {
  return { name: `switchhook_${name}`, help, type: 'gauge', samples }
}
