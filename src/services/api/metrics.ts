import { isEnded, type Rollout } from '../../conversion/rollout.ts'
import type { DhcpServer } from '../../dhcp/dhcp-server.ts'
import type { FileCache } from '../../files/file-cache.ts'
import type { LeaseTable } from '../../leases/lease-table.ts'
import type { TftpServer } from '../../tftp/tftp-server.ts'
import type { Counters } from '../events/counters.ts'
import type { Journal } from '../events/journal.ts'
import type { MetricFamily, MetricService } from '../services.ts'

/** What the numbers are read from. */
export type MetricParts = {
  readonly counters: Counters
  readonly cache: FileCache
  readonly leaseTable: LeaseTable
  readonly dhcp: Pick<DhcpServer, 'rogueServersOn'>
  readonly journal: Journal
  readonly tftp: TftpServer
  readonly rollouts: () => readonly Rollout[]
  readonly networkNames: readonly string[]
  readonly nowMs: () => number
}

const COUNTERS: Readonly<Record<string, string>> = {
  dhcp_events: 'DHCP messages by outcome; reason if there was no reply.',
  dhcp_faults: 'DHCP datagrams that could not be decoded, and replies that could not be sent.',
  tftp_events: 'TFTP requests and transfers by outcome.',
  tftp_bytes: 'Bytes that TFTP clients have acknowledged.',
  tftp_repeats: 'TFTP packets that were retransmitted.',
  conversion_events: 'Conversions by outcome.',
  call_control_events: 'Registrations of phones by outcome.',
  call_control_refusals: 'SIP and SCCP messages and connections that were ignored, by reason.',
  restart_events: 'Restarts of phones by this appliance, by method and outcome.',
  survey_events: 'Surveys, and pages of phones that were not believed.',
  rollout_events: 'Roll-outs and their phones by outcome.',
}

/** Counters and gauges of the whole appliance, read when they are asked for. */
export function metricService(parts: MetricParts): MetricService {
  return {
    families: () => [...counterFamilies(parts), ...tftpFamilies(parts), ...gaugeFamilies(parts)],
  }
}

function counterFamilies({ counters }: MetricParts): readonly MetricFamily[] {
  return Object.entries(COUNTERS).map(([name, help]) => ({
    name: `switchhook_${name}_total`,
    help,
    type: 'counter',
    samples: counters.series(name).map(({ labels, value }) => ({ labels, value })),
  }))
}

/** What the TFTP engine counts itself: its events are limited to a few a second. */
function tftpFamilies({ tftp }: MetricParts): readonly MetricFamily[] {
  const { running, drops, errorsWithheld } = tftp.counters()
  const samples = Object.entries(drops).map(([reason, value]) => ({ labels: { reason }, value }))
  return [
    gauge('tftp_running_transfers', 'TFTP transfers in progress.', one(running)),
    {
      name: 'switchhook_tftp_drops_total',
      help: 'TFTP packets that were ignored, by reason.',
      type: 'counter',
      samples,
    },
    counter('tftp_errors_withheld', 'ERROR replies suppressed by the rate limit.', errorsWithheld),
  ]
}

function gaugeFamilies(parts: MetricParts): readonly MetricFamily[] {
  const { leaseTable, cache, dhcp, journal, networkNames } = parts
  const nowMs = parts.nowMs()
  const pools = networkNames.flatMap((network) =>
    Object.entries(leaseTable.poolUse(network, nowMs)).map(([state, value]) => ({
      labels: { network, state },
      value,
    })),
  )
  const others = networkNames.map((network) => ({
    labels: { network },
    value: dhcp.rogueServersOn(network).length,
  }))
  const { sizeBytes, files, hits, misses, evictions } = cache.counters()
  return [
    gauge('rollout_phones', 'Phones of running roll-outs, by state.', rolloutPhones(parts)),
    gauge('pool_addresses', 'Addresses of each pool by state.', pools),
    gauge('other_dhcp_servers', 'Other DHCP servers that answer, by network.', others),
    gauge('file_cache_bytes', 'Bytes in the file cache.', one(sizeBytes)),
    gauge('file_cache_files', 'Files in the file cache.', one(files)),
    counter('file_cache_hits', 'File cache hits.', hits),
    counter('file_cache_misses', 'File cache misses.', misses),
    counter('file_cache_evictions', 'Files evicted from the file cache.', evictions),
    counter('events_lost', 'Events that could not be stored.', journal.lost),
  ]
}

/** Of all roll-outs together: ids come from operators, and never end. */
function rolloutPhones({ rollouts }: MetricParts): MetricFamily['samples'] {
  const counts = new Map<string, number>()
  for (const { phones } of rollouts().filter((rollout) => !isEnded(rollout))) {
    for (const { state } of phones) counts.set(state, (counts.get(state) ?? 0) + 1)
  }
  return [...counts].map(([state, value]) => ({ labels: { state }, value }))
}

function gauge(name: string, help: string, samples: MetricFamily['samples']): MetricFamily {
  return { name: `switchhook_${name}`, help, type: 'gauge', samples }
}

function counter(name: string, help: string, value: number): MetricFamily {
  return { name: `switchhook_${name}_total`, help, type: 'counter', samples: one(value) }
}

function one(value: number): MetricFamily['samples'] {
  return [{ labels: {}, value }]
}
