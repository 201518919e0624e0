import t from 'tap'
import { formatIpv4 } from '../../../src/net/ipv4.ts'
import { readUdp } from '../../../src/wire/capture/read-udp.ts'
import { bytes } from '../../support/vector.ts'

const header = (parts: { first?: string; total?: string; flags?: string; protocol?: string }) =>
  `${parts.first ?? '45'} 00 ${parts.total ?? '001f'} 0000 ${parts.flags ?? '4000'} 40 ` +
  `${parts.protocol ?? '11'} 0000 0a000001 0a000002`
const UDP = 'c000 0045 000b 0000 616263'
const read = (hex: string) => readUdp(bytes(hex))
const payload = (hex: string) => {
  const result = read(hex)
  return result.kind === 'datagram' ? Buffer.from(result.datagram.payload).toString() : result.kind
}

t.test('addresses, ports and payload of a datagram', async (t) => {
  const result = read(`${header({})} ${UDP}`)
  if (result.kind !== 'datagram') throw new Error('no datagram')
  const { source, destination, sourcePort, destinationPort } = result.datagram
  t.same([formatIpv4(source), formatIpv4(destination)], ['10.0.0.1', '10.0.0.2'])
  t.same([sourcePort, destinationPort], [0xc000, 69])
})

t.test('RFC 768: the length in the header counts, not what a frame is padded with', async (t) => {
  t.equal(payload(`${header({})} ${UDP} 0000000000`), 'abc')
  t.equal(payload(`${header({ total: '0000' })} ${UDP}`), 'abc', 'offloaded to the network card')
  t.equal(payload(`${header({})} c000 0045 00ff 0000 616263`), 'abc', 'longer than the packet')
  t.equal(payload(`${header({ total: '0014' })} ${UDP}`), '', 'a packet that ends with its header')
  t.equal(payload(`${header({ first: '46', total: '0023' })} 01010101 ${UDP}`), 'abc', 'IP options')
})

t.test('RFC 768: what a capture cut off is told by the length in the header', async (t) => {
  const length = (hex: string) => {
    const result = read(hex)
    return result.kind === 'datagram' ? result.datagram.payloadBytes : undefined
  }
  t.equal(length(`${header({})} ${UDP} 0000`), 3, 'padding does not count')
  t.equal(length(`${header({ total: '0220' })} c000 0045 020c 0000 616263`), 516)
  t.equal(length(`${header({})} c000 0045 0007 0000 616263`), 0, 'below the header itself')
})

t.test(
  'RFC 791: a part of a datagram is told, whatever is no UDP over IPv4 is passed over',
  async (t) => {
    t.equal(payload(`${header({ flags: '2000' })} ${UDP}`), 'fragment')
    t.equal(payload(`${header({ flags: '0010' })} ${UDP}`), 'fragment')
    for (const hex of ['', '60', `${header({ protocol: '06' })} ${UDP}`, header({}), `44 ${UDP}`]) {
      t.equal(payload(hex), 'other', hex)
    }
  },
)
