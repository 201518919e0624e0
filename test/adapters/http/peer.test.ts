import t from 'tap'
import { peerOf } from '../../../src/adapters/http/peer.ts'

t.test('a client is its IPv4 address, or the first half of its IPv6 address', async (t) => {
  const cases: readonly [string | undefined, string][] = [
    ['10.20.0.50', '10.20.0.50'],
    ['::ffff:10.20.0.50', '10.20.0.50'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    [undefined, 'unknown'],
  ]
  for (const [address, peer] of cases) t.equal(peerOf(address), peer, `${address}`)
})
