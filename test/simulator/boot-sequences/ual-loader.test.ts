import t from 'tap'
import { flashRunning, flashWithLoader } from '../../../src/simulator/phone-flash.ts'
import { SIGNATURE_HEADER_BYTES } from '../../../src/simulator/signed-image.ts'
import { makeFirmwareSet } from '../../../src/simulator/synthetic-firmware.ts'
import { aBootingPhone, aTable, BOOT_MAC, playBoot } from '../../support/play-boot.ts'

const CTL = `CTLSEP${BOOT_MAC}.tlv`
const SEP = `SEP${BOOT_MAC}.cnf.xml`
const OWN = `SIP${BOOT_MAC}.cnf`
const LOAD = 'P0S3-8-12-00'
const MGC = `MGC${BOOT_MAC}.cnf`
const HUNT = [CTL, SEP, OWN, MGC, 'XMLDefault.cnf.xml', 'SIPDefault.cnf']
/** As phones were taken to behave before there were traces. */
const ASSUMED = { behaviour: 'assumed' } as const
const device = (load: string) =>
  `<device><loadInformation model="IP Phone 7960">${load}</loadInformation></device>`
const empty = flashWithLoader(flashRunning('P00305000200'), 'P003-8-12-00')
const set = makeFirmwareSet(LOAD)

t.test('a SIP 8.12 phone in good state boots as in the published log', async (t) => {
  const files = aTable(
    { [SEP]: device(LOAD), 'SIPDefault.cnf': 'tftp_cfg_dir: ./', [`./${OWN}`]: 'line1_name: 1' },
    set,
  )
  const boot = playBoot(aBootingPhone(LOAD), files)
  const loader = [CTL, SEP, `${LOAD}.loads`]
  const application = ['SIPDefault.cnf', `./${OWN}`, 'RINGLIST.DAT + dialplan.xml']
  t.same(boot.requests, [...loader, ...application])
  t.equal(boot.pausesMs[0], 23_500, 'between loader and application')
  const before = playBoot(aBootingPhone(LOAD, {}, ASSUMED), files)
  t.same(before.requests, boot.requests)
  t.same(before.pausesMs, [23_000])
  t.match(boot.end, { kind: 'running', load: LOAD, protocol: 'sip', provisioned: true })
})

t.test(
  'the hunt goes through the list of the CME guide, with that of MGCP where it was traced',
  async (t) => {
    const boot = playBoot(aBootingPhone(empty), aTable({}))
    t.same(boot.requests, HUNT)
    t.same(boot.end, { kind: 'stopped', screen: 'No Load Specified' })
    const guide = playBoot(aBootingPhone(empty, { asksForMgc: false }), aTable({}))
    t.same(
      guide.requests,
      HUNT.filter((name) => name !== MGC),
    )
  },
)

t.test('CME guide: the first file found decides the protocol', async (t) => {
  const cases = [
    {
      why: 'a leftover XML file without a load hides the SIP files',
      files: { [SEP]: '<device></device>', [OWN]: `image_version: ${LOAD}` },
      requests: [CTL, SEP],
    },
    {
      why: 'the own SIP file leaves the load to the default one',
      files: { [OWN]: 'line1_name: 1', 'SIPDefault.cnf': `image_version: ${LOAD}` },
      requests: [CTL, SEP, OWN, 'SIPDefault.cnf', `${LOAD}.loads`, `${LOAD}.sb2`],
    },
    {
      why: 'the SCCP default comes before the SIP default',
      files: {
        'XMLDefault.cnf.xml': `<Default><ethernetPhonePort>2000</ethernetPhonePort><processNodeName>x</processNodeName><loadInformation7>${LOAD}</loadInformation7></Default>`,
        'SIPDefault.cnf': 'image_version: P0S3-07-4-00',
      },
      requests: [CTL, SEP, OWN, MGC, 'XMLDefault.cnf.xml', `${LOAD}.loads`, `${LOAD}.sb2`],
    },
  ]
  for (const { why, files, requests } of cases) {
    const quirks = { restartsAfterApplication: true }
    t.same(playBoot(aBootingPhone(empty, quirks), aTable(files, set)).requests, requests, why)
  }
  const [leftover] = cases
  const boot = playBoot(
    aBootingPhone(empty, { huntsBehindSep: true }),
    aTable(leftover?.files ?? {}),
  )
  t.same(boot.requests, [CTL, SEP, 'XMLDefault.cnf.xml'], 'as assumed before trace jh-b')
})

