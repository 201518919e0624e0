import { Metrics } from '../../src/adapters/http/metrics.ts'
import { statusFamilies } from '../../src/adapters/http/status-gauges.ts'
import { metricService } from '../../src/services/api/metrics.ts'
import { TftpServer } from '../../src/tftp/tftp-server.ts'
import { anApplianceInside, NOW_MS } from './an-appliance-inside.ts'
import { anInventory, MemoryServices } from './memory-services.ts'
import { LAB_SETTINGS, NumberedTids } from './tftp-lab.ts'

/** What `/metrics` says when everything has happened once. */
export async function scraped(): Promise<string> {
  const { counters, cache, leaseTable, journal } = await anApplianceInside()
  const files = { answer: () => ({ kind: 'absent' as const, mac: null }), ownerAt: () => null }
  const tftp = new TftpServer(LAB_SETTINGS, { files, holder: cache, tids: new NumberedTids() })
  const event = { network: 'bench', event: 'conversion.confirmed', reason: '' }
  for (const name of ['dhcp_events', 'tftp_events', 'conversion_events', 'rollout_events']) {
    counters.add(name, event)
  }
  counters.add('dhcp_faults', { fault: 'malformed', code: 'TRUNCATED' })
  for (const name of ['tftp_bytes', 'tftp_repeats']) counters.add(name, { network: 'bench' })
  const phone = { mac: '000E84C060A6', state: 'pending' }
  const rollout = { state: 'running', phones: [phone] }
  const service = metricService({
    ...{ counters, cache, leaseTable, journal, tftp },
    dhcp: { rogueServersOn: () => [] },
    rollouts: () => [rollout as never],
    networkNames: ['bench'],
    nowMs: () => NOW_MS,
  })
  const metrics = new Metrics(service)
  metrics.countAnswer({ method: 'GET', route: '/v1/phones', status: 200, seconds: 0.1 })
  const services = new MemoryServices(await anInventory())
  services.reports.push({ name: 'bench', notServedBecause: null } as never)
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
