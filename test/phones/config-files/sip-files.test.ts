import t from 'tap'
import {
  DIAL_ANYTHING,
  imageLine,
  orderedLines,
  parameterLine,
  renderDialplan,
  renderRinglistDat,
  renderSipDefault,
  renderSipPhone,
} from '../../../src/phones/config-files/sip-files.ts'

t.test('SIPDefault.cnf names the image first and then the parameters in order', async (t) => {
  const parameters = {
    preferred_codec: 'g711ulaw',
    proxy1_address: '192.168.1.9',
    image_version: 'P0S30203',
    proxy1_port: '5060',
  }
  const text = renderSipDefault({ imageVersion: 'P0S3-8-12-00', parameters, oneLine: false })
  const expected = [
    'image_version: P0S3-8-12-00',
    'proxy1_address: "192.168.1.9"',
    'proxy1_port: "5060"',
    'preferred_codec: "g711ulaw"',
    '',
  ]
  t.equal(text, expected.join('\n'))
})

t.test('Cisco document 5455, W210 TFTP Error: one line for SIP 2.x', async (t) => {
  const parameters = { proxy1_address: '192.168.1.9' }
  t.equal(
    renderSipDefault({ imageVersion: 'P0S30203', parameters, oneLine: true }),
    'image_version: P0S30203\n',
  )
})

t.test('without a load the line is left out', async (t) => {
  const parameters = { proxy_register: '1' }
  const text = renderSipDefault({ imageVersion: null, parameters, oneLine: false })
  t.equal(text, 'proxy_register: "1"\n')
})

t.test('SIP<MAC>.cnf holds image, lines and the parameters of the phone', async (t) => {
  const text = renderSipPhone({
    imageVersion: 'P0S3-8-12-00',
    lines: [
      {
        name: '1201',
        authName: 'desk12',
        password: 'horse staple',
        displayName: 'Desk 12',
        shortName: 'Desk',
        contact: '1201@example.net',
      },
      { name: '1202' },
    ],
    parameters: { phone_label: 'Lab', line2_shortname: 'Two' },
  })
  const expected = [
    'image_version: P0S3-8-12-00',
    'line1_name: "1201"',
    'line1_authname: "desk12"',
    'line1_password: "horse staple"',
    'line1_shortname: "Desk"',
    'line1_displayname: "Desk 12"',
    'line1_contact: "1201@example.net"',
    'line2_name: "1202"',
    'line2_authname: "1202"',
    'phone_label: "Lab"',
    'line2_shortname: "Two"',
    '',
  ]
  t.equal(text, expected.join('\n'))
})

t.test('a phone has six lines at most, and may have no load named', async (t) => {
  const lines = Array.from({ length: 9 }, (_, index) => ({ name: `12${index}` }))
  const text = renderSipPhone({ imageVersion: null, lines, parameters: {} })
  t.match(text, /^line1_name: "120"\n/)
  t.match(text, /line6_authname: "125"\n$/)
})

t.test('dialplan.xml has one TEMPLATE a rule', async (t) => {
  const templates = [
    { match: '9,011*', timeoutSeconds: 6 },
    { match: '"<..>"', timeoutSeconds: 0 },
  ]
  const expected = [
    '<DIALTEMPLATE>',
    '  <TEMPLATE MATCH="9,011*" Timeout="6"/>',
    '  <TEMPLATE MATCH="&quot;&lt;..&gt;&quot;" Timeout="0"/>',
    '</DIALTEMPLATE>',
    '',
  ]
  t.equal(renderDialplan(templates), expected.join('\n'))
})

t.test('without a plan of its own a phone dials after five seconds', async (t) => {
  t.match(renderDialplan(DIAL_ANYTHING), '<TEMPLATE MATCH="*" Timeout="5"/>')
})

const tones = [
  { name: 'Old Style', file: 'ringer1.pcm' },
  { name: 'Bits & Bytes', file: 'tones/bits.raw' },
]

t.test('RINGLIST.DAT is name, tab, file, one tone a line', async (t) => {
  t.equal(renderRinglistDat(tones), 'Old Style\tringer1.pcm\nBits & Bytes\ttones/bits.raw\n')
  t.equal(renderRinglistDat([]), '')
})

t.test('a tab or line end in a name cannot make another field', async (t) => {
  t.equal(renderRinglistDat([{ name: 'a\tb\nc', file: 'd.pcm' }]), 'abc\td.pcm\n')
})

t.test('a tone whose file no phone can ask for is left out', async (t) => {
  const odd = ['d\te.pcm', 'd\ne.pcm', 'Ģ.pcm'].map((file) => ({ name: 'odd', file }))
  t.equal(renderRinglistDat([...odd, { name: 'good', file: 'd.pcm' }]), 'good\td.pcm\n')
})

t.test('no value can begin another parameter', async (t) => {
  const line = parameterLine('phone_label', 'x"\nimage_version: P0S30203\r\u2028"')
  t.equal(line, 'phone_label: "ximage_version: P0S30203"\n')
})

t.test('no name can begin another parameter', async (t) => {
  const lines = orderedLines({
    'a: "b"\nimage_version': 'P0S30203',
    image_version: 'P0S30203',
    Image_Version: 'P0S30203',
    'lin\u0435': '1',
    '': '1',
  })
  t.equal(lines, '')
})

t.test('known parameters come in the order of the catalogue, others after them', async (t) => {
  const lines = orderedLines({
    bbb: '3',
    zzz: '4',
    aaa: '2',
    sntp_mode: 'unicast',
    nat_enable: '1',
  })
  t.equal(lines, 'nat_enable: "1"\nsntp_mode: "unicast"\naaa: "2"\nbbb: "3"\nzzz: "4"\n')
})

t.test('no load can begin another parameter', async (t) => {
  t.equal(imageLine('P0S3\nproxy1_address: "x"'), 'image_version: P0S3proxy1_addressx\n')
})
