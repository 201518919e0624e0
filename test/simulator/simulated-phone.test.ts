import t from 'tap'
import type { Mac } from '../../src/net/mac.ts'
import {
  flashRunning,
  flashWithLoader,
  NO_MANUAL_SETTINGS,
} from '../../src/simulator/phone-flash.ts'
import { SimulatedPhone, type SimulatedPhoneConfig } from '../../src/simulator/simulated-phone.ts'
import { makeFirmwareSet } from '../../src/simulator/synthetic-firmware.ts'
import { MessageType } from '../../src/wire/dhcp/message.ts'
import { addresses, type BenchScript, ip, ScriptedBench } from '../support/scripted-bench.ts'

const mac = '000E84C060A6' as Mac
const CTL = `CTLSEP${mac}.tlv`
const SEP = `SEP${mac}.cnf.xml`
const SIP = `SIP${mac}.cnf`
const SIP_FILES = { 'SIPDefault.cnf': 'proxy1_address: 10.20.0.9\n', [SIP]: 'line1_name: 1201\n' }
const device = (load: string) =>
  `<device><loadInformation model="IP Phone 7960">${load}</loadInformation></device>`

/** A phone and a server with a TFTP root; `load` is what the phone runs. */
function aBench(
  load: string,
  files: Readonly<Record<string, string>> = {},
  {
    phone = {},
    script = {},
    sets = [],
  }: {
    readonly phone?: Partial<SimulatedPhoneConfig>
    readonly script?: Partial<BenchScript>
    readonly sets?: readonly string[]
  } = {},
) {
  const flash = flashRunning(load)
  const simulated = new SimulatedPhone({ mac, model: '7960', flash, ...phone }, 1)
  const table = new Map<string, Uint8Array | string>(Object.entries(files))
  for (const set of sets) for (const [name, bytes] of makeFirmwareSet(set)) table.set(name, bytes)
  const answer = (name: string) => table.get(name) ?? 'absent'
  return { phone: simulated, bench: new ScriptedBench(simulated, { answer, ...script }), table }
}

const classes = (bench: ScriptedBench) =>
  bench.dhcp.map(({ message }) => new TextDecoder().decode(message.options.get(60)))

t.test('Cisco document 5455: SCCP 5.x goes to SIP 6.3 by OS79XX.TXT', async (t) => {
  const files = { 'OS79XX.TXT': 'P0S3-06-3-00\n', ...SIP_FILES }
  const { phone, bench } = aBench('P00305000200', files, { sets: ['P0S3-06-3-00'] })
  bench.boot()
  t.same(bench.requests, [
    'OS79XX.TXT',
    'P0S3-06-3-00.sbn',
    'OS79XX.TXT',
    'SIPDefault.cnf',
    SIP,
    'RINGLIST.DAT',
    'dialplan.xml',
  ])
  t.match(phone.flash, { generation: 'pre-ual-sip', load: 'P0S3-06-3-00', loader: null })
  t.match(bench.of('phone.running'), [{ load: 'P0S3-06-3-00', provisioned: true, mac }])
  t.match(bench.of('phone.boot.started'), [
    { cause: 'power', generation: 'pre-ual-sccp' },
    { cause: 'flash', generation: 'pre-ual-sip' },
  ])
  t.same(new Set(classes(bench)), new Set(['Cisco Systems, Inc. IP Phone\0']))
})

t.test('SCCP 8.x goes to SIP 8.12 by the universal loader', async (t) => {
  const files = { [SEP]: device('P0S3-8-12-00'), ...SIP_FILES }
  const hunt = [CTL, SEP, 'P0S3-8-12-00.loads']
  const application = ['SIPDefault.cnf', SIP, 'RINGLIST.DAT', 'dialplan.xml']
  const cases = [
    {
      behaviour: 'field',
      requests: [...hunt, 'P003-8-12-00.sbn', ...hunt, 'P0S3-8-12-00.sb2', ...application],
      before: 'P0S3-8-12-00.sb2',
      gapS: [45, 69],
    },
    {
      behaviour: 'assumed',
      requests: [...hunt, 'P003-8-12-00.sbn', 'P0S3-8-12-00.sb2', ...hunt, ...application],
      before: 'P0S3-8-12-00.loads',
      gapS: [23, 24],
    },
  ] as const
  for (const { behaviour, requests, before, gapS } of cases) {
    const { phone, bench } = aBench('P00308000500', files, {
      phone: { behaviour },
      sets: ['P0S3-8-12-00'],
    })
    bench.boot()
    t.same(bench.requests, requests)
    t.match(phone.flash, { generation: 'ual', load: 'P0S3-8-12-00', loader: 'P003-8-12-00' })
    t.match(bench.of('phone.flash.written'), [
      { part: 'loader', name: 'P003-8-12-00.sbn' },
      { part: 'application', name: 'P0S3-8-12-00.sb2' },
    ])
    t.same(new Set(classes(bench)), new Set(['Cisco Systems, Inc. IP Phone CP-7960G\0']))
    const asked = (name: string) =>
      bench.of('phone.file.asked').findLast((event) => event.name === name)?.atMs ?? 0
    const gapMs = asked('SIPDefault.cnf') - asked(before)
    t.ok(gapMs > gapS[0] * 1000 && gapMs < gapS[1] * 1000, `${behaviour}: ${gapMs} ms`)
  }
})

