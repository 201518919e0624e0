import t from 'tap'
import type { Conversion } from '../../../src/conversion/conversion.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { type NewestOfPhone, traceService } from '../../../src/services/api/traces.ts'
import { Journal } from '../../../src/services/events/journal.ts'
import { readCapture } from '../../../src/wire/capture/read-capture.ts'
import { readTrace, type Trace } from '../../../src/wire/trace/read-trace.ts'
import { writeTrace } from '../../../src/wire/trace/write-trace.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { aConversion, MAC, SIP_8_12 } from '../../support/conversion-builders.ts'

const UNKNOWN_DEVICE = '020000000001' as Mac

const DIAGNOSIS = { code: 'no-reboot', seen: '', cause: '', remedy: '', source: '' }

function aService(conversion?: Conversion, here = '', model: string | null = '7960') {
  const journal = new Journal({ append: async () => undefined }, 0, () => undefined)
  const record = (event: string, fields = {}, mac: Mac | null = MAC) =>
    journal.record({ atMs: 5, event, mac, network: 'bench', fields })
  const parts = {
    recording: { of: () => [] },
    here,
    tftpOn: () => ({ address: ipOf('10.20.0.2'), port: 69 }),
    conversion: () => conversion,
    model: () => model,
    newest: async ({ mac, limit, sinceMs = 0 }: NewestOfPhone) =>
      journal
        .recent()
        .filter((event) => event.mac === mac && event.atMs >= sinceMs)
        .slice(-limit),
    version: () => '1.2.3',
  }
  return { record, service: traceService(journal, (mac) => mac === MAC, parts) }
}

t.test('a timeline joins what one phone did, oldest first, in words', async (t) => {
  const { record, service } = aService()
  record('dhcp.offer.sent', { address: '10.20.0.60' })
  record('dhcp.offer.sent', { address: '10.20.0.61' }, UNKNOWN_DEVICE)
  record('tftp.request.absent', { requestedName: 'x' })
  record('conversion.cancelled')
  record('dhcp.rogue.seen', {}, null)
  t.same(await service.timeline(MAC), [
    {
      atMs: 5,
      source: 'dhcp',
      event: 'dhcp.offer.sent',
      text: 'was offered 10.20.0.60',
      fields: { address: '10.20.0.60' },
    },
    {
      atMs: 5,
      source: 'tftp',
      event: 'tftp.request.absent',
      text: 'requested x: not found',
      fields: { requestedName: 'x' },
    },
    {
      atMs: 5,
      source: 'conversion',
      event: 'conversion.cancelled',
      text: 'conversion cancelled',
      fields: {},
    },
  ])
})

t.test('the boot log is that of the same phone', async (t) => {
  const { record, service } = aService()
  record('tftp.request.absent', { requestedName: 'mine', client: '10.20.0.60' })
  record('tftp.request.absent', { requestedName: 'other', client: '10.20.0.61' }, UNKNOWN_DEVICE)
  t.match(await service.bootLog(MAC), "'mine' asked for by 10.20.0.60")
  t.notMatch(await service.bootLog(MAC), 'other')
})

t.test('a phone that did nothing has empty ones, an unknown device none', async (t) => {
  const { record, service } = aService()
  record('dhcp.offer.sent', {}, UNKNOWN_DEVICE)
  t.same(await service.timeline(MAC), [])
  t.equal(await service.bootLog(MAC), '')
  t.equal(await service.timeline(UNKNOWN_DEVICE), undefined)
  t.equal(await service.bootLog(UNKNOWN_DEVICE), undefined)
  t.equal(service.capture(UNKNOWN_DEVICE), undefined)
  t.same(readCapture(service.capture(MAC) ?? Buffer.alloc(0)).packets, [])
  t.notMatch(`${Buffer.from(service.capture(MAC) ?? [])}`, 'Appliance')
  const { service: one } = aService(undefined, 'lab/sw-a')
  t.match(`${Buffer.from(one.capture(MAC) ?? [])}`, 'Appliance lab/sw-a; what others said')
})

t.test('a timeline holds the newest two thousand entries', async (t) => {
  const { record, service } = aService()
  for (let nth = 1; nth <= 2_005; nth++) record('dhcp.offer.sent', { nth })
  const timeline = await service.timeline(MAC)
  t.equal(timeline?.length, 2_000)
  t.match(timeline?.[0]?.fields, { nth: 6 })
})

