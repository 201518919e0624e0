import t from 'tap'
import { type AddressRange, Pool } from '../../src/leases/pool.ts'
import { formatIpv4, type Ipv4 } from '../../src/net/ipv4.ts'
import { parseSubnet, type Subnet } from '../../src/net/subnet.ts'
import { ip } from '../support/a-dhcp-message.ts'

const SUBNET = parseSubnet('10.20.0.0/24') as Subnet
const range = (first: string, last: string): AddressRange => ({ first: ip(first), last: ip(last) })

function aPool(ranges: readonly AddressRange[], excluded: readonly string[] = []): Pool {
  return new Pool(ranges, SUBNET, new Set(excluded.map(ip)))
}

function drain(pool: Pool): readonly string[] {
  const addresses: string[] = []
  for (;;) {
    const address = pool.next()
    if (address === undefined) return addresses
    addresses.push(formatIpv4(address))
  }
}

t.test(
  'hands out each address once, in ascending order, whatever the order of ranges',
  async (t) => {
    const pool = aPool([range('10.20.0.60', '10.20.0.61'), range('10.20.0.50', '10.20.0.51')])
    t.same(drain(pool), ['10.20.0.50', '10.20.0.51', '10.20.0.60', '10.20.0.61'])
    t.equal(pool.next(), undefined, 'and no more')
  },
)

t.test('ranges that meet, overlap, contain each other or run backwards are one set', async (t) => {
  const cases = [
    { why: 'meet', ranges: [range('10.20.0.5', '10.20.0.6'), range('10.20.0.7', '10.20.0.8')] },
    { why: 'overlap', ranges: [range('10.20.0.5', '10.20.0.7'), range('10.20.0.6', '10.20.0.8')] },
    { why: 'contain', ranges: [range('10.20.0.5', '10.20.0.8'), range('10.20.0.6', '10.20.0.7')] },
    {
      why: 'backwards',
      ranges: [range('10.20.0.5', '10.20.0.8'), range('10.20.0.90', '10.20.0.80')],
    },
  ]
  for (const { why, ranges } of cases) {
    t.equal(aPool(ranges).size, 4, why)
    t.same(drain(aPool(ranges)), ['10.20.0.5', '10.20.0.6', '10.20.0.7', '10.20.0.8'], why)
  }
})

t.test('never hands out our own address, the network or the broadcast address', async (t) => {
  const pool = aPool(
    [range('10.20.0.0', '10.20.0.3'), range('10.20.0.254', '10.20.0.255')],
    ['10.20.0.2'],
  )
  t.same(drain(pool), ['10.20.0.1', '10.20.0.3', '10.20.0.254'])
  for (const address of ['10.20.0.0', '10.20.0.2', '10.20.0.255', '10.20.0.50', '10.21.0.1']) {
    t.notOk(pool.contains(ip(address)), address)
  }
  t.ok(pool.contains(ip('10.20.0.3')))
})

t.test('what lies outside the subnet costs nothing and is not handed out', async (t) => {
  const pool = aPool([range('0.0.0.1', '255.255.255.254')])
  t.equal(pool.size, 256)
  t.equal(drain(pool).length, 254)
  t.equal(aPool([range('10.99.0.1', '10.99.0.9')]).size, 0)
})

t.test('a pool of sixteen million addresses is made and asked at once', async (t) => {
  const subnet = parseSubnet('10.0.0.0/8') as Subnet
  const all = { first: 0x0a000000 as Ipv4, last: 0x0affffff as Ipv4 }
  const pool = new Pool([all], subnet, new Set())
  t.equal(pool.size, 1 << 24)
  t.equal(formatIpv4(pool.next() as Ipv4), '10.0.0.1')
})