t.test('a loader of another release is replaced before the application', async (t) => {
  const files = aTable({ [SEP]: device(LOAD) }, set)
  const first = playBoot(aBootingPhone('P00308000500'), files)
  t.same(first.requests, [CTL, SEP, `${LOAD}.loads`, 'P003-8-12-00.sbn'])
  t.same(first.end, { kind: 'restart', cause: 'flash', wantedLoad: null })
  t.match(first.flash, { load: 'P00308000500', loader: 'P003-8-12-00' })
  const second = playBoot(aBootingPhone(first.flash), files)
  t.same(second.requests.slice(0, 5), [CTL, SEP, `${LOAD}.loads`, `${LOAD}.sb2`, 'SIPDefault.cnf'])
  t.match(second.ranMeanwhile, [{ load: LOAD, provisioned: false }])
  const boot = playBoot(aBootingPhone('P00308000500', {}, ASSUMED), files)
  t.same(boot.requests, [CTL, SEP, `${LOAD}.loads`, 'P003-8-12-00.sbn', `${LOAD}.sb2`])
  t.same(boot.written, ['P003-8-12-00.sbn', `${LOAD}.sb2`])
  t.match(boot.flash, { generation: 'ual', load: LOAD, loader: 'P003-8-12-00' })
  t.same(boot.end, { kind: 'restart', cause: 'flash', wantedLoad: null })
})

t.test('a loader alone is replaced if the application is there already', async (t) => {
  const flash = { ...flashRunning(LOAD), loader: 'P003-07-4-00' }
  const boot = playBoot(aBootingPhone(flash), aTable({ [SEP]: device(LOAD) }, set))
  t.same(boot.written, ['P003-8-12-00.sbn'])
  t.match(boot.end, { kind: 'restart', cause: 'flash' })
})

t.test('Protocol Application Invalid: no application in flash, and none to be had', async (t) => {
  const sb2 = set.get(`${LOAD}.sb2`) as Uint8Array
  const without = (name: string) => new Map([...set].filter(([key]) => key !== name))
  const changed = (name: string, bytes: Uint8Array) => new Map([...set, [name, bytes]])
  const damaged = sb2.slice()
  damaged[400_000] = (damaged[400_000] ?? 0) ^ 1
  const files = { [SEP]: device(LOAD) }
  const cases = [
    { why: 'empty XML file', table: aTable({ [SEP]: '' }, set), screens: [] },
    { why: '.loads missing', table: aTable(files, without(`${LOAD}.loads`)), screens: [] },
    { why: '.sb2 missing', table: aTable(files, without(`${LOAD}.sb2`)), screens: [] },
    {
      why: '.sb2 damaged',
      table: aTable(files, changed(`${LOAD}.sb2`, damaged)),
      screens: ['Image Authentication Failed'],
    },
    {
      why: '.sb2 unsigned',
      table: aTable(files, changed(`${LOAD}.sb2`, sb2.slice(SIGNATURE_HEADER_BYTES))),
      screens: ['Image Authentication Failed'],
    },
    {
      why: '.loads is no such file',
      table: aTable(files, changed(`${LOAD}.loads`, new Uint8Array(458))),
      screens: ['Image Authentication Failed'],
    },
    {
      why: '.sb2 that is a loader',
      table: aTable(files, changed(`${LOAD}.sb2`, set.get('P003-8-12-00.sbn') as Uint8Array)),
      screens: ['Image Authentication Failed'],
    },
  ]
  for (const { why, table, screens } of cases) {
    const boot = playBoot(aBootingPhone(empty), table)
    t.same(boot.end, { kind: 'stopped', screen: 'Protocol Application Invalid' }, why)
    t.same(boot.screens, screens, why)
    const again = playBoot(aBootingPhone(empty, { afterRefusedImage: 'asks-again' }), table)
    const times = why.startsWith('.sb2') ? 3 : 1
    t.same(again.screens, new Array(times).fill(screens).flat(), `${why}, asked for again`)
    t.match(again.end, { kind: 'stopped' })
  }
})

