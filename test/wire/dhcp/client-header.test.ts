import t from 'tap'
import { type Ipv4, parseIpv4, UNSPECIFIED } from '../../../src/net/ipv4.ts'
import { clientHeader } from '../../../src/wire/dhcp/client-header.ts'
import { decodeMessage } from '../../../src/wire/dhcp/decode-message.ts'
import { encodeMessage } from '../../../src/wire/dhcp/encode-message.ts'

const HARDWARE = Uint8Array.of(2, 0x53, 0x48, 1, 2, 3)
const RELAY = parseIpv4('192.0.2.1') as Ipv4

const sent = (giaddr: Ipv4) => {
  const header = clientHeader({ xid: 0xfedcba98, hardware: HARDWARE, giaddr })
  return decodeMessage(encodeMessage(header, [[53, Uint8Array.of(1)]]).bytes)
}

t.test('a client without an address asks for replies by broadcast', async (t) => {
  t.match(sent(UNSPECIFIED), {
    op: 1,
    htype: 1,
    hlen: 6,
    hops: 0,
    xid: 0xfedcba98,
    flags: 0x8000,
    ciaddr: 0,
    giaddr: 0,
  })
  t.same([...sent(UNSPECIFIED).chaddr], [...HARDWARE, ...new Uint8Array(10)])
})

t.test('through a relay agent it has made one hop', async (t) => {
  t.match(sent(RELAY), { hops: 1, giaddr: RELAY })
})