t.test(
  'SCCP 3.x goes to SIP 8.12 by way of SCCP 5.x, as its files change between boots',
  async (t) => {
    const sets = ['P00305000500', 'P0S3-8-12-00']
    const { phone, bench, table } = aBench(
      'P00303010102',
      { [SEP]: device('P00305000500') },
      { sets },
    )
    bench.boot()
    table.set(SEP, device('P003-8-12-00'))
    bench.boot()
    t.match(phone.flash, { generation: 'ual', load: null, loader: 'P003-8-12-00' })
    t.match(bench.of('phone.stopped'), [{ screen: 'Protocol Application Invalid' }])
    table.set(SEP, device('P0S3-8-12-00'))
    table.set(SIP, 'line1_name: 1')
    bench.boot()
    t.match(phone.flash, { load: 'P0S3-8-12-00' })
    t.equal(phone.state, 'running')
    t.equal(bench.requests.filter((name) => name === 'OS79XX.TXT').length, 3)
    const images = bench.requests.filter((name) => /\.(bin|sbn|sb2)$/.test(name))
    t.same(images.slice(0, 2), ['P00305000500.bin', 'P003-8-12-00.sbn'])
    t.equal(images.at(-1), 'P0S3-8-12-00.sb2')
  },
)

t.test(
  'a new loader forgets the TFTP server that was typed in, so DHCP must name one',
  async (t) => {
    const manual = { alternateTftp: ip('10.20.0.77') }
    const flash = flashRunning('P00305000200', manual)
    const servers: string[] = []
    const files = new Map<string, string | Uint8Array>([
      ...makeFirmwareSet('P0S3-8-12-00'),
      [SEP, device('P003-8-12-00')],
    ])
    const answer = (name: string, server: string) => {
      servers.push(server)
      return files.get(name) ?? 'absent'
    }
    const { bench } = aBench(
      'P00305000200',
      {},
      { phone: { flash }, script: { answer, options: [] } },
    )
    bench.boot()
    t.same(new Set(servers), new Set(['10.20.0.77']))
    t.equal(bench.of('phone.settings.wiped').length, 1)
    t.match(bench.of('phone.stopped'), [{ screen: 'Protocol Application Invalid' }])
    const second = bench.dhcp.filter(({ message }) => message.options.get(60)?.includes(0x2d))
    t.same(
      second[0]?.message.options.get(53),
      Uint8Array.of(MessageType.discover),
      'no address is known',
    )
  },
)

t.test('the TFTP server is taken from option 150, else option 66, else siaddr', async (t) => {
  const name = (text: string) => new TextEncoder().encode(text)
  const cases: {
    readonly why: string
    readonly script: Partial<BenchScript>
    readonly servers: string[]
  }[] = [
    {
      why: '150 wins',
      script: {
        options: [
          [150, addresses('10.20.0.2')],
          [66, name('10.20.0.3')],
        ],
        siaddr: '10.20.0.4',
      },
      servers: ['10.20.0.2'],
    },
    {
      why: '66 with a NUL',
      script: { options: [[66, name('10.20.0.3\0')]], siaddr: '10.20.0.4' },
      servers: ['10.20.0.3'],
    },
    { why: 'siaddr', script: { options: [], siaddr: '10.20.0.4' }, servers: ['10.20.0.4'] },
    {
      why: 'a host name is no help',
      script: { options: [[66, name('tftp.example')]] },
      servers: [],
    },
  ]
  for (const { why, script, servers } of cases) {
    const { bench } = aBench('P0S3-06-3-00', {}, { script })
    bench.boot()
    const [taken] = bench.of('phone.address.taken')
    t.same(taken?.tftpServers, servers.map(ip), why)
    t.equal(bench.of('phone.running').length, 1, why)
  }
})

