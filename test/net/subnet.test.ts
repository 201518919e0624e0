import t from 'tap'
import { formatIpv4, type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import {
  broadcastOf,
  formatSubnet,
  isHostAddress,
  maskOf,
  parseSubnet,
  roleInSubnet,
  type Subnet,
  subnetContains,
  subnetsOverlap,
} from '../../src/net/subnet.ts'

const subnet = (text: string) => parseSubnet(text) as Subnet
const ip = (text: string) => parseIpv4(text) as Ipv4

t.test('reads, prints and measures a prefix', async (t) => {
  const cases = [
    { text: '10.20.0.0/24', mask: '255.255.255.0', broadcast: '10.20.0.255' },
    { text: '10.77.0.0/16', mask: '255.255.0.0', broadcast: '10.77.255.255' },
    { text: '192.0.2.4/30', mask: '255.255.255.252', broadcast: '192.0.2.7' },
    { text: '192.0.2.5/32', mask: '255.255.255.255', broadcast: '192.0.2.5' },
    { text: '0.0.0.0/0', mask: '0.0.0.0', broadcast: '255.255.255.255' },
  ]
  for (const { text, mask, broadcast } of cases) {
    t.equal(formatSubnet(subnet(text)), text)
    t.equal(formatIpv4(maskOf(subnet(text))), mask, text)
    t.equal(formatIpv4(broadcastOf(subnet(text))), broadcast, text)
  }
})

t.test('refuses what is no prefix', async (t) => {
  const wrong = [
    '10.20.0.0',
    '10.20.0.0/33',
    '10.20.0.1/24',
    '10.20.0.0/',
    '10.20.0.0/24/1',
    'x/24',
  ]
  for (const text of wrong) t.equal(parseSubnet(text), undefined, text)
})

t.test('network and broadcast address belong to no host', async (t) => {
  const bench = subnet('10.20.0.0/24')
  t.equal(isHostAddress(bench, ip('10.20.0.1')), true)
  t.equal(isHostAddress(bench, ip('10.20.0.0')), false)
  t.equal(isHostAddress(bench, ip('10.20.0.255')), false)
  t.equal(isHostAddress(bench, ip('10.20.1.1')), false)
})

t.test('what no host can have is named', async (t) => {
  const bench = subnet('10.20.0.0/24')
  t.equal(roleInSubnet(bench, ip('10.20.0.0')), 'the network address')
  t.equal(roleInSubnet(bench, ip('10.20.0.255')), 'the broadcast address')
  t.equal(roleInSubnet(bench, ip('10.20.0.1')), undefined)
  t.equal(roleInSubnet(bench, ip('10.30.0.0')), undefined)
  t.equal(roleInSubnet(subnet('192.0.2.0/31'), ip('192.0.2.1')), undefined)
  t.equal(roleInSubnet(subnet('192.0.2.0/32'), ip('192.0.2.0')), undefined)
})

t.test('RFC 3021: both addresses of a /31 are hosts', async (t) => {
  t.equal(isHostAddress(subnet('192.0.2.0/31'), ip('192.0.2.0')), true)
  t.equal(isHostAddress(subnet('192.0.2.0/31'), ip('192.0.2.1')), true)
})

t.test('tells overlapping prefixes', async (t) => {
  t.equal(subnetsOverlap(subnet('10.0.0.0/8'), subnet('10.20.0.0/24')), true)
  t.equal(subnetsOverlap(subnet('10.20.0.0/24'), subnet('10.0.0.0/8')), true)
  t.equal(subnetsOverlap(subnet('10.20.0.0/24'), subnet('10.20.1.0/24')), false)
  t.equal(subnetContains(subnet('200.0.0.0/8'), ip('200.255.0.1')), true)
})
