import t from 'tap'
import type { AddressRange } from '../../src/leases/pool.ts'
import { type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import {
  formatAddressRange,
  parseAddressRange,
  rangeContains,
  rangesOverlap,
} from '../../src/settings/address-range.ts'

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