t.test('a conversion is a trace that others can read', async (t) => {
  const evidence = [{ atMs: 4, kind: 'application-files', detail: 'It started late.' }] as const
  const ended = { to: SIP_8_12.load, state: 'confirmed', startedAtMs: 2 } as const
  const conversion = aConversion({ ...ended, evidence, confirmedBy: 'application-files' })
  const { record, service } = aService(conversion)
  const of = { clientTid: 50_001, requestedName: './SIPDefault.cnf', name: 'SIPDefault.cnf' }
  record('dhcp.ack.sent', { address: '10.20.0.60' })
  record('dhcp.discover.ignored', { reason: 'pool-exhausted' })
  record('tftp.request.absent', { clientTid: 50_000, requestedName: `CTLSEP${MAC}.tlv` })
  record('tftp.transfer.started', of)
  for (const outcome of ['complete', 'timed-out', 'never-acknowledged', 'client-error', 'lost']) {
    record('tftp.transfer.ended', { ...of, clientTid: 'damaged', outcome })
  }
  record('conversion.confirmed')
  record('tftp.transfer.started', of, UNKNOWN_DEVICE)
  const trace = await service.conversionTrace(MAC)
  t.match(trace, {
    name: MAC,
    header: {
      source: 'switchhook 1.2.3',
      phone: '7960',
      outcome: 'confirmed',
      truth: { protocol: 'sip', load: SIP_8_12.load, verdict: 'confirmed' },
      confirmedBy: 'application-files',
      evidence: [{ t: 0.002, kind: 'application-files', detail: 'It started late.' }],
    },
  })
  t.same(
    trace?.events.map(({ t: at, kind, name, port }) => [at, kind, name, port]),
    [
      [0.003, 'dhcp-ack', '10.20.0.60', null],
      [0.003, 'dhcp-ignored', 'pool-exhausted', null],
      [0.003, 'rrq', `CTLSEP${MAC}.tlv`, 50_000],
      [0.003, 'error', `CTLSEP${MAC}.tlv`, 50_000],
      [0.003, 'rrq', './SIPDefault.cnf', 50_001],
      ...['done', 'server-timeout', 'server-timeout', 'error', 'aborted'].map((kind) => [
        0.003,
        kind,
        'SIPDefault.cnf',
        null,
      ]),
    ],
  )
  t.same(readTrace(writeTrace(trace as Trace)), {
    ...trace,
    header: { ...trace?.header, trace: MAC },
  })
})

t.test(
  'what came before the conversion is not in its trace, and without one there is none',
  async (t) => {
    const stalled = aConversion({
      startedAtMs: 6,
      from: null,
      diagnosis: { ...DIAGNOSIS },
      state: 'stalled',
    })
    const { record, service } = aService(stalled)
    record('dhcp.ack.sent', { address: '10.20.0.60' })
    t.match(await service.conversionTrace(MAC), {
      header: { from: 'unknown', outcome: 'stalled: no-reboot', truth: undefined },
      events: [],
    })
    t.equal(await service.conversionTrace(UNKNOWN_DEVICE), undefined)
    t.equal(await aService().service.conversionTrace(MAC), undefined)
  },
)

t.test(
  'a trace of a phone without a model says so, and of an event without an address',
  async (t) => {
    const { record, service } = aService(aConversion({ startedAtMs: 0 }), '', null)
    record('dhcp.nak.sent', {})
    const trace = await service.conversionTrace(MAC)
    t.match(trace, {
      header: { phone: 'model not given' },
      events: [{ kind: 'dhcp-nak', name: '' }],
    })
  },
)

t.test(
  'a timeline names an operator as such, and the appliance that recorded an event',
  async (t) => {
    const journal = new Journal({ append: async () => undefined }, 0, () => undefined)
    const recorded = { id: 1, atMs: 5, mac: MAC, network: null, fields: {}, appliance: 'lab/sw-b' }
    const service = traceService(journal, (mac) => mac === MAC, {
      recording: { of: () => [] },
      here: '',
      tftpOn: () => ({ address: ipOf('10.20.0.2'), port: 69 }),
      conversion: () => undefined,
      model: () => null,
      newest: async () => [{ ...recorded, event: 'audit.change' }],
      version: () => '1.2.3',
    })
    t.match(await service.timeline(MAC), [{ source: 'operator', appliance: 'lab/sw-b' }])
  },
)
