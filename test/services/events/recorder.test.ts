import t from 'tap'
import { readAsked } from '../../../src/clients/asked.ts'
import type { AckSent, AddressDeclined, DhcpEvent, MessageFacts } from '../../../src/dhcp/events.ts'
import { formatIpv4, type Ipv4 } from '../../../src/net/ipv4.ts'
import type { Mac } from '../../../src/net/mac.ts'
import type { TftpEvent, TransferOutcome } from '../../../src/tftp/events.ts'
import { anApplianceInside, NOW_MS, PHONE_ADDRESS } from '../../support/an-appliance-inside.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { MAC } from '../../support/conversion-builders.ts'

const UNKNOWN_DEVICE = '020000000001' as Mac
const UNKNOWN_ADDRESS = ipOf('10.20.0.77')
const IMAGE = 'P0S3-06-3-00.bin'

const facts = (parts: Partial<MessageFacts> = {}): MessageFacts => ({
  scope: 'bench',
  interfaceName: 'eth0',
  mac: MAC,
  client: `hw:01${MAC}`,
  xid: 0xbeef,
  giaddr: 0 as Ipv4,
  vendorClass: 'Cisco Systems, Inc. IP Phone',
  hostName: 'SEP000E84C060A6',
  isBoot: false,
  ...parts,
})

const anOffer = (parts: Partial<MessageFacts> = {}): DhcpEvent => ({
  ...facts(parts),
  event: 'dhcp.offer.sent',
  address: PHONE_ADDRESS,
  leaseSeconds: 300,
  rule: 'free',
  omitted: [],
})

const anAck = (parts: Partial<MessageFacts> = {}): AckSent => ({
  ...facts(parts),
  event: 'dhcp.ack.sent',
  requestKind: 'selecting',
  address: PHONE_ADDRESS,
  leaseSeconds: 300,
  isExtended: true,
  omitted: [],
})

const aDeclined = (parts: Partial<MessageFacts> = {}): AddressDeclined => ({
  ...facts(parts),
  event: 'dhcp.address.declined',
  address: UNKNOWN_ADDRESS,
  untilAtMs: NOW_MS + 1,
})

const anIgnored = (parts: Partial<MessageFacts> = {}): DhcpEvent => ({
  ...facts(parts),
  event: 'dhcp.discover.ignored',
  reason: 'not-enrolled',
  requestKind: null,
  address: null,
  source: UNKNOWN_ADDRESS,
})

const aForged = (parts: Partial<MessageFacts> = {}): DhcpEvent => ({
  ...facts(parts),
  event: 'dhcp.release.ignored',
  reason: 'wrong-origin',
  requestKind: null,
  address: PHONE_ADDRESS,
  source: UNKNOWN_ADDRESS,
})

const atClient = (client = PHONE_ADDRESS) => ({ client, clientTid: 50_001, atMs: NOW_MS })

const aTransfer = (client = PHONE_ADDRESS) => ({
  ...atClient(client),
  mac: client === PHONE_ADDRESS ? MAC : null,
  name: IMAGE,
  sizeBytes: 400_000,
})

const aProgress = (bytes: number, client = PHONE_ADDRESS): TftpEvent => ({
  ...aTransfer(client),
  event: 'tftp.transfer.progress',
  bytes,
})

const anEnd = (outcome: TransferOutcome, client = PHONE_ADDRESS): TftpEvent => ({
  ...aTransfer(client),
  event: 'tftp.transfer.ended',
  outcome,
  bytes: 1_024,
  ms: 900,
  repeats: 3,
  clientError: null,
})

t.test('an enrolled phone is counted, logged and in the journal, addresses readable', async (t) => {
  const { tracking, journal, counters, lines } = await anApplianceInside()
  tracking.onDhcpEvent(anAck(), NOW_MS)
  t.match(journal.recent(), [
    {
      id: 1,
      atMs: NOW_MS,
      event: 'dhcp.ack.sent',
      mac: MAC,
      network: 'bench',
      fields: { address: '10.20.0.60', xid: '0000beef', requestKind: 'selecting' },
    },
  ])
  t.notOk('event' in (journal.recent()[0]?.fields ?? {}), 'said once')
  t.match(lines, [{ level: 'info', event: 'dhcp.ack.sent', network: 'bench', mac: MAC }])
  t.same(counters.series('dhcp_events'), [
    { labels: { network: 'bench', event: 'dhcp.ack.sent', reason: 'selecting' }, value: 1 },
  ])
})