t.test('a loader that cannot be had leaves the phone as it is', async (t) => {
  const table = aTable(
    { [SEP]: device(LOAD) },
    new Map([...set].filter(([key]) => !key.endsWith('.sbn'))),
  )
  const boot = playBoot(aBootingPhone('P00308000500'), table)
  t.match(boot.end, { kind: 'restart', cause: 'retry' }, 'the application goes back for it')
  t.equal(boot.flash.load, 'P00308000500')
  const quirks = { sccpReads: 'own-file-first' } as const
  const before = playBoot(aBootingPhone('P00308000500', quirks), table)
  t.match(before.end, { kind: 'running', load: 'P00308000500', failedLoad: LOAD })
})

t.test('W710: an application that its loader could not replace says so and stays', async (t) => {
  const files = aTable({ [OWN]: 'image_version: P0S3-09-0-00\nline1_name: 1' })
  const boot = playBoot(aBootingPhone(LOAD), files)
  t.same(boot.screens, ['W710 Loader failed upgrade to P0S3-09-0-00, ignoring reset'])
  t.match(boot.end, { kind: 'running', load: LOAD, failedLoad: 'P0S3-09-0-00' })
})

t.test('two files that name different loads send the application back to its loader', async (t) => {
  const files = aTable(
    { [SEP]: device(LOAD), 'SIPDefault.cnf': 'image_version: P0S3-07-4-00' },
    set,
  )
  const boot = playBoot(aBootingPhone(LOAD), files)
  t.same(boot.end, { kind: 'restart', cause: 'retry', wantedLoad: 'P0S3-07-4-00' })
  const next = playBoot(
    aBootingPhone(LOAD, {}, { ...ASSUMED, wantedLoad: 'P0S3-07-4-00' }),
    aTable({ [SEP]: device(LOAD) }, makeFirmwareSet('P0S3-07-4-00')),
  )
  t.equal(next.flash.load, 'P0S3-07-4-00')
})

t.test(
  'a loader of the 7.2 days loops on its trust list until it gets a file, even an empty one',
  async (t) => {
    let asked = 0
    const files = () => (asked++ < 4 ? aTable({}) : aTable({ [CTL]: '' }))
    const boot = playBoot(aBootingPhone(empty, { loopsOnTrustList: true }), files)
    t.same(boot.requests, [...new Array(5).fill(CTL), ...HUNT.slice(1)])
    t.same(boot.pausesMs, new Array(4).fill(4_000))
    const endless = playBoot(aBootingPhone(empty, { loopsOnTrustList: true }), aTable({}), 300)
    t.equal(endless.end, null)
  },
)

t.test(
  'silence, or an error that is not "file not found", makes an empty phone begin again',
  async (t) => {
    const cases = [
      { [CTL]: { kind: 'failed', reason: 'silence' } as const },
      { [SEP]: { kind: 'failed', reason: 'error' } as const },
    ]
    for (const files of cases) {
      const boot = playBoot(aBootingPhone(empty), aTable(files))
      t.same(boot.screens, ['TFTP Timeout'])
      t.match(boot.end, { kind: 'restart', cause: 'retry' })
      const full = playBoot(aBootingPhone(LOAD), aTable(files, set))
      t.match(
        full.ranMeanwhile,
        [{ kind: 'running', load: LOAD }],
        'with an application in flash it starts that',
      )
    }
  },
)

