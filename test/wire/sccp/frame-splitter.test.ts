import t from 'tap'
import { FrameSplitter } from '../../../src/wire/sccp/frame-splitter.ts'
import { bytes } from '../../support/vector.ts'

const KEEP_ALIVE = '04000000 00000000 00000000'
const IP_PORT = '08000000 00000000 02000000 89130000'

t.test('frames are found however the stream is cut', async (t) => {
  const stream = bytes(`${KEEP_ALIVE} ${IP_PORT} ${KEEP_ALIVE}`)
  for (let size = 1; size <= stream.length; size++) {
    const splitter = new FrameSplitter()
    const lengths: number[] = []
    for (let at = 0; at < stream.length; at += size) {
      splitter.push(stream.subarray(at, at + size), (frame) => lengths.push(frame.length))
    }
    t.same(lengths, [12, 16, 12], `${size} octets at once`)
    t.equal(splitter.heldBytes, 0)
  }
})

t.test('an unfinished frame is kept, though the memory it came in is used again', async (t) => {
  const splitter = new FrameSplitter()
  const segment = Uint8Array.from(bytes(IP_PORT).subarray(0, 14))
  splitter.push(segment, () => t.fail('not whole'))
  t.equal(splitter.heldBytes, 14)
  segment.fill(0xff)
  const frames: string[] = []
  splitter.push(bytes('0000'), (frame) => frames.push(Buffer.from(frame).toString('hex')))
  t.same(frames, [IP_PORT.replaceAll(' ', '')])
})

t.test('a length below 4 or above 4000 ends the stream before more is kept', async (t) => {
  for (const length of ['03000000', '00000000', 'a10f0000', 'ffffffff']) {
    const push = () => new FrameSplitter().push(bytes(length), () => {})
    t.throws(push, { name: 'WireError', code: 'BAD_LENGTH' }, length)
  }
  const most = new FrameSplitter()
  most.push(bytes('a00f0000 00000000 00000000 00*3996'), (frame) => t.equal(frame.length, 4008))
  const second = () => most.push(bytes(`${KEEP_ALIVE} 00000000 00*8`), () => {})
  t.throws(second, { name: 'WireError', code: 'BAD_LENGTH' })
})