t.test('what happens on a network of others says nothing of the phone', async (t) => {
  const { tracking, engine, lookup, inventory } = await anApplianceInside()
  await inventory.putPhone({ mac: MAC, model: '7960', network: 'bench' })
  const elsewhere = { scope: 'other', isBoot: true }
  for (const event of [anOffer(elsewhere), anAck(elsewhere), aDeclined(elsewhere)]) {
    tracking.onDhcpEvent(event, NOW_MS)
  }
  t.equal(engine.boot(MAC), null)
  const asked = readAsked(`SIP${MAC}.cnf`)
  t.match(lookup.identify(UNKNOWN_ADDRESS, asked, NOW_MS), { kind: 'phone', mac: MAC })
  tracking.onDhcpEvent(anOffer({ isBoot: true }), NOW_MS)
  t.match(engine.boot(MAC), { startedAtMs: NOW_MS }, 'on its own network it does')
})

t.test('who poses as a phone is counted each time, and told of ten times a second', async (t) => {
  const { tracking, journal, counters, lines, engine } = await anApplianceInside()
  for (let index = 0; index < 500; index++) tracking.onDhcpEvent(aForged(), NOW_MS)
  const reason = 'wrong-origin'
  t.same(counters.series('dhcp_events'), [
    { labels: { network: 'bench', event: 'dhcp.release.ignored', reason }, value: 500 },
  ])
  t.same(journal.recent(), [], 'nor kept: it would turn over what operators look for')
  t.equal(lines.length, 10)
  t.match(lines[0], { level: 'debug', event: 'dhcp.release.ignored', mac: MAC, reason, leftOut: 0 })
  t.match(lines[0], { address: '10.20.0.60', source: formatIpv4(UNKNOWN_ADDRESS) })
  t.equal(engine.boot(MAC), null, 'it says nothing of the phone')
  tracking.onDhcpEvent(aForged(), NOW_MS + 1000)
  t.match(lines.at(-1), { leftOut: 490 })
})

t.test('an unknown device is counted, and neither journalled nor taken for a phone', async (t) => {
  const { tracking, journal, counters, lines, engine } = await anApplianceInside()
  tracking.onDhcpEvent(anOffer({ mac: UNKNOWN_DEVICE, isBoot: true }), NOW_MS)
  tracking.onDhcpEvent(anIgnored({ mac: null, scope: null }), NOW_MS)
  tracking.onTftpEvent(anEnd('complete', UNKNOWN_ADDRESS))
  t.same(journal.recent(), [])
  t.equal(engine.boot(UNKNOWN_DEVICE), null)
  t.same(
    lines.map(({ level, event }) => `${level} ${event}`),
    ['debug dhcp.offer.sent', 'debug dhcp.discover.ignored', 'debug tftp.transfer.ended'],
  )
  t.same(
    [...counters.series('dhcp_events'), ...counters.series('tftp_events')].map((s) => s.labels),
    [
      { network: 'bench', event: 'dhcp.offer.sent', reason: '' },
      { network: '', event: 'dhcp.discover.ignored', reason: 'not-enrolled' },
      { network: 'bench', event: 'tftp.transfer.ended', reason: 'complete' },
    ],
  )
})

t.test('every new lease is logged at info; renewals are not', async (t) => {
  const { tracking, journal, lines } = await anApplianceInside({ logLevel: 'info' })
  tracking.onDhcpEvent(anAck({ mac: UNKNOWN_DEVICE }), NOW_MS)
  tracking.onDhcpEvent({ ...anAck({ mac: UNKNOWN_DEVICE }), requestKind: 'rapid-commit' }, NOW_MS)
  for (const requestKind of ['renewing', 'rebinding', 'init-reboot', 'inform'] as const) {
    tracking.onDhcpEvent({ ...anAck({ mac: UNKNOWN_DEVICE }), requestKind }, NOW_MS)
  }
  t.match(lines, [
    {
      level: 'info',
      event: 'dhcp.ack.sent',
      mac: UNKNOWN_DEVICE,
      address: '10.20.0.60',
      scope: 'bench',
    },
    { level: 'info', event: 'dhcp.ack.sent', requestKind: 'rapid-commit' },
  ])
  t.equal(lines.length, 2)
  t.same(journal.recent(), [])
})

