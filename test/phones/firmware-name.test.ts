import t from 'tap'
import {
  compareFirmwareNames,
  type FirmwareName,
  majorAsReported,
  parseFirmwareName,
  sameFirmware,
} from '../../src/phones/firmware-name.ts'

function nameOf(text: string): FirmwareName {
  const parsed = parseFirmwareName(text)
  if (parsed.kind === 'bad') throw new Error(`${text} ${parsed.fault}`)
  return parsed.name
}

t.test('Cisco document 5455: a name tells protocol, role and release', async (t) => {
  const cases = [
    { why: 'SIP 2.3, 8.3', text: 'P0S30203', protocol: 'sip', role: 'load', release: '2.3' },
    {
      why: 'in a log of the document',
      text: 'P0S30300',
      protocol: 'sip',
      role: 'load',
      release: '3.0',
    },
    { why: 'SIP with dashes', text: 'P0S3-06-3-00', protocol: 'sip', role: 'load', release: '6.3' },
    {
      why: 'two digits of minor',
      text: 'P0S3-08-11-00',
      protocol: 'sip',
      role: 'load',
      release: '8.11',
    },
    {
      why: 'one digit of major',
      text: 'P0S3-8-12-00',
      protocol: 'sip',
      role: 'load',
      release: '8.12',
    },
    { why: 'a sub-version', text: 'P0S3-07-5-01', protocol: 'sip', role: 'load', release: '7.5.1' },
    {
      why: 'loader of a SIP set',
      text: 'P003-8-12-00',
      protocol: 'sip',
      role: 'loader',
      release: '8.12',
    },
    {
      why: 'loader, two digits',
      text: 'P003-07-4-00',
      protocol: 'sip',
      role: 'loader',
      release: '7.4',
    },
    { why: 'SCCP', text: 'P00308000500', protocol: 'sccp', role: 'load', release: '8.0(5)' },
    {
      why: 'SCCP with a build',
      text: 'P00305000101',
      protocol: 'sccp',
      role: 'load',
      release: '5.0(1.1)',
    },
    { why: 'SCCP ten', text: 'P00308001000', protocol: 'sccp', role: 'load', release: '8.0(10)' },
    {
      why: 'test build',
      text: 'P0030702T023',
      protocol: 'sccp',
      role: 'load',
      release: '7.2(T23)',
    },
    {
      why: 'service release',
      text: 'P0030801SR02',
      protocol: 'sccp',
      role: 'load',
      release: '8.1(2)SR2',
    },
    { why: 'another one', text: 'P0030801SR03', protocol: 'sccp', role: 'load', release: '8.1SR3' },
    { why: 'SCCP in 8.3', text: 'P0030301', protocol: 'sccp', role: 'load', release: '3.1' },
    { why: 'factory SCCP', text: 'P003AL02', protocol: 'sccp', role: 'load', release: 'AL02' },
    { why: 'MGCP', text: 'P0M3-06-1-00', protocol: 'mgcp', role: 'load', release: '6.1' },
    { why: 'after the last', text: 'P0S3-9-1-00', protocol: 'sip', role: 'load', release: '9.1' },
  ]
  for (const { why, text, protocol, role, release } of cases) {
    t.match(nameOf(text), { text, protocol, role, release }, `${why}: ${text}`)
  }
})

t.test('a name tells generation, signature and length', async (t) => {
  const cases = [
    { text: 'P0S30203', ual: false, signed: false, eightThree: true },
    { text: 'P0S3-04-4-00', ual: false, signed: false, eightThree: false },
    { text: 'P0S3-05-2-00', ual: false, signed: true, eightThree: false },
    { text: 'P0S3-06-3-00', ual: false, signed: true, eightThree: false },
    { text: 'P0S3-07-1-00', ual: true, signed: true, eightThree: false },
    { text: 'P003-07-4-00', ual: true, signed: true, eightThree: false },
    { text: 'P00303030300', ual: false, signed: false, eightThree: false },
    { text: 'P00305000200', ual: false, signed: true, eightThree: false },
    { text: 'P00306000100', ual: true, signed: true, eightThree: false },
    { text: 'P003AL02', ual: false, signed: false, eightThree: true },
  ]
  for (const { text, ...said } of cases) t.match(nameOf(text), said, text)
})

