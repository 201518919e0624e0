import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { ExplainedPhone } from '../../../src/tools/explain/explain-phones.ts'
import { switchhook } from '../../support/command-line.ts'

const FOLDER = fileURLToPath(new URL('../../vectors/cases/', import.meta.url))

/** What each file's reader should be told: the phones in order, and how the command ends. */
type Case = { readonly phones: readonly object[]; readonly code: number }

const converted = (mac: string, times: number) => ({
  mac,
  verdict: 'stalled',
  protocol: 'sip',
  load: 'P0S3-8-12-00',
  diagnosis: {
    code: 'unprovisioned',
    seen: RegExp(`SIP${mac}\\.cnf, which is missing: asked for ${times} times, every 3[12] s`),
  },
})
const incomplete = (mac: string, file: string) => ({
  mac,
  verdict: 'stalled',
  generation: 'ual',
  target: 'P0S3-8-12-00',
  diagnosis: { code: 'firmware-incomplete', seen: RegExp(file.replaceAll('.', '\\.')) },
})
const unheard = (mac: string, seen: RegExp) => ({
  mac,
  verdict: 'stalled',
  diagnosis: { code: 'replies-unheard', seen },
})
const other = (mac: string, model: RegExp | string) => ({
  mac,
  model,
  verdict: 'other-device',
  diagnosis: { code: 'other-model' },
})
const normal = (mac: string) => ({ mac, verdict: 'unknown', generation: 'ual', diagnosis: null })
/** The file that timed out was asked for, and is not "has". */
const timedOut = {
  mac: '02000000B017',
  target: 'P0S3-8-12-00',
  load: null,
  timeline: [
    { text: 'asks for CTLSEP02000000B017.tlv' },
    { text: /no CTLSEP/ },
    { text: 'asks for SEP02000000B017.cnf.xml' },
    { text: 'has SEP02000000B017.cnf.xml' },
    { text: 'asks for P0S3-8-12-00.loads' },
    { text: 'has P0S3-8-12-00.loads' },
    { text: 'asks for P0S3-8-12-00.sb2' },
    { text: 'does not acknowledge P0S3-8-12-00.sb2' },
  ],
}

const CASES: Readonly<Record<string, Case>> = {
  'T2-02/four-conversions.log': {
    phones: [
      converted('02000000E001', 5),
      converted('02000000E003', 4),
      converted('02000000E005', 4),
      converted('02000000E007', 3),
    ],
    code: 1,
  },
  'T2-02/one-phone-polls.log': { phones: [converted('02000000B007', 4)], code: 1 },
  'T2-04/vpn-one-way.log': {
    phones: [unheard('02000000B008', /repeated its request.*20 times/)],
    code: 1,
  },
  'T2-04/firewall-oack.log': {
    phones: [unheard('02000000B011', /kept back on the server itself/)],
    code: 1,
  },
  'T2-05/one-way.pcap': { phones: [unheard('02000000B030', /acknowledgement 15 times/)], code: 1 },
  'T2-07/dnsmasq-failed-sending.log': {
    phones: [unheard('02000000B022', /acknowledgement 3 times/)],
    code: 1,
  },
  'T2-08/rhel-tftpd.log': {
    phones: [incomplete('02000000B001', 'P0S3-8-12-00.sb2')],
    code: 1,
  },
  'T2-09/7942-itl.log': { phones: [other('020000B00002', /Java phone/)], code: 0 },
  'T2-10/journal-no-time.log': {
    phones: [{ ...other('020000B00003', /Java phone/), timeline: [{ at: null, atMs: null }] }],
    code: 0,
  },
  'T2-11/ios-debug-tftp.log': {
    phones: [
      { ...normal('020000B00004'), address: '10.2.10.11' },
      { ...normal('020000B00005'), address: '10.3.10.10' },
    ],
    code: 0,
  },
  'T2-12/openwrt-logread.log': {
    phones: [incomplete('02000000B006', 'P0S3-8-12-00.loads')],
    code: 1,
  },
  'T2-14/opnsense-export.log': {
    phones: [{ ...incomplete('02000000B012', 'P0S3-8-12-00.sb2'), address: '192.168.5.100' }],
    code: 1,
  },
  'T2-17/boot-loop-sccp.log': {
    phones: [
      {
        mac: '02000000B015',
        verdict: 'stalled',
        protocol: 'sccp',
        diagnosis: { code: 'boot-loop', seen: /6 times, one every 80 s/, remedy: /call manager/ },
      },
    ],
    code: 1,
  },
  'T2-18/atftpd-pid-thread.log': { phones: [timedOut, other('02000000B018', '7961')], code: 0 },
  'T2-18/same-without-thread.log': { phones: [timedOut, other('02000000B018', '7961')], code: 0 },
}

