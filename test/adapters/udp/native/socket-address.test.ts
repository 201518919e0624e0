import { endianness } from 'node:os'
import t from 'tap'
import {
  internetAddress,
  optionNumber,
  optionText,
  packetAddress,
} from '../../../../src/adapters/udp/native/socket-address.ts'
import type { Ipv4 } from '../../../../src/net/ipv4.ts'
import { bytes } from '../../../support/vector.ts'

/** Host order of this machine for 16 and 32 bits. */
const host = (little: string, big: string) => (endianness() === 'LE' ? little : big)

t.test('struct sockaddr_in of packet(7) and ip(7)', async (t) => {
  const expected = bytes(`${host('0200', '0002')} 0043 c0000201 00*8`)
  t.same(internetAddress(0xc0000201 as Ipv4, 67), expected)
})

t.test('struct sockaddr_ll of packet(7)', async (t) => {
  const family = host('1100', '0011')
  const index = host('05000000', '00000005')
  const hardware = bytes('000e84c060a6')
  t.same(packetAddress(5, 0x0806), bytes(`${family} 0806 ${index} 0000 00 00 00*8`))
  t.same(
    packetAddress(5, 0x0800, hardware),
    bytes(`${family} 0800 ${index} 0000 00 06 000e84c060a6 0000`),
  )
})

t.test('socket options: an int, a text with NUL', async (t) => {
  t.same(optionNumber(0x01020304), bytes(host('04030201', '01020304')))
  t.same(optionText('eth0'), bytes('6574683000'))
})
