import t from 'tap'
import { PAGE_PATHS, readPhonePage } from '../../src/phones/phone-page.ts'

/** In the form of a CP-7940 with SCCP 8.1 (FusionInventory, 2013); number and serial are made up. */
const XML = `<?xml version="1.0" encoding="iso-8859-1"?>
<DeviceInformation>
<MACAddress>0003E369A125</MACAddress>
<HostName>SEP0003E369A125</HostName>
<phoneDN>1001</phoneDN>
<appLoadID>P00308010200</appLoadID>
<bootLoadID>PC03A300</bootLoadID>
<versionID>8.1(2.0)</versionID>
<DSPLoadID>4.0(5.0)[A0]</DSPLoadID>
<addonModule1></addonModule1>
<addonModule2></addonModule2>
<hardwareRevision>1.2</hardwareRevision>
<serialNumber>INM07120XYZ</serialNumber>
<modelNumber>CP-7940</modelNumber>
<Codec>ADLCodec</Codec>
<MessageWaiting>NO</MessageWaiting>
</DeviceInformation>`

/** In the shape that an OpenVAS detection script and IP Phone Search read. */
const HTML = `<HTML><HEAD><TITLE>Cisco Systems, Inc.</TITLE></HEAD><BODY>
<TABLE><TR><TD><B>Device Information</B></TD></TR>
<TR><TD colspan=3>Cisco IP Phone CP-7960 ( SEP000E84C060A6 )</TD></TR>
<TR><TD><B> MAC Address</B></TD><td width=20></TD><TD><B>000E84C060A6</B></TD></TR>
<TR><TD><B> Host Name</B></TD><td width=20></TD><TD><B>SEP000E84C060A6</B></TD></TR>
<TR><TD><B> Phone DN</B></TD><td width=20></TD><TD><B></B></TD></TR>
<TR><TD><B> App Load ID</B></TD><td width=20></TD><TD><B>P0030801SR02</B></TD></TR>
<TR><TD><B> Boot Load ID</B></TD><td width=20></TD><TD><B>PC0303010200</B></TD></TR>
<TR><TD><B> Version</B></TD><td width=20></TD><TD><B>8.1(2.0)</B></TD></TR>
<TR><TD><B> Serial Number</B></TD><td width=20></TD><TD><B>&nbsp;</B></TD></TR>
<TR><TD><B> Model Number</B></TD><td width=20></TD><TD><B>CP-7960G</B></TD></TR>
<TR><TD><B> Message Waiting</B></TD><td width=20></TD><TD><B>NO</B></TD></TR>
</TABLE></BODY></HTML>`

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const NOTHING = { mac: null, model: null, load: null, version: null, serial: null }

t.test('the XML form comes first, and a page that shows the same comes last', async (t) => {
  t.same(PAGE_PATHS, ['/DeviceInformationX', '/DeviceInformation', '/'])
})

t.test('reads the page in both of its forms', async (t) => {
  t.same(readPhonePage(bytes(XML)), {
    mac: '0003E369A125',
    model: '7940',
    load: 'P00308010200',
    version: '8.1(2.0)',
    serial: 'INM07120XYZ',
  })
  t.same(
    readPhonePage(bytes(HTML)),
    {
      mac: '000E84C060A6',
      model: '7960',
      load: 'P0030801SR02',
      version: '8.1(2.0)',
      serial: null,
    },
    'an empty serial number takes no other value for its own',
  )
})

