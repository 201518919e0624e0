import { endianness } from 'node:os'
import t from 'tap'
import {
  NeighbourAnswer,
  NeighbourQuestion,
} from '../../../../src/adapters/udp/native/neighbour-message.ts'
import { ipOf } from '../../../support/an-inventory.ts'

const IS_LITTLE = endianness() === 'LE'

/** An answer of the kernel about 10.20.0.50, from its fields (linux/netlink.h, linux/neighbour.h). */
function anAnswer(state: number, attributes: readonly (readonly [number, readonly number[]])[]) {
  const parts = attributes.flatMap(([type, value]) => {
    const part = new Uint8Array((value.length + 7) & ~3)
    new DataView(part.buffer).setUint16(0, value.length + 4, IS_LITTLE)
    new DataView(part.buffer).setUint16(2, type, IS_LITTLE)
    part.set(value, 4)
    return [...part]
  })
  const bytes = Uint8Array.from([...new Array(28).fill(0), ...parts])
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, IS_LITTLE)
  view.setUint16(4, 28, IS_LITTLE)
  view.setUint32(8, 7, IS_LITTLE)
  view.setUint16(24, state, IS_LITTLE)
  return bytes
}

function anError(errno: number) {
  const bytes = new Uint8Array(36)
  const view = new DataView(bytes.buffer)
  view.setUint16(4, 2, IS_LITTLE)
  view.setUint32(8, 7, IS_LITTLE)
  view.setInt32(16, -errno, IS_LITTLE)
  return bytes
}

/** As the socket reads it: after longer answers, whose octets are still there after it. */
function readNeighbour(bytes: Uint8Array, number: number) {
  const answer = new NeighbourAnswer()
  answer.bytes.fill(0xff)
  answer.bytes.set(bytes)
  return answer.read(bytes.length, number)
}

const DST = [1, [10, 20, 0, 50]] as const
const HARDWARE = [2, [0, 0x0e, 0x84, 0xc0, 0x60, 0xa6]] as const

t.test('a question names the interface and the address', async (t) => {
  const bytes = new NeighbourQuestion().about(3, ipOf('10.20.0.50'), 9)
  const view = new DataView(bytes.buffer)
  t.equal(view.getUint32(0, IS_LITTLE), 36)
  t.equal(view.getUint16(4, IS_LITTLE), 30, 'RTM_GETNEIGH')
  t.equal(view.getUint16(6, IS_LITTLE), 1, 'a request about one entry, not for all')
  t.equal(view.getUint32(8, IS_LITTLE), 9)
  t.equal(bytes[16], 2, 'AF_INET')
  t.equal(view.getInt32(20, IS_LITTLE), 3)
  t.same([...bytes.subarray(32)], [10, 20, 0, 50])
})

t.test('an answer is read by the state of the entry', async (t) => {
  const found = { kind: 'found', mac: '000E84C060A6' }
  for (const [why, state, wanted] of [
    ['reachable', 0x02, found],
    ['stale: the last device that was seen there', 0x04, found],
    ['delay', 0x08, found],
    ['probe', 0x10, found],
    ['permanent', 0x80, found],
    ['incomplete', 0x01, { kind: 'incomplete' }],
    ['failed', 0x20, { kind: 'absent' }],
    ['none', 0x00, { kind: 'absent' }],
    ['without ARP', 0x40, { kind: 'no-arp' }],
  ] as const) {
    t.same(readNeighbour(anAnswer(state, [DST, HARDWARE]), 7), wanted, why)
  }
  t.same(readNeighbour(anAnswer(0x02, [DST]), 7), { kind: 'absent' }, 'no hardware address in it')
  t.same(readNeighbour(anAnswer(0x02, [[2, [1, 2, 3]]]), 7), { kind: 'absent' }, 'not Ethernet')
  t.same(readNeighbour(anError(2), 7), { kind: 'absent' }, 'ENOENT')
  t.same(readNeighbour(anError(95), 7), { kind: 'refused', errno: 95 }, 'EOPNOTSUPP')
})

t.test('what is no answer to the question is passed over', async (t) => {
  const answer = anAnswer(0x02, [DST, HARDWARE])
  t.equal(readNeighbour(answer, 8), undefined, 'to another question')
  t.equal(readNeighbour(answer.subarray(0, 19), 7), undefined)
  t.equal(readNeighbour(answer.subarray(0, 24), 7), undefined)
  for (let length = 28; length < answer.length - 2; length++) {
    t.same(readNeighbour(answer.subarray(0, length), 7), { kind: 'absent' }, `${length} octets`)
  }
  const other = Uint8Array.from(answer)
  new DataView(other.buffer).setUint16(4, 29, IS_LITTLE)
  t.equal(readNeighbour(other, 7), undefined)
})
