import t from 'tap'
import { meetLargeNumbers } from '../../src/dhcp/large-numbers.ts'
import { formatIpv4 } from '../../src/net/ipv4.ts'
import { decodeMessage } from '../../src/wire/dhcp/decode-message.ts'

t.test('a made-up client is served whole, by numbers of 2^31 and above', async (t) => {
  const effects = meetLargeNumbers()
  const replies = effects
    .flatMap((effect) => (effect.kind === 'send' ? [decodeMessage(effect.bytes)] : []))
    .filter(({ op }) => op === 2)
  const types = replies.map(({ options }) => options.get(53)?.[0])
  t.same(types, [2, 5, 5], 'OFFER, ACK, ACK of a renewal')
  for (const { xid, yiaddr, options } of replies) {
    t.equal(xid, 0xffff_ffff)
    t.equal(formatIpv4(yiaddr), '223.255.255.10')
    t.same([...(options.get(51) ?? [])], [255, 255, 255, 255])
  }
  t.match(replies[0], { giaddr: 0xdf_ff_ff_fd })
})