t.test('each case is told as a competent colleague would tell it', async (t) => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  t.same(files.filter((file) => /\.(?:log|pcap)$/.test(file)).sort(), Object.keys(CASES).sort())
  for (const [file, { phones, code }] of Object.entries(CASES)) {
    const ended = await switchhook('explain', '--json', join(FOLDER, file))
    t.equal(ended.code, code, file)
    const results = JSON.parse(ended.stdout) as readonly ExplainedPhone[]
    t.equal(results.length, phones.length, file)
    t.match(results, phones, file)
    if (file.endsWith('.log')) t.match(ended.stderr, /lines understood \(100 %\)/, file)
  }
})

t.test(
  'in words: what runs, what is missing, what share was understood, no invented time',
  async (t) => {
    const polls = await switchhook('explain', join(FOLDER, 'T2-02/one-phone-polls.log'))
    t.match(polls.stdout, /Converted: it runs P0S3-8-12-00 \(SIP\), and it is unprovisioned/)
    t.match(polls.stdout, /31 of 31 lines understood \(100 %\)/)
    t.notMatch(polls.stdout, /converting|no-reboot/)
    const untimed = await switchhook('explain', join(FOLDER, 'T2-10/journal-no-time.log'))
    t.match(untimed.stdout, /^ {2}asks for CTLSEP/m)
    t.notMatch(untimed.stdout, /\d\d:\d\d:\d\d|01-01/)
  },
)

/** ISC dhcpd alone: no line of a TFTP server. */
const ISC = `Nov 24 18:00:00 srv dhcpd[7]: DHCPDISCOVER from 02:00:00:00:b0:43 via eth0
Nov 24 18:00:01 srv dhcpd[7]: DHCPOFFER on 192.0.2.61 to 02:00:00:00:b0:43 via eth0
Nov 24 18:00:01 srv dhcpd[7]: DHCPREQUEST for 192.0.2.61 (192.0.2.2) from 02:00:00:00:b0:43 via eth0
Nov 24 18:00:01 srv dhcpd[7]: DHCPACK on 192.0.2.61 to 02:00:00:00:b0:43 via eth0
`

t.test('DHCP alone names the phone, its address, and that it asks for no file', async (t) => {
  const expected = {
    mac: '02000000B043',
    address: '192.0.2.61',
    diagnosis: { code: 'dhcp-without-tftp' },
  }
  const folder = t.testdir({
    bare: ISC,
    named: ISC.replaceAll('b0:43 via', 'b0:43 (SEP02000000B043) via'),
  })
  const bare = await switchhook('explain', '--json', join(folder, 'bare'))
  t.match(JSON.parse(bare.stdout), [
    { ...expected, notes: [/Nothing here says that this is a phone/] },
  ])
  const named = await switchhook('explain', '--json', join(folder, 'named'))
  t.match(JSON.parse(named.stdout), [{ ...expected, notes: [] }])
  t.equal(named.code, 1)
  const office = Array.from({ length: 30 }, (_, index) => {
    const last = String(index + 10)
    return ISC.replaceAll('b0:43', `b1:${last}`).replaceAll('192.0.2.61', `192.0.2.${last}`)
  })
  const many = await switchhook('explain', join(t.testdir({ many: office.join('') }), 'many'))
  t.match(many.stdout, 'No phone requested anything here')
})