t.test(
  'DHCP without a TFTP server: Protocol Application Invalid, or the application in flash',
  async (t) => {
    const nobody = { hasTftpServer: false }
    t.match(playBoot(aBootingPhone(empty, {}, nobody), aTable({})), {
      requests: [],
      end: { kind: 'stopped', screen: 'Protocol Application Invalid' },
    })
    t.match(playBoot(aBootingPhone(LOAD, {}, nobody), aTable({})), {
      requests: [],
      end: { kind: 'running', load: LOAD },
    })
  },
)

t.test(
  'SIP 7.x goes back to signed SCCP 5.x, which has no .loads, and never below 5.0',
  async (t) => {
    const back = aTable({ [OWN]: 'image_version: P00305000200' }, makeFirmwareSet('P00305000200'))
    const boot = playBoot(aBootingPhone('P0S3-07-4-00'), back)
    t.same(boot.requests, [CTL, SEP, OWN, 'P00305000200.sbn'])
    t.match(boot.flash, { generation: 'pre-ual-sccp', load: 'P00305000200', loader: null })
    const below = aTable({ [OWN]: 'image_version: P00303010102' }, makeFirmwareSet('P00303010102'))
    t.match(playBoot(aBootingPhone('P0S3-07-4-00'), below).end, { kind: 'running' })
  },
)

t.test(
  'SCCP 8.x: the application reads its own file again, then what its language needs',
  async (t) => {
    const own =
      '<device><loadInformation>P00308000500</loadInformation><userLocale><name>German_Germany</name></userLocale></device>'
    const files = aTable({ [SEP]: own }, makeFirmwareSet('P00308000500'))
    const locale = [
      'German_Germany/7960-font.xml',
      'German_Germany/7960-dictionary.xml',
      'German_Germany/7960-kate.xml',
      'German_Germany/SCCP-dictionary.xml',
    ]
    const loader = [CTL, SEP, 'P00308000500.loads']
    const boot = playBoot(aBootingPhone('P00308000500'), files)
    t.same(boot.requests, [...loader, CTL, SEP, ...locale, 'US/7960-tones.xml'])
    t.match(boot.end, { kind: 'running', load: 'P00308000500', protocol: 'sccp' })
    t.equal(boot.pausesMs[0], 8_500)
    const before = playBoot(aBootingPhone('P00308000500', {}, ASSUMED), files)
    t.same(before.requests, [...loader, SEP, ...locale, 'RINGLIST.XML', 'DISTINCTIVERINGLIST.XML'])
    t.match(before.end, { kind: 'running', load: 'P00308000500' })
  },
)

t.test('SCCP 8.x without files runs on', async (t) => {
  const boot = playBoot(aBootingPhone('P00308000500'), aTable({}))
  t.same(boot.requests, [...HUNT, CTL, SEP, 'XMLDefault.cnf.xml'])
  t.same(boot.screens, ['Defaulting CM to TFTP Server'])
  const before = playBoot(aBootingPhone('P00308000500', {}, ASSUMED), aTable({}))
  t.same(before.requests.slice(-4), [
    SEP,
    'XMLDefault.cnf.xml',
    'RINGLIST.XML',
    'DISTINCTIVERINGLIST.XML',
  ])
  t.same(before.screens, ['Defaulting CM to TFTP Server'])
})

t.test('a 7.4 loader without application may go by the protocol that it came from', async (t) => {
  const files = aTable(
    { [SEP]: device(LOAD), 'XMLDefault.cnf.xml': '<device/>', 'SIPDefault.cnf': '' },
    set,
  )
  const cases = [
    { from: 'P00305000200', asks: 'XMLDefault.cnf.xml' },
    { from: 'P0S3-06-3-00', asks: 'SIPDefault.cnf' },
  ]
  for (const { from, asks } of cases) {
    const flash = flashWithLoader(flashRunning(from), 'P003-07-4-00')
    const again = flashWithLoader(flash, 'P003-8-12-00')
    const boot = playBoot(aBootingPhone(again, { loaderReads: 'own-protocol' }), files)
    t.same(boot.requests, [CTL, asks], from)
  }
  const boot = playBoot(aBootingPhone('P00308000500', { loaderReads: 'own-protocol' }), files)
  t.equal(boot.requests[1], SEP, 'one with an application hunts as any other')
})
