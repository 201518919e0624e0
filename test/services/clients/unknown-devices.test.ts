import t from 'tap'
import type { Mac } from '../../../src/net/mac.ts'
import { UnknownDevices } from '../../../src/services/clients/unknown-devices.ts'
import { ip } from '../../support/a-dhcp-message.ts'
import { anApplianceInside, NOW_MS } from '../../support/an-appliance-inside.ts'
import { MAC } from '../../support/conversion-builders.ts'

const OTHER = '000E84000009' as Mac
const HOUR_MS = 3_600_000

const facts = {
  scope: 'bench',
  interfaceName: 'eth0',
  mac: OTHER,
  client: `hw:01${OTHER}`,
  xid: 1,
  giaddr: ip('0.0.0.0'),
  vendorClass: 'Cisco Systems, Inc. IP Phone CP-7960G',
  hostName: 'SEP000E84000009',
  isBoot: true,
} as const

const ignored = {
  ...facts,
  event: 'dhcp.discover.ignored',
  reason: 'not-enrolled',
  requestKind: null,
  address: null,
  source: ip('0.0.0.0'),
} as const

async function aList(options: { readonly failed?: Set<Mac>; readonly most?: number } = {}) {
  const inside = await anApplianceInside()
  const { inventory, leaseTable, journal, log, tracking } = inside
  const parts = {
    isEnrolled: (mac: Mac) => inventory.phone(mac) !== undefined,
    enrolmentFailed: (mac: Mac) => options.failed?.has(mac) === true,
    leaseTable,
    journal,
    log,
    ...(options.most === undefined ? {} : { most: options.most }),
  }
  const devices = new UnknownDevices(parts)
  devices.follow(tracking)
  const reported = () => journal.recent().filter(({ event }) => event === 'device.unknown.seen')
  const asks = (client: string, requestedName: string, atMs = NOW_MS) =>
    tracking.answer({ client: ip(client), clientPort: 50_000, requestedName, atMs })
  return { ...inside, parts, devices, reported, asks }
}

t.test('a phone that is not enrolled is listed with what it says, and reported', async (t) => {
  const { tracking, devices, reported, lines } = await aList()
  tracking.onDhcpEvent(ignored, NOW_MS)
  tracking.onDhcpEvent({ ...ignored, vendorClass: '', hostName: '' }, NOW_MS + 4_000)
  t.match(devices.list(NOW_MS + 5_000), [
    {
      mac: OTHER,
      network: 'bench',
      vendorClass: 'Cisco Systems, Inc. IP Phone CP-7960G',
      hostName: 'SEP000E84000009',
      firstSeenAtMs: NOW_MS,
      lastSeenAtMs: NOW_MS + 4_000,
      count: 2,
      reason: 'not-enrolled',
    },
  ])
  t.match(reported(), [
    { mac: OTHER, network: 'bench', fields: { reason: 'not-enrolled', count: 1 } },
  ])
  t.match(
    lines.filter(({ event }) => event === 'device.unknown.seen'),
    [{ level: 'info', mac: OTHER, network: 'bench', reason: 'not-enrolled' }],
  )
})

t.test('a list that was given out stays as it was', async (t) => {
  const { tracking, devices } = await aList()
  tracking.onDhcpEvent(ignored, NOW_MS)
  const before = devices.list(NOW_MS)
  tracking.onDhcpEvent({ ...ignored, reason: 'pool-exhausted' }, NOW_MS + 1)
  t.match(before, [{ reason: 'not-enrolled', lastSeenAtMs: NOW_MS, count: 1 }])
  t.match(devices.list(NOW_MS), [{ reason: 'pool-exhausted', lastSeenAtMs: NOW_MS + 1, count: 2 }])
})

t.test('it is reported once an hour', async (t) => {
  const { tracking, reported } = await aList()
  for (let atMs = NOW_MS; atMs < NOW_MS + 2 * HOUR_MS; atMs += 60_000) {
    tracking.onDhcpEvent(ignored, atMs)
  }
  t.same(
    reported().map(({ fields }) => fields['count']),
    [1, 61],
  )
})