t.test('a flood of new leases is ten lines, and the next says how many are missing', async (t) => {
  const { tracking, lines } = await anApplianceInside({ logLevel: 'info' })
  for (let count = 0; count < 1000; count++)
    tracking.onDhcpEvent(anAck({ mac: UNKNOWN_DEVICE }), NOW_MS)
  t.equal(lines.length, 10)
  t.notOk('leftOut' in (lines[0] ?? {}))
  tracking.onDhcpEvent(anAck({ mac: UNKNOWN_DEVICE }), NOW_MS + 1000)
  t.match(lines.at(-1), { level: 'info', leftOut: 990 })
})

t.test('no line of the log is built for unknown devices unless a consumer reads it', async (t) => {
  const { tracking, lines } = await anApplianceInside({ logLevel: 'info' })
  let built = 0
  // Whoever copies the event, or shows one of its addresses, has to read this.
  const watched = <Event extends object>(event: Event): Event =>
    Object.defineProperty(event, 'giaddr', { enumerable: true, get: () => built++ })
  tracking.onDhcpEvent(watched(anOffer({ mac: UNKNOWN_DEVICE })), NOW_MS)
  tracking.onTftpEvent(watched(anEnd('complete', UNKNOWN_ADDRESS)))
  tracking.onTftpEvent(watched(aProgress(512)))
  t.equal(built, 0)
  t.same(lines, [])
  tracking.onDhcpEvent(watched(anOffer()), NOW_MS)
  t.ok(built > 0, 'that of an enrolled phone is')
})

t.test('trouble with an address is kept for every client', async (t) => {
  const { tracking, journal, lines } = await anApplianceInside()
  tracking.onDhcpEvent(aDeclined({ mac: UNKNOWN_DEVICE }), NOW_MS)
  tracking.onDhcpEvent({ ...aDeclined({ mac: null }), event: 'dhcp.address.conflict' }, NOW_MS)
  t.match(journal.recent(), [
    { event: 'dhcp.address.declined', mac: UNKNOWN_DEVICE, fields: { address: '10.20.0.77' } },
    { event: 'dhcp.address.conflict', mac: null },
  ])
  t.match(lines, [{ level: 'warn' }, { level: 'warn' }])
})

t.test('another DHCP server is kept, without a phone', async (t) => {
  const { tracking, journal, lines } = await anApplianceInside()
  const seen = { scope: 'bench', interfaceName: 'eth0', server: ipOf('10.20.0.9') }
  tracking.onDhcpEvent(
    {
      ...seen,
      event: 'dhcp.rogue.seen',
      source: ipOf('10.20.0.9'),
      offered: ipOf('10.20.0.200'),
      isRefusing: true,
    },
    NOW_MS,
  )
  tracking.onDhcpEvent({ ...seen, event: 'dhcp.rogue.gone' }, NOW_MS)
  t.match(journal.recent(), [
    { event: 'dhcp.rogue.seen', mac: null, network: 'bench', fields: { server: '10.20.0.9' } },
    { event: 'dhcp.rogue.gone', mac: null },
  ])
  t.match(lines, [{ level: 'warn' }, { level: 'info' }])
})

