import t from 'tap'
import { parseAddress, parseAddresses, parseSipUri } from '../../../src/wire/sip/address.ts'
import { cutAt, parametersOf } from '../../../src/wire/sip/field-list.ts'
import { parseSeconds, parseSequence } from '../../../src/wire/sip/sequence.ts'
import { parseVia } from '../../../src/wire/sip/via.ts'

t.test('RFC 3261 section 20.42: the topmost Via says where a response goes', async (t) => {
  const cases = [
    { value: 'SIP/2.0/UDP 192.0.2.50:5062;branch=z9', host: '192.0.2.50', port: 5062 },
    { value: 'SIP/2.0/UDP 192.0.2.50;rport', host: '192.0.2.50', port: 5060 },
    { value: 'SIP / 2.0 / udp a.example : 5070 ;x, SIP/2.0/UDP b', host: 'a.example', port: 5070 },
    { value: 'SIP/2.0/TCP [2001:db8::1]:5061', host: '[2001:db8::1]', port: 5061 },
  ]
  for (const { value, host, port } of cases) t.match(parseVia(value), { host, port }, value)
  t.equal(parseVia('SIP/2.0/udp a')?.transport, 'UDP')
  t.same(
    [...(parseVia('SIP/2.0/UDP a;Branch=z9;rport')?.parameters ?? [])],
    [
      ['branch', 'z9'],
      ['rport', ''],
    ],
  )
})

t.test('what is not a Via is none', async (t) => {
  for (const value of [
    '',
    'SIP/2.0/UDP',
    'SIP/1.0/UDP a',
    'HTTP/1.1 a',
    'SIP/2.0/UDP a:0',
    'SIP/2.0/UDP a:65536',
    'SIP/2.0/UDP a:b',
  ]) {
    t.equal(parseVia(value), undefined, value)
  }
})

t.test('RFC 3261 section 20.10: an address with a name, in brackets, or plain', async (t) => {
  const cases = [
    { value: '<sip:a@b>;tag=1', uri: 'sip:a@b' },
    { value: 'Bob <sip:a@b;x=y>;tag=1', uri: 'sip:a@b;x=y' },
    { value: '"a, <sip:x@y>; \\" b" <sip:a@b>;tag=1', uri: 'sip:a@b' },
    { value: 'sip:a@b;tag=1', uri: 'sip:a@b' },
  ]
  for (const { value, uri } of cases) {
    const address = parseAddress(value)
    t.equal(address?.uri, uri, value)
    t.equal(address?.parameters.get('tag'), '1', value)
  }
  for (const value of ['', 'a', '<>', '<sip:a', '<sip:a> b', '*', 'sip:a b']) {
    t.equal(parseAddress(value), undefined, value)
  }
})

t.test('several addresses are read when each is one', async (t) => {
  t.same(
    parseAddresses('<sip:a,b@c>, "x,y" <sip:d>')?.map(({ uri }) => uri),
    ['sip:a,b@c', 'sip:d'],
  )
  t.equal(parseAddresses('<sip:a>, *'), undefined)
})

t.test('RFC 3261 section 19.1: user, host and port of a URI', async (t) => {
  const cases = [
    { uri: 'sip:1001@192.0.2.50:5062;user=phone', user: '1001', host: '192.0.2.50', port: 5062 },
    { uri: 'SIP:a:secret@B.Example', user: 'a', host: 'b.example', port: null },
    { uri: 'sip:192.0.2.2', user: '', host: '192.0.2.2', port: null },
    { uri: 'sip:192.0.2.2:5060?x=y', user: '', host: '192.0.2.2', port: 5060 },
    { uri: 'sip:a@[2001:db8::1]:5061', user: 'a', host: '[2001:db8::1]', port: 5061 },
  ]
  for (const { uri, ...parts } of cases) t.same(parseSipUri(uri), parts, uri)
  for (const uri of ['sips:a@b', 'tel:1', 'sip:', 'sip:a@b@c', 'sip:a@b:0', 'sip:a@b:70000']) {
    t.equal(parseSipUri(uri), undefined, uri)
  }
})

t.test('a separator within quotes or brackets separates nothing', async (t) => {
  t.same(cutAt('a;"b;\\";c";<d;e>;f', ';'), ['a', '"b;\\";c"', '<d;e>', 'f'])
  t.same(cutAt('', ','), [''])
})

t.test(
  'of a parameter that comes twice the first counts, and quotes are no part of it',
  async (t) => {
    t.same(
      [...parametersOf(['A=1', 'a=2', 'b = "x\\"y"', 'c', '', '=d'])],
      [
        ['a', '1'],
        ['b', 'x"y'],
        ['c', ''],
      ],
    )
  },
)

t.test('RFC 3261 section 8.1.1.5: a CSeq has 31 bits and a method', async (t) => {
  t.same(parseSequence('0009  INVITE'), { number: 9, method: 'INVITE' })
  t.same(parseSequence('2147483647 A'), { number: 2147483647, method: 'A' })
  for (const value of ['2147483648 A', '1', 'A', '-1 A']) t.equal(parseSequence(value), undefined)
})

t.test('RFC 3261 section 20.19: seconds are a number of 32 bits', async (t) => {
  t.equal(parseSeconds('3600'), 3600)
  t.equal(parseSeconds('9999999999'), 2 ** 32 - 1)
  for (const value of ['', '-1', '1.5', 'soon', '99999999999'])
    t.equal(parseSeconds(value), undefined)
})
