import type { Test } from 'tap'
import { Metrics } from '../../src/adapters/http/metrics.ts'
import { statusFamilies } from '../../src/adapters/http/status-gauges.ts'
import { aRolloutRequest, MAC } from './conversion-builders.ts'
import { anApplianceInMemory } from './in-memory/an-appliance.ts'
import { addFirmware } from './in-memory/firmware.ts'

/** What `/metrics` says when everything has happened once. */
export async function scraped(t: Pick<Test, 'teardown'>): Promise<string> {
  const { services, state } = await anApplianceInMemory(t)
  const { counters, inventory } = state
  const event = { network: 'bench', event: 'conversion.confirmed', reason: '' }
  for (const name of ['dhcp_events', 'tftp_events', 'conversion_events', 'rollout_events']) {
    counters.add(name, event)
  }
  counters.add('dhcp_faults', { fault: 'malformed', code: 'TRUNCATED' })
  for (const name of ['tftp_bytes', 'tftp_repeats']) counters.add(name, { network: 'bench' })
  await inventory.putPhone({ mac: MAC })
  await addFirmware(inventory, 'P0S3-8-12-00')
  await services.rollouts.start('one', aRolloutRequest({ from: 'P00308000500' }))
  const metrics = new Metrics(services.metrics)
  metrics.countAnswer({ method: 'GET', route: '/v1/phones', status: 200, seconds: 0.1 })
  return metrics.render(await statusFamilies(services))
}

/** The label names of each metric in Prometheus' text format. */
export function labelsByName(text: string): ReadonlyMap<string, readonly string[]> {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? []
      return [name, [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label)] as const
    }),
  )
}