t.test('takes a value only in its form', async (t) => {
  const cases = [
    {
      why: 'a MAC address with colons',
      xml: 'macAddress>00:0e:84:c0:60:a6',
      field: 'mac',
      is: '000E84C060A6',
    },
    { why: 'no MAC address', xml: 'MACAddress>00:0e:84', field: 'mac', is: null },
    { why: 'MGCP', xml: 'appLoadID>P0M3-07-7-00', field: 'load', is: 'P0M3-07-7-00' },
    {
      why: 'another model',
      xml: 'appLoadID>CP7905080003SCCP070409A',
      field: 'load',
      is: 'CP7905080003SCCP070409A',
    },
    { why: 'a load with a line of its own', xml: 'appLoadID>P003\nx', field: 'load', is: null },
    { why: 'a load that is a formula', xml: 'appLoadID>=cmd()', field: 'load', is: null },
    { why: 'an entity is text', xml: 'appLoadID>&load;', field: 'load', is: null },
    { why: 'a model of the old style', xml: 'modelNumber>CP-7960G-CH', field: 'model', is: '7960' },
    { why: 'no model', xml: 'modelNumber>Toaster', field: 'model', is: null },
    { why: 'a serial number with markup', xml: 'serialNumber>a"b&c', field: 'serial', is: null },
    {
      why: 'a version that is too long',
      xml: `versionID>${'8'.repeat(33)}`,
      field: 'version',
      is: null,
    },
  ] as const
  for (const { why, xml, field, is } of cases) {
    const page = readPhonePage(bytes(`<D><phoneDN>1</phoneDN><${xml}</x></D>`))
    t.equal(page?.[field], is, why)
  }
})

t.test('a label without a value, at the end or ahead of another, says nothing', async (t) => {
  t.same(
    readPhonePage(bytes('<td>App Load ID</td><td>Boot Load ID</td><td>PC030301</td>')),
    undefined,
  )
  t.equal(
    readPhonePage(bytes('<b>MAC Address :</b><b>0003E369A125</b><td>App Load ID'))?.load,
    null,
  )
  t.equal(
    readPhonePage(bytes('<appLoadID>P00308010200</appLoadID><appLoadID>P00307020200</appLoadID>'))
      ?.load,
    'P00308010200',
    'the first of two counts',
  )
})

t.test('a page of another device says nothing', async (t) => {
  for (const page of [
    '',
    'not a page',
    '<html><head><title>Router</title></head><body>Login</body></html>',
    '<config><version>1</version><macro>x</macro></config>',
    '<constructor>x</constructor><__proto__>y</__proto__>',
  ]) {
    t.equal(readPhonePage(bytes(page)), undefined, page)
  }
  t.same(readPhonePage(bytes('<MACAddress>none</MACAddress>')), NOTHING)
})

t.test('hostile pages take no time and no memory', async (t) => {
  const hostile = [
    '<'.repeat(200_000),
    '>'.repeat(200_000),
    '<a>x'.repeat(50_000),
    `<${'a'.repeat(200_000)}`,
    `<MACAddress>${'0'.repeat(200_000)}`,
    ' '.repeat(200_000),
    `<MACAddress>${' '.repeat(250)}`,
    `<!DOCTYPE a [<!ENTITY b "${'&c;'.repeat(20_000)}">]><appLoadID>&b;</appLoadID>`,
    'MAC Address'.repeat(10_000),
  ]
  const began = process.hrtime.bigint()
  for (const page of hostile) {
    const read = readPhonePage(bytes(page))
    t.equal(read?.mac ?? null, null)
    t.equal(read?.load ?? null, null)
  }
  t.ok(Number(process.hrtime.bigint() - began) < 500e6, 'half a second for all of them')
})

t.test('every prefix of a page, and random bytes, are read or ignored', async (t) => {
  for (const page of [XML, HTML]) {
    for (let end = 0; end < page.length; end += 7) readPhonePage(bytes(page.slice(0, end)))
  }
  let state = 12345
  const random = () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff
    return state >> 8
  }
  for (let run = 0; run < 300; run++) {
    const page = bytes(run % 2 === 0 ? XML : HTML)
    for (let change = 0; change < 40; change++) page[random() % page.length] = random() & 0xff
    const read = readPhonePage(page)
    if (read === undefined) continue
    for (const value of Object.values(read)) {
      if (value !== null && !/^[0-9A-Za-z.()_-]{1,40}$/.test(value)) t.fail(value)
    }
  }
  t.pass('no value has any other character')
})