t.test('too little that was understood is said, and ends with 65', async (t) => {
  const known = 'Nov 24 18:00:00 srv in.tftpd[7]: RRQ from 192.0.2.9 filename pxelinux.0\n'
  const odd = 'Nov 24 18:00:00 srv tftpd: 192.0.2.61 wants SEP02000000B043.cnf.xml\n'
  const foreign = 'Nov 24 18:00:00 srv cron[7]: nothing of ours\n'
  const folder = t.testdir({
    thin: known + odd.repeat(9),
    system: known + foreign.repeat(9),
    some: known.replace('pxelinux.0', 'OS79XX.TXT') + known.repeat(8) + odd,
  })
  const thin = await switchhook('explain', join(folder, 'thin'))
  t.equal(thin.code, 65)
  t.match(thin.stdout, 'The lines that were understood mention no phone')
  t.notMatch(thin.stdout, 'No phone requested anything here')
  t.match(thin.stdout, /1 of 10 lines understood \(10 %\); 9 not understood, the first: "Nov 24/)
  t.match(thin.stderr, 'too little of it was understood')
  const system = await switchhook('explain', join(folder, 'system'))
  t.equal(system.code, 0)
  t.match(system.stdout, /No phone requested anything here\.[\s\S]*9 of other programs/)
  const some = await switchhook('explain', join(folder, 'some'))
  t.match([some.code, some.stderr], [0, ''])
  t.match(some.stdout, /9 of 10 lines understood \(90 %\)/)
})

t.test('several files are read together, traces of phones beside logs', async (t) => {
  const log = 'Nov 24 18:00:02 srv in.tftpd[7]: RRQ from 192.0.2.61 filename OS79XX.TXT\n'
  const trace = '{"trace":"one"}\n{"t":0,"kind":"rrq","name":"term06.default.loads"}\n'
  const folder = t.testdir({ dhcp: ISC, log, trace, torn: '{"trace":"one"}\n{"t":-1}\n' })
  const together = await switchhook(
    'explain',
    '--json',
    ...['dhcp', 'log', 'trace'].map((name) => join(folder, name)),
  )
  t.match(JSON.parse(together.stdout), [
    { mac: null, model: '7906', address: null },
    { mac: '02000000B043', address: '192.0.2.61', diagnosis: null },
  ])
  const torn = await switchhook('explain', join(folder, 'torn'))
  t.match(torn, { code: 65, stderr: /a damaged trace: line 2/ })
})

t.test('a trace is told by the key of its header, wherever it stands', async (t) => {
  const event = '{"t":0,"kind":"rrq","name":"SEP000E840A0001.cnf.xml"}\n'
  const trace = `{"source":"switchhook 0.1.0","trace":"000E840A0001"}\n${event}`
  const folder = t.testdir({ trace, other: `{"source":"x"}\n${event}`, torn: `{"source\n${event}` })
  const read = await switchhook('explain', join(folder, 'trace'))
  t.match(read.stdout, /^000E840A0001/)
  for (const name of ['other', 'torn']) {
    const { code } = await switchhook('explain', join(folder, name))
    t.equal(code, 65, name)
  }
})

t.test('a log that Windows wrote in two bytes a character is read', async (t) => {
  const line =
    'Connection received from 192.0.2.61 on port 49785 [24/11 18:00:01.000]\r\n' +
    'Read request for file <OS79XX.TXT>. Mode octet [24/11 18:00:01.001]\r\n'
  const folder = t.testdir({ log: Buffer.from(`\ufeff${line}`, 'utf16le') })
  const ended = await switchhook('explain', join(folder, 'log'))
  t.match(ended.stdout, /at 192\.0\.2\.61[\s\S]*asks for OS79XX\.TXT/)
})

t.test('two phones with one address are told apart by the ports that they count up', async (t) => {
  const asks = (second: number, port: number, name: string) =>
    `Nov 24 18:00:0${second} srv atftpd[7]: Serving ${name} to 192.0.2.1:${port}\n`
  const log =
    asks(0, 50_000, 'CTLSEP02000000B001.tlv') +
    asks(0, 51_000, 'CTLSEP02000000B002.tlv') +
    asks(1, 50_001, 'XMLDefault.cnf.xml') +
    asks(1, 50_002, 'P0S3-8-12-00.loads')
  const ended = await switchhook('explain', '--json', join(t.testdir({ log }), 'log'))
  t.match(JSON.parse(ended.stdout), [
    { mac: '02000000B001', target: 'P0S3-8-12-00' },
    { mac: '02000000B002', target: null },
  ])
})
