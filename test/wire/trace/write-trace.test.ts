import t from 'tap'
import { anonymiseTrace } from '../../../src/wire/trace/anonymise-trace.ts'
import { readTrace, type Trace } from '../../../src/wire/trace/read-trace.ts'
import { writeTrace } from '../../../src/wire/trace/write-trace.ts'
import { fieldTrace, fieldTraceNames } from '../../support/field-trace.ts'

t.test('what is written is read as it was, for every field trace', async (t) => {
  for (const name of fieldTraceNames()) {
    const trace = fieldTrace(name)
    t.same(readTrace(writeTrace(trace)), trace, name)
  }
})

t.test('the header begins with the key that tells a trace, as the field traces do', async (t) => {
  const text = writeTrace({ name: 'a', header: { source: 'x', trace: 'old' }, events: [] })
  t.equal(text, '{"trace":"a","source":"x"}\n')
})

const TRACE = readTrace(
  [
    { trace: '000E84C060A6', phone: '00:0e:84:c0:60:a6 at 10.20.0.50', server: '10.20.0.2' },
    { t: 0, kind: 'dhcp-ack', name: '10.20.0.50', ip: '10.20.0.50' },
    { t: 1, kind: 'rrq', name: 'CTLSEP000E84C060A6.tlv', port: 50_001, repeat: true },
    { t: 2, kind: 'rrq', name: 'SEP000e84c060a6.cnf.xml', note: 'from 10.20.0.50' },
    { t: 3, kind: 'rrq', name: 'SIP0015FA000001.cnf' },
    { t: 4, kind: 'rrq', name: 'P00308000500.loads' },
    { t: 5, kind: 'rrq', name: 'P0S3-8-12-00.sb2' },
    { t: 6, kind: 'rrq', name: 'MGC0015FA000001.cnf' },
  ]
    .map((line) => JSON.stringify(line))
    .join('\n'),
)

const everywhere = () => true

t.test('an anonymised trace identifies no phone, and reads as before', async (t) => {
  const text = writeTrace(anonymiseTrace(TRACE, everywhere))
  t.notMatch(text, /C060A6|c060a6|000001|10\.20\./)
  const { name, header, events } = readTrace(text)
  t.equal(name, '000E840A0001')
  t.match(header, { phone: '000e840a0001 at 192.0.2.1', server: '192.0.2.2' })
  t.same(
    events.map((event) => event.name),
    [
      '192.0.2.1',
      'CTLSEP000E840A0001.tlv',
      'SEP000e840a0001.cnf.xml',
      'SIP0015FA0A0002.cnf',
      'P00308000500.loads',
      'P0S3-8-12-00.sb2',
      'MGC0015FA0A0002.cnf',
    ],
    'the maker is kept, one address stays one address, and loads are no addresses',
  )
  t.match(events, [{ ip: '192.0.2.1' }, { port: 50_001, repeat: true }, { note: 'from 192.0.2.1' }])
})

t.test('more addresses than there are to give share the last one', async (t) => {
  const events = Array.from({ length: 300 }, (_, index) => ({
    t: index,
    kind: 'dhcp-ack',
    name: `10.20.${index >> 8}.${index & 255}`,
    port: null,
    ip: null,
    repeat: false,
    note: null,
  }))
  const names = anonymiseTrace({ name: 'x', header: {}, events }, everywhere).events.map(
    ({ name }) => name,
  )
  t.equal(names[253], '192.0.2.254')
  t.equal(names[299], '192.0.2.254')
})

const traceOf = (names: readonly string[], header: Trace['header'] = {}): Trace => ({
  name: 'x',
  header,
  events: names.map((name, t) => ({
    t,
    kind: 'rrq',
    name,
    port: null,
    ip: null,
    repeat: false,
    note: null,
  })),
})

t.test('addresses are found however they are written', async (t) => {
  const header = {
    evidence: [{ t: 1_383_654_896_000, detail: 'It was at 10.20.0.50.' }],
    mac: '000e.84c0.60a6',
    other: '0:e:84:c0:60:a6',
    callId: '000e84c060a60002479b1bd5',
    port: '10.20.0.50:69',
    version: '8.1(2.0) and 1.2.3.4.5',
  }
  const names = ['ATA000E84C060A6', 'ld000e84c060a6', 'gk000e84c060a6', 'SAA000E84C060A6.cnf']
  const anonymous = anonymiseTrace(traceOf(names, header), everywhere)
  t.same(anonymous.header, {
    evidence: [{ t: 1_383_654_896_000, detail: 'It was at 192.0.2.1.' }],
    mac: '000e840a0001',
    other: '000e840a0001',
    callId: '000e840a0001',
    port: '192.0.2.1:69',
    version: '8.1(2.0) and 1.2.3.4.5',
  })
  t.same(
    anonymous.events.map(({ name }) => name),
    ['ATA000E840A0001', 'ld000e840a0001', 'gk000e840a0001', 'SAA000E840A0001.cnf'],
  )
})

t.test(
  'names of files that an operator chose are replaced, those of all phones are not',
  async (t) => {
    const chosen = [
      'acme-corp/logo.bmp',
      'Novak.raw',
      'acme-corp/logo.bmp',
      'floor 3 of acme.corp-x',
    ]
    const trace = traceOf(['SIPDefault.cnf', ...chosen])
    const files = anonymiseTrace(trace, (name) => name === 'SIPDefault.cnf')
    t.same(
      files.events.map(({ name }) => name),
      ['SIPDefault.cnf', 'file-1.bmp', 'file-2.raw', 'file-1.bmp', 'file-3'],
    )
    const dhcp = { ...trace, events: trace.events.map((event) => ({ ...event, kind: 'dhcp-nak' })) }
    t.same(
      anonymiseTrace(dhcp, () => false),
      dhcp,
      'what is no file',
    )
  },
)