t.test('what of DHCP is a start of an enrolled phone', async (t) => {
  const cases: readonly { why: string; event: DhcpEvent; generation: string | null }[] = [
    { why: 'an offer', event: anOffer({ isBoot: true }), generation: 'pre-ual' },
    {
      why: 'a later loader',
      event: anOffer({ isBoot: true, vendorClass: 'Cisco Systems, Inc. IP Phone CP-7960G' }),
      generation: 'ual',
    },
    { why: 'INIT-REBOOT', event: anAck({ isBoot: true }), generation: 'pre-ual' },
    {
      why: 'a class that tells nothing',
      event: anAck({ isBoot: true, vendorClass: '' }),
      generation: null,
    },
  ]
  for (const { why, event, generation } of cases) {
    const { tracking, engine } = await anApplianceInside()
    tracking.onDhcpEvent(event, NOW_MS)
    t.match(engine.boot(MAC), { startedAtMs: NOW_MS, generation }, why)
  }
  for (const [why, event] of [
    ['a renewal', anAck()],
    ['a start that got no answer', anIgnored({ isBoot: true })],
    ['a decline', aDeclined()],
  ] as const) {
    const { tracking, engine } = await anApplianceInside()
    tracking.onDhcpEvent(event, NOW_MS)
    t.equal(engine.boot(MAC), null, why)
  }
})

t.test('a transfer of an enrolled phone is kept, its progress is not', async (t) => {
  const { tracking, journal, lines, counters, lookup } = await anApplianceInside()
  lookup.identify(PHONE_ADDRESS, readAsked(`SIP${MAC}.cnf`), NOW_MS)
  tracking.onTftpEvent({
    ...aTransfer(),
    event: 'tftp.transfer.started',
    requestedName: `/${IMAGE}`,
    sha256: '00',
    mode: 'octet',
    blockSize: 512,
    windowSize: 1,
  })
  tracking.onTftpEvent(aProgress(512))
  tracking.onTftpEvent(anEnd('complete'))
  tracking.onTftpEvent({
    ...atClient(),
    event: 'tftp.request.absent',
    mac: MAC,
    requestedName: 'x',
  })
  tracking.onTftpEvent({
    ...atClient(),
    event: 'tftp.request.refused',
    requestedName: 'x',
    reason: 'write',
  })
  tracking.onTftpEvent({ ...atClient(), event: 'tftp.request.ignored', reason: 'silenced' })
  tracking.onTftpEvent({ ...atClient(), event: 'tftp.packet.dropped', reason: 'stale-ack' })
  t.same(
    journal.recent().map(({ event, fields }) => [event, fields['client']]),
    [
      'tftp.transfer.started',
      'tftp.transfer.ended',
      'tftp.request.absent',
      'tftp.request.refused',
      'tftp.request.ignored',
      'tftp.packet.dropped',
    ].map((event) => [event, '10.20.0.60']),
  )
  t.same(
    lines.map(({ level }) => level),
    ['debug', 'debug', 'info', 'debug', 'warn', 'debug', 'debug'],
  )
  t.same(counters.series('tftp_bytes'), [{ labels: { network: 'bench' }, value: 1_024 }])
  t.same(counters.series('tftp_repeats'), [{ labels: { network: 'bench' }, value: 3 }])
})

t.test('what the end of a transfer means for the conversion', async (t) => {
  const cases: readonly { outcome: TransferOutcome; moves: object | null }[] = [
    { outcome: 'complete', moves: { outcome: 'completed', bytes: 400_000, of: 400_000 } },
    { outcome: 'timed-out', moves: { outcome: 'failed', bytes: 1_024 } },
    { outcome: 'never-acknowledged', moves: { outcome: 'unheard' } },
    { outcome: 'client-error', moves: { outcome: 'failed' } },
    { outcome: 'restarted', moves: null },
    { outcome: 'displaced', moves: null },
    { outcome: 'stopped', moves: null },
  ]
  for (const { outcome, moves } of cases) {
    const { tracking, engine } = await anApplianceInside()
    const moved = t.capture(engine, 'onTransfer')
    tracking.onTftpEvent(anEnd(outcome))
    const calls = moved().map(({ args }) => args)
    if (moves === null) t.same(calls, [], outcome)
    else t.match(calls, [[MAC, { file: IMAGE, ...moves }, NOW_MS]], outcome)
  }
})

