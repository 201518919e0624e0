import t from 'tap'
import { readFrame } from '../../../src/wire/capture/read-frame.ts'
import { bytes } from '../../support/vector.ts'

const frame = (linkType: number, hex: string) =>
  readFrame({ atNs: 0n, linkType, bytes: bytes(hex) })
const PACKET = '45000000'
const MAC = '000e84c060a6'
const found = { sender: '000E84C060A6', packet: bytes(PACKET) }

t.test('the packet is found after each link layer, with its sender', async (t) => {
  const cases = [
    { why: 'Ethernet', type: 1, hex: `ffffffffffff ${MAC} 0800 ${PACKET}` },
    { why: '802.1Q', type: 1, hex: `ffffffffffff ${MAC} 8100 0078 0800 ${PACKET}` },
    { why: '802.1ad', type: 1, hex: `ffffffffffff ${MAC} 88a8 0001 8100 0078 0800 ${PACKET}` },
    { why: 'Linux cooked', type: 113, hex: `0000 0001 0006 ${MAC} 0000 0800 ${PACKET}` },
    {
      why: 'Linux cooked v2',
      type: 276,
      hex: `0800 0000 00000002 0001 00 06 ${MAC} 0000 ${PACKET}`,
    },
  ]
  for (const { why, type, hex } of cases) t.same(frame(type, hex), found, why)
})

t.test('raw packets and loopback have no sender', async (t) => {
  const nobody = { sender: null, packet: bytes(PACKET) }
  t.same(frame(101, PACKET), nobody)
  t.same(frame(228, PACKET), nobody)
  t.same(frame(0, `02000000 ${PACKET}`), nobody)
  t.same(frame(1, `${'00'.repeat(12)} 0800 ${PACKET}`), nobody)
})

t.test(
  'other protocols, endless tags, other link layers and short frames carry nothing',
  async (t) => {
    const cases = [
      { type: 1, hex: `ffffffffffff ${MAC} 0806 ${PACKET}` },
      { type: 1, hex: `ffffffffffff ${MAC} ${'8100 0001 '.repeat(5)} 0800 ${PACKET}` },
      { type: 276, hex: `86dd 0000 00000002 0001 00 06 ${MAC} 0000 ${PACKET}` },
      { type: 105, hex: PACKET },
      { type: 1, hex: '' },
      { type: 276, hex: '' },
    ]
    for (const { type, hex } of cases) t.equal(frame(type, hex), undefined, hex)
  },
)
