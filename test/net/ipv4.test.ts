import t from 'tap'
import {
  formatIpv4,
  type Ipv4,
  ipv4FromBytes,
  ipv4Plus,
  ipv4ToBytes,
  LIMITED_BROADCAST,
  parseIpv4,
  UNSPECIFIED,
  writeIpv4,
} from '../../src/net/ipv4.ts'

t.test('reads and prints dotted quads', async (t) => {
  const cases = [
    { text: '0.0.0.0', value: UNSPECIFIED },
    { text: '10.20.0.2', value: 0x0a140002 },
    { text: '192.0.2.255', value: 0xc00002ff },
    { text: '255.255.255.255', value: LIMITED_BROADCAST },
  ]
  for (const { text, value } of cases) {
    t.equal(parseIpv4(text), value, text)
    t.equal(formatIpv4(value as Ipv4), text)
  }
})

t.test('refuses what is no dotted quad', async (t) => {
  const wrong = [
    '',
    '10.20.0',
    '10.20.0.256',
    '10.20.0.02',
    '10.20.0.2/24',
    '0x0a.0.0.1',
    ' 10.0.0.1',
  ]
  for (const text of wrong) t.equal(parseIpv4(text), undefined, text)
})

t.test('octets are in network order and unsigned', async (t) => {
  const octets = new Uint8Array([9, 200, 1, 2, 3, 9])
  t.equal(formatIpv4(ipv4FromBytes(octets, 1)), '200.1.2.3')
  const out = new Uint8Array(6)
  writeIpv4(ipv4FromBytes(octets, 1), out, 1)
  t.same(out, new Uint8Array([0, 200, 1, 2, 3, 0]))
  t.same(ipv4ToBytes(ipv4FromBytes(octets, 1)), new Uint8Array([200, 1, 2, 3]))
})

t.test('counting on crosses an octet and stays unsigned', async (t) => {
  t.equal(formatIpv4(ipv4Plus(parseIpv4('10.20.0.255') as Ipv4, 1)), '10.20.1.0')
  t.equal(formatIpv4(ipv4Plus(parseIpv4('200.0.0.1') as Ipv4, 1)), '200.0.0.2')
})