t.test('only what asked us for something and got nothing is listed', async (t) => {
  const { tracking, devices } = await aList()
  const silent = [
    { ...ignored, mac: MAC },
    { ...ignored, mac: null },
    { ...ignored, reason: 'rogue-server' },
    { ...ignored, reason: 'wrong-origin' },
    { ...ignored, event: 'dhcp.request.ignored', reason: 'other-server' },
    { ...ignored, event: 'dhcp.inform.ignored' },
    { ...ignored, event: 'dhcp.release.ignored', reason: 'not-the-holder' },
    {
      ...facts,
      event: 'dhcp.offer.sent',
      address: ip('10.20.0.70'),
      leaseSeconds: 300,
      rule: 'free',
    },
  ]
  for (const event of silent) tracking.onDhcpEvent(event as never, NOW_MS)
  t.same(devices.list(NOW_MS), [])
  const listed = [
    { ...ignored, mac: '020000000001', reason: 'not-a-phone' },
    { ...ignored, mac: '020000000002', scope: null, reason: 'no-scope' },
    { ...ignored, mac: '020000000003', event: 'dhcp.request.ignored', reason: 'pool-exhausted' },
  ]
  for (const event of listed) tracking.onDhcpEvent(event as never, NOW_MS)
  t.match(
    devices.list(NOW_MS).map(({ mac, network, reason }) => [mac, network, reason]),
    [
      ['020000000001', 'bench', 'not-a-phone'],
      ['020000000002', null, 'no-scope'],
      ['020000000003', 'bench', 'pool-exhausted'],
    ],
  )
})

t.test('a device that gets its address after all is no longer listed', async (t) => {
  const { tracking, devices, asks } = await aList()
  const ack = { ...facts, event: 'dhcp.ack.sent', address: ip('10.20.0.70'), leaseSeconds: 300 }
  tracking.onDhcpEvent({ ...ignored, reason: 'pool-exhausted' }, NOW_MS)
  tracking.onDhcpEvent({ ...ack, requestKind: 'inform' } as never, NOW_MS)
  t.equal(devices.list(NOW_MS).length, 1, 'an INFORM gives no address')
  tracking.onDhcpEvent({ ...ack, requestKind: 'selecting' } as never, NOW_MS)
  t.same(devices.list(NOW_MS), [])
  asks('10.20.0.99', `SIP${OTHER}.cnf`)
  tracking.onDhcpEvent({ ...ack, requestKind: 'renewing' } as never, NOW_MS)
  t.match(devices.list(NOW_MS), [{ mac: OTHER }], 'it asked for a file and got none')
  tracking.onDhcpEvent({ ...ack, mac: null, requestKind: 'renewing' } as never, NOW_MS)
})

t.test('who has a lease and asks for files is listed as its lease says', async (t) => {
  const { leaseTable, devices, asks } = await aList()
  const grant = {
    address: ip('10.20.0.70'),
    expiresAtMs: NOW_MS + 300_000,
    vendorClass: 'Cisco Systems, Inc. IP Phone',
    hostName: 'old',
    relayAgent: '',
  }
  leaseTable.bind('bench', { key: `hw:01${OTHER}`, mac: OTHER, fixedAddress: null }, grant, NOW_MS)
  t.match(asks('10.20.0.70', 'OS79XX.TXT'), { kind: 'absent' })
  asks('10.20.0.70', 'SIPDefault.cnf')
  t.match(devices.list(NOW_MS), [
    {
      mac: OTHER,
      vendorClass: grant.vendorClass,
      hostName: 'old',
      reason: 'not-enrolled',
      count: 2,
    },
  ])
})

t.test('without a lease a device is known by a name of its own, and by no other', async (t) => {
  const { devices, asks } = await aList()
  asks('10.20.0.98', 'OS79XX.TXT')
  asks('10.20.0.98', `CTLSEP${MAC}.tlv`)
  asks('192.0.2.1', `SIP${OTHER}.cnf`)
  t.same(devices.list(NOW_MS), [], 'nobody, an enrolled phone, a network that is none of ours')
  asks('10.20.0.99', `SEP${OTHER}.cnf.xml`)
  t.match(devices.list(NOW_MS), [{ mac: OTHER, vendorClass: '', hostName: '', network: 'bench' }])
})

t.test('who is being enrolled is listed only where that has failed', async (t) => {
  const failed = new Set<Mac>()
  const { tracking, devices } = await aList({ failed })
  const request = { device: OTHER, network: 'bench', requestedName: 'OS79XX.TXT', atMs: NOW_MS }
  tracking.unserved.notify({ ...request, isWaiting: true })
  t.same(devices.list(NOW_MS), [])
  failed.add(OTHER)
  tracking.unserved.notify({ ...request, isWaiting: true })
  t.match(devices.list(NOW_MS), [{ mac: OTHER, reason: 'enrolment-failed' }])
})

