import t from 'tap'
import { makeFirmwareSet } from '../../../src/simulator/synthetic-firmware.ts'
import { aBootingPhone, aTable, BOOT_MAC, playBoot } from '../../support/play-boot.ts'

const OWN = `SIP${BOOT_MAC}.cnf`
const SEQUENCE = ['OS79XX.TXT', 'SIPDefault.cnf', OWN, 'RINGLIST.DAT + dialplan.xml']

t.test('SIP 6.x asks for switch file, default file, own file, then two at once', async (t) => {
  const files = aTable({ 'SIPDefault.cnf': '', [OWN]: 'line1_name: 1201' })
  const boot = playBoot(aBootingPhone('P0S3-06-3-00'), files)
  t.same(boot.requests, SEQUENCE)
  t.match(boot.end, { kind: 'running', load: 'P0S3-06-3-00', protocol: 'sip', provisioned: true })
})

t.test('W362: without a file or a line of its own a SIP phone is unprovisioned', async (t) => {
  for (const own of [{}, { [OWN]: 'phone_label: x' }, { [OWN]: 'line1_name: "UNPROVISIONED"' }]) {
    const boot = playBoot(aBootingPhone('P0S3-06-3-00'), aTable({ 'SIPDefault.cnf': '', ...own }))
    t.same(boot.screens, ['Phone Unprovisioned'])
    t.match(boot.end, { kind: 'running', provisioned: false })
  }
})

t.test(
  'image_version overrides OS79XX.TXT; the phone decides when it has read all files',
  async (t) => {
    const files = aTable(
      { 'OS79XX.TXT': 'P00305000200', 'SIPDefault.cnf': 'image_version: P0S3-06-3-00' },
      makeFirmwareSet('P00305000200'),
    )
    const boot = playBoot(aBootingPhone('P0S3-06-3-00'), files)
    t.same(boot.requests, SEQUENCE)
  },
)

t.test('without image_version the load in OS79XX.TXT is taken', async (t) => {
  const files = aTable({ 'OS79XX.TXT': 'P003-8-12-00 \r\n' }, makeFirmwareSet('P0S3-8-12-00'))
  const boot = playBoot(aBootingPhone('P0S3-06-3-00'), files)
  t.same(boot.requests, ['OS79XX.TXT', 'SIPDefault.cnf', OWN, 'P003-8-12-00.sbn'])
  t.match(boot.flash, { generation: 'ual', load: null, loader: 'P003-8-12-00' })
})

t.test('a parameter of the own file wins over the default one', async (t) => {
  const files = aTable(
    {
      'SIPDefault.cnf': 'image_version: P0S3-05-3-00',
      [OWN]: 'image_version : "P0S3-06-3-00" ; new',
    },
    makeFirmwareSet('P0S3-06-3-00'),
  )
  const boot = playBoot(aBootingPhone('P0S3-04-4-00'), files)
  t.same(boot.requests.at(-1), 'P0S3-06-3-00.bin')
  t.equal(boot.flash.load, 'P0S3-06-3-00')
})

t.test(
  'tftp_cfg_dir stands before the own file, from flash or from the default file',
  async (t) => {
    const fromFlash = playBoot(aBootingPhone('P0S3-06-3-00', { configPrefix: './' }), aTable({}))
    t.equal(fromFlash.requests[2], `./${OWN}`)
    const files = aTable({ 'SIPDefault.cnf': 'tftp_cfg_dir: ./\ndial_template: office' })
    const fromFile = playBoot(aBootingPhone('P0S3-06-3-00'), files)
    t.equal(fromFile.requests[2], `./${OWN}`)
    t.equal(fromFile.requests[3], 'RINGLIST.DAT + office.xml')
  },
)

t.test(
  'W210: SIP 2.x cannot take a long default file, and so no image_version in it',
  async (t) => {
    const long = `image_version: P0S3-04-4-00\n${'# nothing\n'.repeat(200)}`
    const files = aTable({ 'SIPDefault.cnf': long }, makeFirmwareSet('P0S3-04-4-00'))
    const quirks = { sipDefaultLimitBytes: 1_024 }
    const old = playBoot(aBootingPhone('P0S30203', quirks), files)
    t.same(old.screens, ['W210 TFTP Error : buffer full', 'Phone Unprovisioned'])
    t.match(old.end, { kind: 'running', load: 'P0S30203' })
    const later = playBoot(aBootingPhone('P0S3-03-0-00', quirks), files)
    t.equal(later.flash.load, 'P0S3-04-4-00', 'releases after 2.x are free of it')
  },
)

t.test('Cisco document 5455: SIP 2.1 takes SCCP loads of eight characters alone', async (t) => {
  const long = makeFirmwareSet('P00303010102')
  const image = long.get('P00303010102.bin') as Uint8Array
  const refused = playBoot(
    aBootingPhone('P0S30100'),
    aTable({ 'OS79XX.TXT': 'P00303010102' }, long),
  )
  t.same(refused.requests, SEQUENCE)
  t.same(refused.refusals, ['SIP 2.1 and earlier takes names of eight characters'])
  const renamed = playBoot(
    aBootingPhone('P0S30100'),
    aTable({ 'OS79XX.TXT': 'P0030301' }, new Map([['P0030301.bin', image]])),
  )
  t.equal(renamed.flash.load, 'P00303010102', 'an unsigned image may be renamed')
  const later = playBoot(aBootingPhone('P0S30202'), aTable({ 'OS79XX.TXT': 'P00303010102' }, long))
  t.equal(later.flash.load, 'P00303010102', 'SIP 2.2 takes the long name')
  const free = aBootingPhone('P0S30100', { limitsNames: false })
  t.equal(playBoot(free, aTable({ 'OS79XX.TXT': 'P00303010102' }, long)).flash.load, 'P00303010102')
})

t.test('without a TFTP server the phone lives on its flash', async (t) => {
  const boot = playBoot(aBootingPhone('P0S3-06-3-00', {}, { hasTftpServer: false }), aTable({}))
  t.match(boot, { requests: [], end: { kind: 'running', protocol: 'sip' } })
})