t.test('a running transfer moves the conversion by its octets', async (t) => {
  const { tracking, engine } = await anApplianceInside()
  const moved = t.capture(engine, 'onTransfer')
  tracking.onTftpEvent(aProgress(51_200))
  tracking.onTftpEvent(aProgress(51_200, UNKNOWN_ADDRESS))
  t.same(
    moved().map(({ args }) => args),
    [[MAC, { file: IMAGE, bytes: 51_200, of: 400_000, outcome: 'progress' }, NOW_MS]],
  )
})

t.test('conversions are kept at the level that their name deserves', async (t) => {
  const { recorder, journal, counters, lines } = await anApplianceInside()
  const diagnosis = { code: 'x', seen: 's', cause: 'c', remedy: 'r', source: 'o' }
  recorder.onConversionEvent({ event: 'conversion.stalled', mac: MAC, diagnosis }, NOW_MS)
  recorder.onConversionEvent(
    {
      event: 'conversion.stage.changed',
      mac: MAC,
      load: 'P0S3-06-3-00',
      stage: 'booting',
      file: null,
    },
    NOW_MS + 1,
  )
  t.match(journal.recent(), [
    { event: 'conversion.stalled', mac: MAC, network: null, fields: { diagnosis }, atMs: NOW_MS },
    { event: 'conversion.stage.changed', atMs: NOW_MS + 1 },
  ])
  t.match(lines, [{ level: 'warn' }, { level: 'debug' }])
  t.equal(counters.series('conversion_events').length, 2)
})

t.test('the password of a line is in no event and in no line of the log', async (t) => {
  const { tracking, journal, lines, inventory } = await anApplianceInside()
  t.equal(inventory.phone(MAC)?.lines[0]?.password, 'Sesame-1201', 'there is one')
  for (const event of [anOffer({ isBoot: true }), anAck(), aDeclined()]) {
    tracking.onDhcpEvent(event, NOW_MS)
  }
  tracking.onTftpEvent({ ...anEnd('complete'), name: `SIP${MAC}.cnf` } as TftpEvent)
  t.equal(journal.recent().length, 4)
  t.notMatch(JSON.stringify([journal.recent(), lines]), /Sesame/)
})

t.test('P2: a transfer belongs to the phone that asked for it, not to its address', async (t) => {
  const { tracking, engine, journal } = await anApplianceInside()
  tracking.onTftpEvent({ ...aTransfer(), mac: null, event: 'tftp.transfer.progress', bytes: 5 })
  tracking.onTftpEvent({
    ...atClient(),
    mac: null,
    event: 'tftp.request.absent',
    requestedName: 'x',
  })
  t.equal(engine.boot(MAC), null)
  t.same(journal.recent(), [])
  tracking.onTftpEvent({ ...anEnd('complete', UNKNOWN_ADDRESS), mac: MAC } as TftpEvent)
  t.match(journal.recent(), [{ event: 'tftp.transfer.ended', mac: MAC }])
})

t.test(
  'a RELEASE or DECLINE of an enrolled phone closes its files to other addresses',
  async (t) => {
    const asked = readAsked(`SIP${MAC}.cnf`)
    const at = (await anApplianceInside()).lookup
    t.match(at.identify(PHONE_ADDRESS, asked, NOW_MS), { kind: 'phone' })
    for (const [event, here] of [
      [{ ...facts(), event: 'dhcp.lease.released', address: UNKNOWN_ADDRESS }, 'phone'],
      [aDeclined({ mac: MAC }), 'unknown'],
    ] as const) {
      const { tracking, lookup, inventory } = await anApplianceInside()
      await inventory.patchPhone(MAC, { address: null })
      tracking.onDhcpEvent(event, NOW_MS)
      t.match(lookup.identify(PHONE_ADDRESS, asked, NOW_MS + 1), { kind: 'unknown' }, event.event)
      t.match(lookup.identify(UNKNOWN_ADDRESS, asked, NOW_MS + 2), { kind: here }, event.event)
    }
  },
)

const aRefused = (requestedName: string, atMs = NOW_MS): TftpEvent => ({
  ...atClient(),
  event: 'tftp.request.refused',
  requestedName,
  reason: 'write',
  atMs,
})

