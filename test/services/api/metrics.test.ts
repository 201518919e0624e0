import t from 'tap'
import { Metrics } from '../../../src/adapters/http/metrics.ts'
import { type Rollout, rolloutOf } from '../../../src/conversion/rollout.ts'
import type { OtherServer } from '../../../src/dhcp/other-servers.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { metricService } from '../../../src/services/api/metrics.ts'
import { TftpServer } from '../../../src/tftp/tftp-server.ts'
import { anApplianceInside, NOW_MS } from '../../support/an-appliance-inside.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { aRolloutRequest } from '../../support/conversion-builders.ts'
import { aDatagram, LAB_SETTINGS, NumberedTids } from '../../support/tftp-lab.ts'

/** What a hostile client can put anywhere in a packet. */
const MARK = 'x-from-the-network'

async function aService() {
  const inside = await anApplianceInside()
  const { cache, leaseTable, counters, journal } = inside
  const files = { answer: () => ({ kind: 'absent' as const, mac: null }), ownerAt: () => null }
  const tftp = new TftpServer(LAB_SETTINGS, { files, holder: cache, tids: new NumberedTids() })
  const rollouts: Rollout[] = []
  const others: OtherServer[] = []
  const dhcp = { rogueServersOn: () => others }
  const parts = {
    counters,
    cache,
    leaseTable,
    dhcp,
    journal,
    tftp,
    rollouts: () => rollouts,
    networkNames: ['bench'],
  }
  const service = metricService({ ...parts, nowMs: () => NOW_MS })
  const valueNow = (name: string, labels: object = {}) =>
    service
      .families()
      .find((family) => family.name === `switchhook_${name}`)
      ?.samples.find((sample) => Object.entries(labels).every(([k, v]) => sample.labels[k] === v))
      ?.value
  return { ...inside, service, tftp, others, rollouts, valueNow }
}

t.test('a counter ends in _total, and a gauge in what it counts', async (t) => {
  const { service } = await aService()
  const units = /_(?:bytes|files|addresses|transfers|phones|servers)$/
  const families = service.families()
  t.ok(families.length > 10)
  for (const { name, type, help } of families) {
    t.match(name, type === 'counter' ? /_total$/ : units)
    t.match(name, /^switchhook_[a-z_]+$/)
    t.match(help, /\.$/)
  }
  t.equal(new Set(families.map(({ name }) => name)).size, families.length, 'each once')
})

t.test('numbers are those of now, not of the start', async (t) => {
  const { counters, cache, leaseTable, journal, others, valueNow, tftp } = await aService()
  t.equal(valueNow('dhcp_events_total'), undefined)
  counters.add('dhcp_events', { network: 'bench', event: 'dhcp.ack.sent', reason: '' }, 3)
  t.equal(valueNow('dhcp_events_total', { network: 'bench' }), 3)
  const files = valueNow('file_cache_files') ?? 0
  cache.put(Uint8Array.of(1, 2, 3))
  t.equal(valueNow('file_cache_files'), files + 1)
  cache.get('none')
  t.equal(valueNow('file_cache_misses_total'), cache.counters().misses)
  const free = valueNow('pool_addresses', { network: 'bench', state: 'free' }) ?? 0
  const client = { key: 'hw:x', mac: null, fixedAddress: null }
  const grant = { vendorClass: '', hostName: '', relayAgent: '', expiresAtMs: NOW_MS + 9 }
  leaseTable.bind('bench', client, { ...grant, address: ipOf('10.20.0.50') }, NOW_MS)
  t.equal(valueNow('pool_addresses', { network: 'bench', state: 'free' }), free - 1)
  t.equal(valueNow('other_dhcp_servers', { network: 'bench' }), 0)
  others.push({ address: ipOf('10.20.0.9'), firstSeenAtMs: NOW_MS, lastSeenAtMs: NOW_MS })
  t.equal(valueNow('other_dhcp_servers', { network: 'bench' }), 1)
  t.equal(valueNow('events_lost_total'), journal.lost)
  t.equal(valueNow('tftp_running_transfers'), 0)
  tftp.onRequest(aDatagram(Uint8Array.of(0, 99)), 0)
  t.equal(valueNow('tftp_drops_total', { reason: 'not-a-packet' }), 1)
})

t.test('no label has a value from the network', async (t) => {
  const { tracking, service } = await aService()
  const facts = {
    scope: null,
    interfaceName: MARK,
    mac: '020000000001' as Mac,
    client: MARK,
    xid: 1,
    giaddr: ipOf('192.0.2.1'),
    vendorClass: MARK,
    hostName: MARK,
    isBoot: true,
  }
  const event = { event: 'dhcp.discover.ignored', requestKind: null, address: null } as const
  const source = ipOf('198.51.100.7')
  tracking.onDhcpEvent({ ...facts, ...event, reason: 'no-scope', source }, NOW_MS)
  const atClient = { client: ipOf('198.51.100.7'), clientTid: 7, atMs: NOW_MS, mac: null }
  tracking.onTftpEvent({ ...atClient, event: 'tftp.request.absent', requestedName: MARK })
  tracking.onTftpEvent({
    ...atClient,
    event: 'tftp.transfer.ended',
    name: MARK,
    sizeBytes: 1,
    outcome: 'client-error',
    bytes: 1,
    ms: 1,
    repeats: 0,
    clientError: { code: 0, message: MARK },
  })
  const text = await new Metrics(service).render()
  t.match(text, 'switchhook_dhcp_events_total{network="",event="dhcp.discover.ignored"')
  t.match(text, 'event="tftp.transfer.ended",reason="client-error"')
  t.notMatch(text, new RegExp(`${MARK}|020000000001|198\\.51|192\\.0\\.2`))
})

t.test('phones of roll-outs are counted by state, while the roll-out goes on', async (t) => {
  const { rollouts, valueNow } = await aService()
  const phones = ['020000000001', '020000000002'] as Mac[]
  const request = aRolloutRequest({ phones, canaries: 1 })
  rollouts.push(rolloutOf('one', request, NOW_MS))
  t.equal(valueNow('rollout_phones', { state: 'pending' }), 2)
  rollouts.push({ ...rolloutOf('two', request, NOW_MS), state: 'stopped' })
  t.equal(valueNow('rollout_phones', { state: 'pending' }), 2, 'what has ended does not count')
})
