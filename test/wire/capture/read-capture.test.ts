import t from 'tap'
import { isCapture, readCapture } from '../../../src/wire/capture/read-capture.ts'
import { bytes, readVectors } from '../../support/vector.ts'

t.test('either kind of capture is told by its content', async (t) => {
  for (const folder of ['pcap', 'pcapng']) {
    for (const { name, bytes: octets } of readVectors(folder)) {
      t.ok(isCapture(octets), name)
      t.equal(readCapture(octets).packets.length, 2, name)
    }
  }
  t.notOk(isCapture(bytes('')))
  t.throws(() => readCapture(bytes('4e6f7620')), { code: 'BAD_MAGIC' })
})