t.test(
  'a flood in the name of a phone neither turns over the journal nor fills the log',
  async (t) => {
    const { tracking, recorder, journal, lines, lookup } = await anApplianceInside({
      logLevel: 'info',
    })
    lookup.identify(PHONE_ADDRESS, readAsked(`SIP${MAC}.cnf`), NOW_MS)
    const flood = 20_000
    for (let count = 0; count < flood; count++) tracking.onTftpEvent(aRefused(`x${count}`))
    t.equal(journal.recent().length, 120)
    t.equal(lines.length, 10)
    const octets = JSON.stringify(lines).length / flood
    t.ok(octets < 1, `${octets} octets of log for each packet`)
    tracking.onTftpEvent(anEnd('complete'))
    t.match(journal.recent().at(-1), { event: 'tftp.transfer.ended' }, 'what it is served is kept')
    recorder.reportLeftOut(NOW_MS)
    const reported = { of: 'refused', events: flood - 120 }
    t.match(journal.recent().at(-1), { event: 'events.left.out', fields: reported })
    t.match(lines.at(-1), {
      level: 'warn',
      event: 'events.left.out',
      ...reported,
      lines: flood - 10,
    })
    recorder.reportLeftOut(NOW_MS)
    t.match(lines.at(-1), { lines: flood - 10 }, 'told once')
  },
)

t.test('the next event of its kind says how many were left out', async (t) => {
  const { tracking, journal, lines, lookup } = await anApplianceInside({ logLevel: 'info' })
  lookup.identify(PHONE_ADDRESS, readAsked(`SIP${MAC}.cnf`), NOW_MS)
  for (let count = 0; count < 500; count++) tracking.onTftpEvent(aRefused('x'))
  tracking.onTftpEvent(aRefused('y', NOW_MS + 5000))
  t.match(journal.recent().at(-1), { fields: { leftOut: 380 } })
  t.match(lines.at(-1), { leftOut: 490 })
})

t.test('trouble that devices without number make is limited by network', async (t) => {
  const { tracking, journal, lines } = await anApplianceInside({ logLevel: 'info' })
  for (let device = 0; device < 1000; device++) {
    const mac = `0200${device.toString(16).toUpperCase().padStart(8, '0')}` as Mac
    tracking.onDhcpEvent(aDeclined({ mac }), NOW_MS)
  }
  t.equal(journal.recent().length, 120)
  t.equal(lines.length, 10)
})

t.test('restarts are counted by method, and in the journal of their phone', async (t) => {
  const { recorder, journal, counters } = await anApplianceInside()
  const failed = { event: 'phone.restart.failed', mac: MAC, method: 'poe', reason: 'no' } as const
  recorder.onRestartEvent(failed, NOW_MS)
  const ended = { outcome: 'failed', methods: ['poe'], why: 'by-hand' } as const
  recorder.onRestartEvent({ event: 'phone.restart.ended', mac: MAC, ...ended }, NOW_MS)
  t.match(journal.recent().slice(-2), [
    { event: 'phone.restart.failed', fields: { method: 'poe', reason: 'no' } },
    { event: 'phone.restart.ended', fields: { outcome: 'failed' } },
  ])
  t.same(
    counters.series('restart_events').map(({ labels }) => labels),
    [
      { event: 'phone.restart.failed', method: 'poe' },
      { event: 'phone.restart.ended', method: '' },
    ],
  )
})

t.test('surveys and ownership are counted, and kept with their network', async (t) => {
  const { recorder, journal, counters } = await anApplianceInside()
  recorder.onSurveyEvent(
    { event: 'survey.started', survey: 's1', mac: null, network: 'bench', addresses: 3 },
    NOW_MS,
  )
  recorder.onOwnershipEvent('voice', { name: 'network.sure' }, NOW_MS)
  t.match(journal.recent(), [
    { event: 'survey.started', network: 'bench', fields: { survey: 's1', addresses: 3 } },
    { event: 'network.sure', network: 'voice', mac: null },
  ])
  t.same(counters.series('survey_events'), [{ labels: { event: 'survey.started' }, value: 1 }])
  const labels = { network: 'voice', event: 'network.sure' }
  t.same(counters.series('ownership_events'), [{ labels, value: 1 }])
})
