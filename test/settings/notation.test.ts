import t from 'tap'
import type { AddressRange } from '../../src/leases/pool.ts'
import { type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import {
  formatAddressRange,
  formatDuration,
  formatListenAddress,
  formatPortRange,
  formatSize,
  isLoopback,
  type ListenAddress,
  parseAddressRange,
  parseDuration,
  parseListenAddress,
  parsePortRange,
  parseSize,
  rangeContains,
  rangesOverlap,
} from '../../src/settings/notation.ts'

t.test('reads and prints durations with their unit', async (t) => {
  const cases = [
    { text: '1s', seconds: 1, printed: '1s' },
    { text: '90s', seconds: 90, printed: '1m30s' },
    { text: '5m', seconds: 300, printed: '5m' },
    { text: '1h', seconds: 3600, printed: '1h' },
    { text: '1h30m', seconds: 5400, printed: '1h30m' },
    { text: '2d', seconds: 172800, printed: '2d' },
    { text: '1w', seconds: 604800, printed: '7d' },
    { text: '4294967294s', seconds: 4294967294, printed: '49710d6h28m14s' },
    { text: 'infinite', seconds: Number.POSITIVE_INFINITY, printed: 'infinite' },
  ]
  for (const { text, seconds, printed } of cases) {
    t.same(parseDuration(text), { seconds }, text)
    t.equal(formatDuration({ seconds }), printed, text)
  }
})

t.test('refuses what is no duration', async (t) => {
  const wrong = [
    { why: 'empty', text: '' },
    { why: 'no unit: seconds or minutes?', text: '300' },
    { why: 'nothing lasts no time', text: '0s' },
    { why: 'RFC 2131 section 3.3: all ones mean infinity', text: '4294967295s' },
    { why: 'fractions', text: '1.5h' },
    { why: 'negative', text: '-5m' },
    { why: 'unknown unit', text: '5x' },
    { why: 'blank inside', text: '5 m' },
    { why: 'another spelling of infinite', text: 'forever' },
    { why: 'more digits than seconds can have', text: '99999999999s' },
  ]
  for (const { why, text } of wrong) t.equal(parseDuration(text), undefined, why)
})

t.test('a size is read with its unit, and printed as it was written', async (t) => {
  const cases = [
    { text: '1KiB', bytes: 1024 },
    { text: '1000KiB', bytes: 1_024_000 },
    { text: '64MiB', bytes: 67_108_864 },
    { text: '256MiB', bytes: 268_435_456 },
    { text: '2GiB', bytes: 2_147_483_648 },
  ]
  for (const { text, bytes } of cases) {
    t.equal(parseSize(text), bytes, text)
    t.equal(formatSize(bytes), text)
  }
  t.equal(parseSize('64 MiB'), 67_108_864)
  t.equal(formatSize(2048 * 1024), '2MiB')
  t.equal(formatSize(1025), '1025 bytes')
})

t.test('what is no size is not guessed at', async (t) => {
  for (const text of [
    '',
    '64',
    '0MiB',
    '64MB',
    '64M',
    '-1MiB',
    '1.5GiB',
    '64  MiB',
    '9999999KiB',
  ]) {
    t.equal(parseSize(text), undefined, text)
  }
})

const range = (text: string) => parseAddressRange(text) as AddressRange
const ip = (text: string) => parseIpv4(text) as Ipv4

t.test('reads and prints a range, or one address', async (t) => {
  const cases = [
    { text: '10.20.0.50-10.20.0.99', printed: '10.20.0.50-10.20.0.99' },
    { text: '10.20.0.50 - 10.20.0.99', printed: '10.20.0.50-10.20.0.99' },
    { text: '10.20.0.50', printed: '10.20.0.50-10.20.0.50' },
    { text: '0.0.0.0-255.255.255.255', printed: '0.0.0.0-255.255.255.255' },
  ]
  for (const { text, printed } of cases) t.equal(formatAddressRange(range(text)), printed, text)
})

t.test('refuses what is no range', async (t) => {
  const wrong = [
    '',
    '10.20.0.99-10.20.0.50',
    '10.20.0.50-',
    '-10.20.0.50',
    '10.20.0.50-99',
    '1-2-3',
  ]
  for (const text of wrong) t.equal(parseAddressRange(text), undefined, text)
})

t.test('both ends of a range belong to it', async (t) => {
  const pool = range('10.20.0.50-10.20.0.99')
  t.equal(rangeContains(pool, ip('10.20.0.50')), true)
  t.equal(rangeContains(pool, ip('10.20.0.99')), true)
  t.equal(rangeContains(pool, ip('10.20.0.49')), false)
  t.equal(rangeContains(pool, ip('10.20.0.100')), false)
})

t.test('ranges that share one address overlap', async (t) => {
  const pool = range('10.20.0.50-10.20.0.99')
  const cases = [
    { other: '10.20.0.99-10.20.0.120', overlap: true },
    { other: '10.20.0.10-10.20.0.50', overlap: true },
    { other: '10.20.0.60-10.20.0.70', overlap: true },
    { other: '10.20.0.100-10.20.0.120', overlap: false },
    { other: '10.20.0.10-10.20.0.49', overlap: false },
  ]
  for (const { other, overlap } of cases) t.equal(rangesOverlap(pool, range(other)), overlap, other)
})

t.test('reads and prints a range of ports', async (t) => {
  t.same(parsePortRange('40000-40999'), { first: 40000, last: 40999 })
  t.same(parsePortRange('1024-65535'), { first: 1024, last: 65535 })
  t.same(parsePortRange('5000-5000'), { first: 5000, last: 5000 })
  t.equal(formatPortRange({ first: 40000, last: 40999 }), '40000-40999')
})

t.test('refuses what is no range of ports', async (t) => {
  const wrong = [
    { why: 'empty', text: '' },
    { why: 'one port', text: '40000' },
    { why: 'backwards', text: '40999-40000' },
    { why: 'ports of other services', text: '1000-2000' },
    { why: 'above the last port', text: '65000-65536' },
    { why: 'not a number', text: 'abcd-efgh' },
  ]
  for (const { why, text } of wrong) t.equal(parsePortRange(text), undefined, why)
})

t.test('reads host and port, prints them again, knows loopback', async (t) => {
  const cases = [
    { text: '127.0.0.1:8067', host: '127.0.0.1', port: 8067, loopback: true },
    { text: '127.1.2.3:0', host: '127.1.2.3', port: 0, loopback: true },
    { text: 'localhost:80', host: 'localhost', port: 80, loopback: true },
    { text: '[::1]:8067', host: '::1', port: 8067, loopback: true },
    { text: '0.0.0.0:65535', host: '0.0.0.0', port: 65535, loopback: false },
    { text: '[::]:8067', host: '::', port: 8067, loopback: false },
    { text: '10.20.0.2:8067', host: '10.20.0.2', port: 8067, loopback: false },
    { text: '127.example.net:1', host: '127.example.net', port: 1, loopback: false },
  ]
  for (const { text, host, port, loopback } of cases) {
    const listen = parseListenAddress(text) as ListenAddress
    t.same(listen, { host, port }, text)
    t.equal(formatListenAddress(listen), text)
    t.equal(isLoopback(listen), loopback, text)
  }
})

t.test('refuses addresses that cannot be listened on', async (t) => {
  const wrong = ['', '8067', ':8067', '127.0.0.1', '127.0.0.1:65536', '::1:8067', 'a b:1', '[x]:1']
  for (const text of wrong) t.equal(parseListenAddress(text), undefined, text)
})
