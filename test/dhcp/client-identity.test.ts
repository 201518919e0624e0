import t from 'tap'
import { identifyClient } from '../../src/dhcp/client-identity.ts'
import { aDiscover, PHONE_MAC } from '../support/a-dhcp-message.ts'

t.test(
  'RFC 2131 section 4.2: by hardware type and address where option 61 is absent',
  async (t) => {
    t.same(identifyClient(aDiscover()), { key: 'hw:01000E84C060A6', mac: PHONE_MAC })
    t.same(identifyClient(aDiscover({ header: { htype: 6 } })), {
      key: 'hw:06000E84C060A6',
      mac: null,
    })
  },
)

t.test('RFC 2131 section 4.2: by option 61 where it was sent, however odd it is', async (t) => {
  const cases = [
    { why: 'type 1 and the hardware address', octets: 7 },
    { why: 'one octet', octets: 1 },
    { why: '255 octets', octets: 255 },
  ]
  for (const { why, octets } of cases) {
    const clientId = new Uint8Array(octets).fill(0xab)
    const identity = identifyClient(aDiscover({ clientId }))
    t.equal(identity?.key, `id:${'AB'.repeat(octets)}`, why)
    t.equal(identity?.mac, PHONE_MAC, 'the hardware address is still known')
  }
})

t.test('RFC 4390 section 2.1: option 61 will do where there is no hardware address', async (t) => {
  const header = { htype: 32, hlen: 0, chaddr: new Uint8Array(16) }
  t.same(identifyClient(aDiscover({ clientId: Uint8Array.of(255, 1), header })), {
    key: 'id:FF01',
    mac: null,
  })
})

t.test('lengths of the hardware address that are not Ethernet make no MAC address', async (t) => {
  for (const hlen of [1, 7, 16]) {
    const identity = identifyClient(aDiscover({ header: { hlen } }))
    t.equal(identity?.mac ?? null, null, `hlen ${hlen}`)
  }
})

t.test('a message without an identity has no client', async (t) => {
  const zero = new Uint8Array(16)
  const cases = [
    { why: 'all-zero hardware address', parts: { header: { chaddr: zero } } },
    { why: 'hlen 0', parts: { header: { hlen: 0 } } },
    { why: 'hlen 17', parts: { header: { hlen: 17 } } },
    { why: 'hlen 255', parts: { header: { hlen: 255 } } },
    { why: 'option 61 above 255 octets', parts: { clientId: new Uint8Array(256).fill(1) } },
    {
      why: 'empty option 61 and no hardware address',
      parts: { clientId: new Uint8Array(0), header: { chaddr: zero } },
    },
  ]
  for (const { why, parts } of cases) t.equal(identifyClient(aDiscover(parts)), undefined, why)
})

t.test('an empty option 61 identifies no client, so the hardware address does', async (t) => {
  const identity = identifyClient(aDiscover({ clientId: new Uint8Array(0) }))
  t.equal(identity?.key, 'hw:01000E84C060A6')
})
