import t from 'tap'
import {
  loadInOs79xx,
  loadInSipParameters,
  readLoadInformation,
  readLoadsFile,
  readSipParameters,
  readSync,
} from '../../src/simulator/named-load.ts'
import { signImage } from '../../src/simulator/signed-image.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

t.test('OS79XX.TXT: the name alone, whatever follows it', async (t) => {
  const cases = [
    { why: 'one line', text: 'P0S30203\n', name: 'P0S30203' },
    { why: 'as shipped with SIP 8.12', text: 'P003-8-12-00 \r\n', name: 'P003-8-12-00' },
    { why: 'no line end', text: 'P0S30203', name: 'P0S30203' },
    { why: 'empty', text: '', name: null },
    { why: 'empty line', text: '\r\n', name: null },
  ]
  for (const { why, text, name } of cases) t.equal(loadInOs79xx(bytes(text), false), name, why)
  t.equal(loadInOs79xx(bytes('P0S30203 \r\n'), true), 'P0S30203 \r')
})

t.test('SIP parameters: quotes are optional, comments begin with # and ;', async (t) => {
  const text =
    '# image_version: no\nimage_version: "P0S3-8-12-00" ; yes\r\nproxy1_address :10.0.0.1\nx\nlabel: "a;b"\nlast:'
  const parameters = readSipParameters(bytes(text))
  t.same(
    [...parameters],
    [
      ['image_version', 'P0S3-8-12-00'],
      ['proxy1_address', '10.0.0.1'],
      ['label', 'a;b'],
      ['last', ''],
    ],
  )
  t.equal(loadInSipParameters(parameters), 'P0S3-8-12-00')
  t.equal(loadInSipParameters(new Map([['image_version', '']])), null)
})

t.test('load information of a device, and of a model in a default file', async (t) => {
  const manager = '<ethernetPhonePort>2000</ethernetPhonePort><processNodeName>x</processNodeName>'
  const both =
    '<loadInformation8 model="IP Phone 7940">A</loadInformation8><loadInformation7 model="IP Phone 7960">B</loadInformation7>'
  const cases = [
    {
      why: 'device',
      text: '<device><loadInformation model="IP Phone 7960">A</loadInformation></device>',
      model: '7960',
      load: 'A',
    },
    {
      why: 'a device file may say 7960 to a 7940',
      text: '<device><loadInformation model="IP Phone 7960">A</loadInformation></device>',
      model: '7940',
      load: 'A',
    },
    {
      why: 'default, 7940',
      text: `<Default>${manager}${both}</Default>`,
      model: '7940',
      load: 'A',
    },
    {
      why: 'default, 7960',
      text: `<Default>${manager}${both}</Default>`,
      model: '7960',
      load: 'B',
    },
    {
      why: 'default without the model',
      text: `<Default>${manager}<loadInformation6>A</loadInformation6></Default>`,
      model: '7960',
      load: null,
    },
    {
      why: 'empty load',
      text: '<device><loadInformation> </loadInformation></device>',
      model: '7960',
      load: null,
    },
    { why: 'no load', text: '<device></device>', model: '7960', load: null },
  ] as const
  for (const { why, text, model, load } of cases) {
    const namesCallManager = text.includes('processNodeName')
    const rest = { userLocale: null, networkLocale: null, namesCallManager, callManagers: [] }
    const wanted = { kind: 'read', load, ...rest }
    t.same(readLoadInformation(bytes(text), model), wanted, why)
  }
  const member = (host: string) =>
    `<ethernetPhonePort>2001</ethernetPhonePort><processNodeName>${host}</processNodeName>`
  const members = `<device>${member('10.20.0.2')}${member('cm.example.net')}</device>`
  t.match(
    readLoadInformation(bytes(members), '7960'),
    { callManagers: [{ address: 0x0a140002, port: 2001 }] },
    'those with an address',
  )
  const locale = '<device><userLocale><uid>x</uid><name>German_Germany</name></userLocale></device>'
  t.match(readLoadInformation(bytes(locale), '7960'), { userLocale: 'German_Germany' })
  const country = '<device><networkLocale>United_Kingdom</networkLocale></device>'
  t.match(readLoadInformation(bytes(country), '7960'), { networkLocale: 'United_Kingdom' })
  t.match(readLoadInformation(bytes('<device><userLocale></userLocale></device>'), '7960'), {
    userLocale: null,
  })
})

t.test('XML that a phone cannot use', async (t) => {
  const cases = [
    '',
    'hello',
    '<device><loadInformation>A',
    '<Default><loadInformation7>A</loadInformation7></Default>',
  ]
  for (const text of cases) {
    t.same(readLoadInformation(bytes(text), '7960'), { kind: 'unusable' }, text)
  }
})

t.test('a file of nothing but beginnings is read in bounded time', async (t) => {
  for (const part of [
    '<loadInformation1',
    '<userLocale>',
    '<name>',
    '<networkLocale>',
    '<IMAGE ',
    '1',
  ]) {
    const started = performance.now()
    const text = bytes(`<device>${part.repeat(262_144 / part.length)}</device>`)
    readLoadInformation(text, '7960')
    readSync(text, 'P0S3-8-12-00')
    t.ok(performance.now() - started < 2_000, part)
  }
})

t.test('.loads: signed under its own name, and naming two files', async (t) => {
  const lines = 'P003-8-12-00.sbn\nP0S3-8-12-00.sb2\nLA_VERSION=PAS30830\n'
  const good = signImage('P0S3-8-12-00.loads', bytes(lines))
  t.same(readLoadsFile(good, 'P0S3-8-12-00.loads'), {
    loader: 'P003-8-12-00',
    application: 'P0S3-8-12-00',
  })
  const cases = [
    { why: 'renamed', file: good, name: 'P0S3-8-11-00.loads' },
    { why: 'unsigned', file: bytes(lines), name: 'P0S3-8-12-00.loads' },
    { why: 'damaged', file: good.subarray(0, -2), name: 'P0S3-8-12-00.loads' },
    { why: 'no loader', file: signImage('x.loads', bytes('a\nb.sb2\n')), name: 'x.loads' },
    { why: 'no application', file: signImage('x.loads', bytes('a.sbn')), name: 'x.loads' },
  ]
  for (const { why, file, name } of cases) t.equal(readLoadsFile(file, name), undefined, why)
})

t.test('syncinfo.xml: for a load or for all, the first that fits', async (t) => {
  const text =
    '<SYNCINFO><IMAGE VERSION="P0S3-07-4-00" SYNC="7"/><IMAGE VERSION="*" SYNC="3"/></SYNCINFO>'
  t.equal(readSync(bytes(text), 'P0S3-07-4-00'), '7')
  t.equal(readSync(bytes(text), 'P0S3-8-12-00'), '3')
  t.equal(readSync(bytes('<SYNCINFO></SYNCINFO>'), 'P0S3-8-12-00'), null)
})
