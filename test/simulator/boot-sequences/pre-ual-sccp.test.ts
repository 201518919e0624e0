import t from 'tap'
import { makeFirmwareSet } from '../../../src/simulator/synthetic-firmware.ts'
import { aBootingPhone, aTable, BOOT_MAC, playBoot } from '../../support/play-boot.ts'

const SEP = `SEP${BOOT_MAC}.cnf.xml`
const device = (load: string) =>
  `<device><loadInformation model="IP Phone 7960">${load}</loadInformation></device>`

t.test(
  'SCCP 5.x without files asks for its switch file, its own and the default one',
  async (t) => {
    const boot = playBoot(aBootingPhone('P00305000200'), aTable({}))
    t.same(boot.requests, ['OS79XX.TXT', SEP, 'XMLDefault.cnf.xml'])
    t.same(boot.screens, ['Defaulting CM to TFTP Server'])
    t.match(boot.end, { kind: 'running', load: 'P00305000200', protocol: 'sccp' })
  },
)

t.test(
  'Cisco document 5455: a load of another protocol in OS79XX.TXT is taken at once',
  async (t) => {
    const cases = [
      { why: 'from 5.0 on signed', from: 'P00305000200', to: 'P0S3-06-3-00', ask: '.sbn' },
      { why: 'before 5.0 unsigned', from: 'P00303010102', to: 'P0S30203', ask: '.bin' },
      {
        why: 'before 5.0 unsigned, although a signed one is there',
        from: 'P00303010102',
        to: 'P0S3-06-3-00',
        ask: '.bin',
      },
    ]
    for (const { why, from, to, ask } of cases) {
      const files = aTable({ 'OS79XX.TXT': `${to}\n` }, makeFirmwareSet(to))
      const boot = playBoot(aBootingPhone(from), files)
      t.same(boot.requests, ['OS79XX.TXT', `${to}${ask}`], why)
      t.match(boot.flash, { generation: 'pre-ual-sip', load: to, loader: null }, why)
      t.same(boot.end, { kind: 'restart', cause: 'flash', wantedLoad: null }, why)
    }
  },
)

t.test(
  'the same first four characters in OS79XX.TXT are skipped, the loader of SIP sets included',
  async (t) => {
    for (const named of ['P00305000300', 'P003-8-12-00']) {
      const files = aTable({ 'OS79XX.TXT': named }, makeFirmwareSet('P0S3-8-12-00'))
      const boot = playBoot(aBootingPhone('P00305000200'), files)
      t.same(boot.requests, ['OS79XX.TXT', SEP, 'XMLDefault.cnf.xml'], named)
    }
  },
)

t.test('load information brings the universal loader and wipes what was typed in', async (t) => {
  const files = aTable({ [SEP]: device('P003-8-12-00') }, makeFirmwareSet('P0S3-8-12-00'))
  const boot = playBoot(aBootingPhone('P00305000200'), files)
  t.same(boot.requests, ['OS79XX.TXT', SEP, 'P003-8-12-00.sbn'])
  t.same(boot.flash, {
    generation: 'ual',
    load: null,
    loader: 'P003-8-12-00',
    cameFrom: 'sccp',
    manual: { alternateTftp: null },
  })
})

t.test('load information of the running load changes nothing', async (t) => {
  const boot = playBoot(aBootingPhone('P00305000200'), aTable({ [SEP]: device('P00305000200') }))
  t.same(boot.requests, ['OS79XX.TXT', SEP])
  t.match(boot.end, { kind: 'running' })
})

t.test('damaged load information is passed over', async (t) => {
  const boot = playBoot(aBootingPhone('P00305000200'), aTable({ [SEP]: '' }))
  t.same(boot.requests, ['OS79XX.TXT', SEP])
  t.match(boot.end, { kind: 'running' })
})

t.test(
  'Cisco document 5455: SCCP too old for SIP 3.0 gives up in mid-file, three times, and boots its own',
  async (t) => {
    const files = aTable({ 'OS79XX.TXT': 'P0S3-04-4-00' }, makeFirmwareSet('P0S3-04-4-00'))
    const boot = playBoot(aBootingPhone('P00303010102', { needsSip23First: true }), files)
    const image = 'P0S3-04-4-00.bin'
    t.same(boot.requests, ['OS79XX.TXT', image, image, image, SEP, 'XMLDefault.cnf.xml'])
    t.equal(boot.pausesMs.length, 2)
    for (const pauseMs of boot.pausesMs) t.ok(pauseMs >= 8_000 && pauseMs <= 10_000, `${pauseMs}`)
    t.match(boot.end, { kind: 'running', load: 'P00303010102' })
  },
)

t.test('Cisco document 5455: the same phone takes SIP 2.3', async (t) => {
  const files = aTable({ 'OS79XX.TXT': 'P0S30203' }, makeFirmwareSet('P0S30203'))
  const boot = playBoot(aBootingPhone('P00303010102', { needsSip23First: true }), files)
  t.equal(boot.flash.load, 'P0S30203')
})

t.test(
  'SCCP that predates XML files asks for its default file over and over, and begins again',
  async (t) => {
    const boot = playBoot(aBootingPhone('P003AL', { knowsNoXml: true }), aTable({}))
    t.same(boot.requests, ['OS79XX.TXT', ...new Array(5).fill('SEPDefault.cnf')])
    t.same(boot.end, { kind: 'restart', cause: 'retry', wantedLoad: null })
  },
)

t.test('some firmware spells the default file differently', async (t) => {
  const quirks = { xmlDefaultName: 'xmlDefault.CNF.XML' } as const
  const boot = playBoot(aBootingPhone('P00305000200', quirks), aTable({}))
  t.equal(boot.requests.at(-1), 'xmlDefault.CNF.XML')
})

t.test(
  'a space after the name in OS79XX.TXT leads old firmware to a name that does not exist',
  async (t) => {
    const files = aTable({ 'OS79XX.TXT': 'P0S30203 \r\n' }, makeFirmwareSet('P0S30203'))
    const literal = playBoot(aBootingPhone('P00303010102', { readsOs79xxLiterally: true }), files)
    t.equal(literal.requests[1], 'P0S30203 \r.bin')
    t.match(literal.end, { kind: 'running', load: 'P00303010102' })
    t.equal(playBoot(aBootingPhone('P00303010102'), files).flash.load, 'P0S30203')
  },
)

t.test('without a TFTP server the phone lives on its flash', async (t) => {
  const boot = playBoot(aBootingPhone('P00305000200', {}, { hasTftpServer: false }), aTable({}))
  t.same(boot.requests, [])
  t.match(boot.end, { kind: 'running', load: 'P00305000200', protocol: 'sccp' })
})

t.test('a phone that asks for OS79XX.TXT after a factory reset alone passes it over', async (t) => {
  const files = aTable({ 'OS79XX.TXT': 'P0S3-06-3-00\n' }, makeFirmwareSet('P0S3-06-3-00'))
  const boot = playBoot(aBootingPhone('P00305000200', { skipsOs79xx: true }), files)
  t.same(boot.requests, [SEP, 'XMLDefault.cnf.xml'])
  t.match(boot.end, { kind: 'running', load: 'P00305000200' })
})