t.test(
  'RFC 5859 section 3: a silent server is asked four times, then the next one for everything',
  async (t) => {
    const asked: string[] = []
    const answer = (name: string, server: string) => {
      asked.push(`${server} ${name}`)
      return server === '10.20.0.2' ? 'silence' : 'absent'
    }
    const options: BenchScript['options'] = [[150, addresses('10.20.0.2', '10.20.0.3')]]
    const { bench } = aBench('P0S3-06-3-00', {}, { script: { answer, options } })
    bench.boot()
    t.same(asked, [
      ...new Array(4).fill('10.20.0.2 OS79XX.TXT'),
      ...['OS79XX.TXT', 'SIPDefault.cnf', SIP, 'RINGLIST.DAT', 'dialplan.xml'].map(
        (n) => `10.20.0.3 ${n}`,
      ),
    ])
  },
)

t.test('with every server silent a phone runs on what is in flash', async (t) => {
  for (const load of ['P0S3-06-3-00', 'P00305000200', 'P0S3-8-12-00']) {
    const { bench } = aBench(load, {}, { script: { answer: () => 'silence' } })
    bench.boot()
    t.match(bench.of('phone.running'), [{ load }])
    t.match(bench.of('phone.file.failed')[0], { reason: 'no answer' })
  }
})

t.test('an empty loader with a silent server begins again and again', async (t) => {
  const flash = flashWithLoader(flashRunning('P00305000200'), 'P003-8-12-00')
  const { bench } = aBench(
    'P00305000200',
    {},
    { phone: { flash }, script: { answer: () => 'silence' } },
  )
  bench.powerOn()
  bench.run(200_000)
  const causes = bench.of('phone.boot.started').map(({ cause }) => cause)
  t.ok(causes.length >= 4, `${causes.length} boots`)
  t.same(new Set(causes), new Set(['power', 'retry']))
})

t.test(
  'files that name different loads make a phone upgrade at each start, or without end',
  async (t) => {
    const files = { [SEP]: device('P0S3-8-12-00'), 'SIPDefault.cnf': 'image_version: P0S3-07-4-00' }
    const sets = ['P0S3-8-12-00', 'P0S3-07-4-00']
    const images = (bench: ScriptedBench) => bench.requests.filter((name) => name.endsWith('.sb2'))
    // The loader hunts again only when the phone starts; what it has just written it starts at once.
    const { bench, phone } = aBench('P0S3-8-12-00', files, { sets })
    bench.boot()
    t.equal(phone.flash.load, 'P0S3-07-4-00')
    bench.boot()
    t.same(images(bench), ['P0S3-07-4-00.sb2', 'P0S3-8-12-00.sb2', 'P0S3-07-4-00.sb2'])
    const before = aBench('P0S3-8-12-00', files, { phone: { behaviour: 'assumed' }, sets }).bench
    before.powerOn()
    before.run(900_000)
    t.ok(images(before).length >= 4, `${images(before).length} applications`)
    t.equal(before.of('phone.running').length, 0)
  },
)

t.test(
  'after a reboot the known address is asked for again, at 0, 4, 12 and 28 s, then any',
  async (t) => {
    let isSilent = false
    const dhcp: NonNullable<BenchScript['dhcp']> = (message) => {
      if (isSilent) return null
      return message.options.get(53)?.[0] === MessageType.discover
        ? MessageType.offer
        : MessageType.ack
    }
    const { bench } = aBench('P0S3-06-3-00', {}, { script: { dhcp } })
    bench.boot()
    isSilent = true
    const seen = bench.dhcp.length
    bench.reset()
    bench.run(bench.nowMs + 75_000)
    const after = bench.dhcp.slice(seen)
    const startMs = after[0]?.atMs ?? 0
    const types = after.map(({ atMs, message }) => [
      message.options.get(53)?.[0],
      (atMs - startMs) / 1_000,
    ])
    t.same(types, [
      [MessageType.request, 0],
      [MessageType.request, 4],
      [MessageType.request, 12],
      [MessageType.request, 28],
      [MessageType.discover, 60],
      [MessageType.discover, 64],
    ])
    t.same(after[0]?.message.options.get(50), addresses('10.20.0.61'))
    t.equal(after[0]?.message.options.has(54), false)
  },
)

