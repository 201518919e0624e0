import { endianness } from 'node:os'
import t from 'tap'
import { ArpRequest } from '../../../../src/adapters/udp/native/arp-request.ts'
import { ipOf } from '../../../support/an-inventory.ts'

const IS_LITTLE = endianness() === 'LE'
const MAC = [0, 0x0e, 0x84, 0xc0, 0x60, 0xa6]

/** As the kernel fills it in (net/ipv4/arp.c). */
function answer(request: ArpRequest, type: number, flags: number): void {
  const view = new DataView(request.bytes.buffer)
  view.setUint16(16, type, IS_LITTLE)
  request.bytes.set(MAC, 18)
  view.setUint32(32, flags, IS_LITTLE)
}

t.test(
  'a question names the interface and the address, and nothing of what was before',
  async (t) => {
    const request = new ArpRequest()
    request.about('enp0s31f6', ipOf('10.20.0.51'))
    answer(request, 1, 0x02)
    const bytes = request.about('eth0', ipOf('10.20.0.50'))
    const view = new DataView(bytes.buffer)
    t.equal(bytes.length, 68)
    t.equal(view.getUint16(0, IS_LITTLE), 2, 'AF_INET')
    t.same([...bytes.subarray(4, 8)], [10, 20, 0, 50])
    t.equal(view.getUint16(16, IS_LITTLE), 0, 'the kernel says the type')
    t.equal(view.getUint32(32, IS_LITTLE), 0, 'no flags')
    t.equal(Buffer.from(bytes.subarray(52)).toString('latin1'), `eth0${'\0'.repeat(12)}`)
    t.equal(request.about('eth0', ipOf('10.20.0.51'))[7], 51, 'the same interface again')
    const long = Buffer.from(request.about('fifteen-letters', ipOf('10.20.0.51')).subarray(52))
    t.equal(long.toString('latin1'), 'fifteen-letters\0', 'as long as a name can be')
  },
)

t.test('an answer counts where the hardware address is complete and of Ethernet', async (t) => {
  const request = new ArpRequest()
  for (const [why, type, flags, mac] of [
    ['complete', 1, 0x02, '000E84C060A6'],
    ['permanent', 1, 0x06, '000E84C060A6'],
    ['incomplete or failed', 1, 0x00, undefined],
    ['InfiniBand', 32, 0x02, undefined],
  ] as const) {
    request.about('eth0', ipOf('10.20.0.50'))
    answer(request, type, flags)
    t.equal(request.read(), mac, why)
  }
})