t.test('a mistake is named, with the spelling that was probably meant', async (t) => {
  const cases = [
    { text: 'POS3-08-11-00', fault: /letter O/, suggestion: 'P0S3-08-11-00' },
    { text: 'POO308000500', fault: /letter O/, suggestion: 'P00308000500' },
    { text: 'POS3-08-12-00', fault: /letter O/, suggestion: 'P0S3-8-12-00' },
    { text: 'P0S3-08-12-00', fault: /ships/, suggestion: 'P0S3-8-12-00' },
    { text: 'P003-08-12-00', fault: /ships/, suggestion: 'P003-8-12-00' },
    { text: 'P0S3-7-4-00', fault: /ships/, suggestion: 'P0S3-07-4-00' },
    { text: 'P0S3-04-04-00', fault: /ships/, suggestion: 'P0S3-04-4-00' },
    { text: 'P0S30203.bin', fault: /extension/, suggestion: 'P0S30203' },
    { text: 'P0S3-8-12-00.loads', fault: /extension/, suggestion: 'P0S3-8-12-00' },
    { text: 'P003-8-12-00 \r\n', fault: /blank or a line end/, suggestion: 'P003-8-12-00' },
    { text: './P0S3-8-12-00', fault: /path/, suggestion: 'P0S3-8-12-00' },
    { text: 'p0s3-8-12-00', fault: /lower-case/, suggestion: 'P0S3-8-12-00' },
    { text: 'P0S3-8-12', fault: /no load name/, suggestion: 'P0S3-8-12-00' },
    { text: ' ', fault: /no load name/, suggestion: null },
    { text: '', fault: /no load name/, suggestion: null },
    { text: 'P00405000700', fault: /7910/, suggestion: null },
    { text: 'P00503020200', fault: /7935/, suggestion: null },
    { text: 'S00103020002', fault: /7914/, suggestion: null },
    { text: 'SCCP41.8-4-2S', fault: /7941/, suggestion: null },
    { text: 'term06.default', fault: /7941/, suggestion: null },
    { text: 'CP7912010100', fault: /7905 or 7912/, suggestion: null },
    { text: 'P'.repeat(65), fault: /too long/, suggestion: null },
  ]
  for (const { text, fault, suggestion } of cases) {
    t.match(parseFirmwareName(text), { kind: 'bad', fault, suggestion }, JSON.stringify(text))
  }
})

t.test('releases sort as they were made', async (t) => {
  const inOrder = [
    ['P0M3-06-1-00'],
    ['P003AL01', 'P003AL02', 'P0030301', 'P00303010102', 'P00303020209', 'P00305000101'],
    ['P00305000200', 'P0030702T023', 'P00307020300', 'P00308000900', 'P00308001000'],
    ['P00308010200', 'P0030801SR02', 'P00308010300', 'P0030801SR03'],
    ['P003-07-4-00', 'P003-8-12-00'],
    ['P0S30203', 'P0S3-04-1-00', 'P0S3-04-4-00', 'P0S3-07-5-00', 'P0S3-07-5-01'],
    ['P0S3-08-9-00', 'P0S3-08-11-00', 'P0S3-8-12-00'],
  ].flat()
  const shuffled = inOrder.toReversed().map(nameOf)
  t.same(
    shuffled.sort(compareFirmwareNames).map(({ text }) => text),
    inOrder,
  )
})

t.test('two spellings of one release are the same firmware', async (t) => {
  t.ok(sameFirmware(nameOf('P0S30300'), nameOf('P0S3-03-0-00')))
  t.notOk(sameFirmware(nameOf('P0S3-8-12-00'), nameOf('P003-8-12-00')), 'load and loader')
  t.notOk(sameFirmware(nameOf('P003AL01'), nameOf('P003AL02')), 'factory loads')
  t.notOk(sameFirmware(nameOf('P00308010200'), nameOf('P0030801SR02')), 'service release')
})

t.test('SIP below 4.0 tells no release by itself', async (t) => {
  const cases = [
    ['sip', 1, 3],
    ['sip', 2, 3],
    ['sip', 3, 3],
    ['sip', 4, 4],
    ['sccp', 2, 2],
    [null, 2, 2],
  ] as const
  for (const [protocol, major, reported] of cases) {
    t.equal(majorAsReported(protocol, major), reported, `${protocol} ${major}`)
  }
})