t.test('made-up addresses without number are listed and told of within bounds', async (t) => {
  const { tracking, devices, reported } = await aList({ most: 200 })
  tracking.onDhcpEvent(ignored, NOW_MS)
  tracking.onDhcpEvent(ignored, NOW_MS)
  for (let index = 0; index < 50_000; index++) {
    const mac = `02${(index * 7_919).toString(16).toUpperCase().padStart(10, '0')}` as Mac
    tracking.onDhcpEvent({ ...ignored, mac }, NOW_MS)
  }
  t.equal(devices.list(NOW_MS).length, 200)
  t.equal(reported().length, 60)
  t.ok(
    devices.list(NOW_MS).some(({ mac }) => mac === OTHER),
    'the phone stays',
  )
  tracking.onDhcpEvent({ ...ignored, mac: '02FFFFFFFFFF' as Mac }, NOW_MS + 20_000)
  tracking.onDhcpEvent({ ...ignored, mac: '02FFFFFFFFFF' as Mac }, NOW_MS + 20_000)
  t.match(reported().at(-1), { mac: '02FFFFFFFFFF', fields: { leftOut: 140 } })
})

t.test('an operator removes an entry; the device comes back when it asks again', async (t) => {
  const { tracking, devices } = await aList()
  tracking.onDhcpEvent(ignored, NOW_MS)
  t.ok(devices.forget(OTHER))
  t.notOk(devices.forget(OTHER))
  t.same(devices.list(NOW_MS), [])
  tracking.onDhcpEvent(ignored, NOW_MS + 1)
  t.match(devices.list(NOW_MS + 1), [{ mac: OTHER, count: 1 }])
})

t.test('a restart keeps what the last event of each device says', async (t) => {
  const { tracking, parts, journal, inventory, reported } = await aList()
  const third = '020000000003' as Mac
  const removed = '020000000004' as Mac
  for (const mac of [OTHER, third, removed]) tracking.onDhcpEvent({ ...ignored, mac }, NOW_MS)
  tracking.onDhcpEvent(ignored, NOW_MS + 60_000)
  tracking.onDhcpEvent(ignored, NOW_MS + HOUR_MS)
  await inventory.putPhone({ mac: third })
  const change = { event: 'audit.change', mac: removed, network: null, fields: {} }
  journal.record({ ...change, atMs: NOW_MS })
  journal.record({ ...change, atMs: NOW_MS, mac: null })
  const broken = { event: 'device.unknown.seen', mac: removed, network: null, fields: { count: 1 } }
  journal.record({ ...broken, atMs: NOW_MS })
  const later = new UnknownDevices(parts)
  later.restore(journal.recent())
  t.match(later.list(NOW_MS + HOUR_MS), [
    {
      mac: OTHER,
      network: 'bench',
      vendorClass: facts.vendorClass,
      firstSeenAtMs: NOW_MS,
      lastSeenAtMs: NOW_MS + HOUR_MS,
      count: 3,
    },
  ])
  t.equal(later.list(NOW_MS + HOUR_MS).length, 1, 'not the enrolled one, nor the removed one')
  later.follow(tracking)
  const before = reported().length
  tracking.onDhcpEvent(ignored, NOW_MS + HOUR_MS + 60_000)
  t.equal(reported().length, before, 'the hour goes on over the restart')
  const small = new UnknownDevices({ ...parts, most: 1, isEnrolled: () => false })
  small.restore(journal.recent())
  t.equal(small.list(NOW_MS).length, 1)
})

t.test('a device that asked for a file is listed by that after a restart as well', async (t) => {
  const { parts, journal, tracking, asks } = await aList()
  asks('10.20.0.99', `SIP${OTHER}.cnf`)
  const later = new UnknownDevices(parts)
  later.restore(journal.recent())
  later.follow(tracking)
  t.match(later.list(NOW_MS), [{ mac: OTHER, network: 'bench', reason: 'not-enrolled', count: 1 }])
  const ack = { ...facts, event: 'dhcp.ack.sent', address: ip('10.20.0.99'), leaseSeconds: 300 }
  tracking.onDhcpEvent({ ...ack, requestKind: 'renewing' } as never, NOW_MS)
  t.match(later.list(NOW_MS), [{ mac: OTHER }], 'an address does not give it its file')
})