t.test(
  'a phone that falls silent sends nothing more and tells nothing, until power comes back',
  async (t) => {
    const { phone, bench } = aBench('P0S3-06-3-00', SIP_FILES, {
      phone: { quirks: { silentAfterRequests: 2 } },
    })
    bench.powerOn()
    bench.run(3_600_000)
    t.same(bench.requests, ['OS79XX.TXT', 'SIPDefault.cnf'])
    t.equal(bench.of('phone.running').length, 0)
    t.same(phone.onDhcp(new Uint8Array(300), bench.nowMs), [])
    bench.powerOn()
    bench.run(bench.nowMs + 60_000)
    t.equal(bench.requests.length, 4)
  },
)

t.test('a conversion survives the loss of one datagram in fifty', async (t) => {
  const files = { [SEP]: device('P0S3-8-12-00'), ...SIP_FILES }
  const { phone, bench } = aBench('P00308000500', files, {
    sets: ['P0S3-8-12-00'],
    phone: { quirks: { lossRate: 0.02 } },
  })
  bench.boot()
  t.equal(phone.state, 'running')
  t.equal(phone.flash.load, 'P0S3-8-12-00')
})

t.test('a lost address ends what the phone is at, and it looks for another', async (t) => {
  let refuses = false
  const dhcp: NonNullable<BenchScript['dhcp']> = (message) => {
    if (message.options.get(53)?.[0] === MessageType.discover) return MessageType.offer
    if (refuses && message.ciaddr !== 0) return MessageType.nak
    return MessageType.ack
  }
  const { phone, bench } = aBench('P0S3-06-3-00', SIP_FILES, {
    script: { dhcp, leaseSeconds: 600 },
  })
  bench.boot()
  t.equal(phone.address, ip('10.20.0.61'))
  refuses = true
  bench.run(bench.nowMs + 400_000, () => bench.of('phone.running').length === 2)
  t.equal(bench.of('phone.address.refused').length, 1)
  t.match(bench.of('phone.boot.started').at(-1), { cause: 'address-lost' })
  t.ok(bench.effects.some(({ kind }) => kind === 'drop-address'))
  t.equal(phone.state, 'running')
})

t.test('without power a phone does nothing', async (t) => {
  const { phone, bench } = aBench('P0S3-06-3-00', SIP_FILES)
  t.same(phone.reset(0), [])
  t.same(phone.onDhcp(new Uint8Array(300), 0), [])
  t.same(phone.onTftp(1, new Uint8Array(4), 1, 0), [])
  bench.powerOn()
  bench.run(10_002)
  const off = phone.powerOff()
  t.equal(phone.state, 'off')
  t.same(
    off.map(({ kind }) => kind),
    ['tftp-close', 'drop-address', 'wake'],
  )
  t.match(off.at(-1), { atMs: null })
  t.same(phone.onWake(1e9), [])
})

t.test('a phone in a hurry does the same things in less time', async (t) => {
  const files = { [SEP]: device('P0S3-8-12-00'), ...SIP_FILES }
  const options = { sets: ['P0S3-8-12-00'] }
  const slow = aBench('P00308000500', files, options)
  const quick = aBench('P00308000500', files, { ...options, phone: { speed: 100 } })
  slow.bench.boot()
  quick.bench.boot()
  t.same(quick.bench.requests, slow.bench.requests)
  // What is left are the thousands of round trips of the transfers, which no hurry of the phone's shortens.
  t.ok(quick.bench.nowMs < slow.bench.nowMs / 10, `${quick.bench.nowMs} of ${slow.bench.nowMs} ms`)
})

t.test('addresses that are taken are declined, then one is accepted', async (t) => {
  const { bench } = aBench('P0S3-06-3-00', SIP_FILES, { phone: { quirks: { declines: 2 } } })
  bench.boot()
  const types = bench.dhcp.map(({ message }) => message.options.get(53)?.[0])
  t.same(types, [1, 3, 4, 1, 3, 4, 1, 3])
  t.same(NO_MANUAL_SETTINGS, { alternateTftp: null })
})

t.test('a phone that moves to its voice VLAN gives its first address back, once', async (t) => {
  const { bench } = aBench('P00308000500', {}, { phone: { quirks: { movesToVoiceVlan: true } } })
  bench.boot()
  const types = bench.dhcp.map(({ message }) => message.options.get(53)?.[0])
  const { discover, request, release } = MessageType
  t.same(types, [discover, request, release, discover, request])
  t.equal(bench.of('phone.address.taken').length, 1, 'files are asked for from the second')
  t.match(bench.of('phone.running'), [{ load: 'P00308000500' }])
})
