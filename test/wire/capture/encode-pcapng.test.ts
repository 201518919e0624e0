import t from 'tap'
import { encodeCaptureHead, encodePacket } from '../../../src/wire/capture/encode-pcapng.ts'
import { readPcapng } from '../../../src/wire/capture/read-pcapng.ts'
import { bytes } from '../../support/vector.ts'

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')
const written = (text: string) => hex(bytes(text))

t.test(
  'draft-ietf-opsawg-pcapng sections 4.1 and 4.2: a section, and its interfaces',
  async (t) => {
    const head = encodeCaptureHead([{ name: 'eth0', linkType: 1, resolution: 'ns' }])
    t.equal(
      hex(head),
      written(
        '0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000 ' +
          '01000000 28000000 0100 0000 00000000 0200 0400 65746830 0900 0100 09000000 00000000 28000000',
      ),
    )
  },
)

t.test(
  'draft-ietf-opsawg-pcapng section 4.3: a packet with its time, padded, and a comment',
  async (t) => {
    const packet = {
      interfaceIndex: 1,
      resolution: 'us',
      atNs: 0x1_0000_0002_000n,
      comment: null,
    } as const
    const octets = bytes('616263')
    t.equal(
      hex(encodePacket({ ...packet, atNs: (2n ** 32n + 2n) * 1000n + 999n, bytes: octets })),
      written('06000000 24000000 01000000 01000000 02000000 03000000 03000000 61626300 24000000'),
    )
    t.equal(
      hex(encodePacket({ ...packet, resolution: 'ns', atNs: 5n, bytes: octets, comment: 'wög' })),
      written(
        '06000000 30000000 01000000 00000000 05000000 03000000 03000000 61626300 ' +
          '0100 0400 77c3b667 00000000 30000000',
      ),
    )
  },
)

t.test(
  'draft-ietf-opsawg-pcapng sections 3.5 and 4.3: a comment of the section, a packet that was cut',
  async (t) => {
    const head = encodeCaptureHead([], 'why')
    t.equal(
      hex(head),
      written(
        '0a0d0d0a 28000000 4d3c2b1a 0100 0000 ffffffffffffffff 0100 0300 77687900 00000000 28000000',
      ),
    )
    const packet = { interfaceIndex: 0, resolution: 'ns', atNs: 5n, comment: null } as const
    t.equal(
      hex(encodePacket({ ...packet, bytes: bytes('6162'), originalBytes: 516 })),
      written('06000000 24000000 00000000 00000000 05000000 02000000 04020000 61620000 24000000'),
    )
  },
)

t.test('what was written reads back; a comment longer than an option is cut', async (t) => {
  const head = encodeCaptureHead([{ name: 'lo', linkType: 1, resolution: 'us' }])
  const atNs = 1_764_000_000_123_456_000n
  const comment = 'x'.repeat(70_000)
  const packet = encodePacket({
    interfaceIndex: 0,
    resolution: 'us',
    atNs,
    bytes: bytes('61'),
    comment,
  })
  const { packets, isCut } = readPcapng(Buffer.concat([head, packet]))
  t.equal(isCut, false)
  t.match(packets, [{ atNs, linkType: 1, bytes: bytes('61') }])
})
