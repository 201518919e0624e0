import t from 'tap'
import { tftpPackets } from '../../../src/services/capture/tftp-packets.ts'
import type { RecordedEvent } from '../../../src/services/events/journal.ts'
import { readUdp } from '../../../src/wire/capture/read-udp.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { MAC } from '../../support/conversion-builders.ts'

const PHONE = ipOf('10.20.0.60')
const SERVER = { address: ipOf('10.20.0.2'), port: 69 }
const CLIENT = { client: '10.20.0.60', clientTid: 50_000 }
const STARTED = {
  ...CLIENT,
  name: 'P0S3-8-12-00.loads',
  requestedName: 'P0S3-8-12-00.loads',
  mode: 'octet',
  sizeBytes: 1_100,
  blockSize: 512,
  windowSize: 1,
}

type Reported = readonly [name: string, fields: object]

function events(reported: readonly Reported[]): RecordedEvent[] {
  return reported.map(([event, fields], index) => ({
    id: index + 1,
    atMs: index,
    event,
    mac: MAC,
    network: 'bench',
    fields: { ...fields },
  }))
}

/** Each packet as `>` from the phone or `<` to it, its opcode and what follows, and what was cut off. */
function packets(...reported: readonly Reported[]): readonly string[] {
  return tftpPackets(events(reported), () => SERVER).map(({ bytes, originalBytes, comment }) => {
    const result = readUdp(bytes)
    if (result.kind !== 'datagram') throw new Error(result.kind)
    const { source, sourcePort, destinationPort, payload } = result.datagram
    const isPhone = source === PHONE
    t.same(isPhone ? [sourcePort, destinationPort] : [destinationPort, sourcePort], [50_000, 69])
    t.match(comment, /^rebuilt from tftp\./)
    const cut = originalBytes === bytes.length ? '' : ` +${originalBytes - bytes.length}`
    return `${isPhone ? '>' : '<'} ${JSON.stringify(Buffer.from(payload).toString('latin1'))}${cut}`
  })
}

const RRQ = '> "\\u0000\\u0001P0S3-8-12-00.loads\\u0000octet\\u0000"'

t.test(
  'RFC 1350: a transfer is its request, its first block, its last, and the last ACK',
  async (t) => {
    t.same(
      packets(
        ['tftp.transfer.started', STARTED],
        ['tftp.transfer.ended', { ...STARTED, outcome: 'complete', bytes: 1_100 }],
      ),
      [
        RRQ,
        '< "\\u0000\\u0003\\u0000\\u0001" +512',
        '< "\\u0000\\u0003\\u0000\\u0003" +76',
        '> "\\u0000\\u0004\\u0000\\u0003"',
      ],
    )
  },
)

t.test('a file of one block has one', async (t) => {
  const fields = { ...STARTED, sizeBytes: 100 }
  t.same(
    packets(
      ['tftp.transfer.started', fields],
      ['tftp.transfer.ended', { ...fields, outcome: 'complete', bytes: 100 }],
    ),
    [RRQ, '< "\\u0000\\u0003\\u0000\\u0001" +100', '> "\\u0000\\u0004\\u0000\\u0001"'],
  )
})

t.test('RFC 1350 section 5: a file of whole blocks ends with an empty one', async (t) => {
  const fields = { ...STARTED, sizeBytes: 512 }
  const reported = packets(
    ['tftp.transfer.started', fields],
    ['tftp.transfer.ended', { ...fields, outcome: 'complete', bytes: 512 }],
  )
  t.same(reported.slice(2), [
    '< "\\u0000\\u0003\\u0000\\u0002"',
    '> "\\u0000\\u0004\\u0000\\u0002"',
  ])
})

t.test('RFC 2347: options that were agreed on are in the request and in an OACK', async (t) => {
  const fields = { ...STARTED, blockSize: 1_468, windowSize: 8 }
  const options = 'blksize\\u00001468\\u0000windowsize\\u00008\\u0000'
  t.same(
    packets(
      ['tftp.transfer.started', fields],
      ['tftp.transfer.ended', { ...fields, outcome: 'complete', bytes: 1_100 }],
    ),
    [
      RRQ.replace(/"$/, `${options}"`),
      `< "\\u0000\\u0006${options}"`,
      '< "\\u0000\\u0003\\u0000\\u0001" +1100',
      '> "\\u0000\\u0004\\u0000\\u0001"',
    ],
  )
})

t.test('a transfer that broke off shows the block that was never acknowledged', async (t) => {
  const ended = { ...STARTED, outcome: 'timed-out', bytes: 512, clientError: null }
  const reported = packets(['tftp.transfer.started', STARTED], ['tftp.transfer.ended', ended])
  t.same(reported.slice(2), ['< "\\u0000\\u0003\\u0000\\u0002" +512'])
  const unheard = { ...ended, outcome: 'never-acknowledged', bytes: 0 }
  const none = packets(['tftp.transfer.started', STARTED], ['tftp.transfer.ended', unheard])
  t.same(none.slice(2), [], 'the first one is there already')
  const clientError = { code: 3, message: 'flash full' }
  const refused = packets(
    ['tftp.transfer.started', STARTED],
    ['tftp.transfer.ended', { ...unheard, outcome: 'client-error', clientError }],
  )
  t.same(refused.slice(2), ['> "\\u0000\\u0005\\u0000\\u0003flash full\\u0000"'])
})

t.test('a name that is not there: the request and ERROR 1', async (t) => {
  t.same(packets(['tftp.request.absent', { ...CLIENT, requestedName: 'CTLSEP.tlv' }]), [
    '> "\\u0000\\u0001CTLSEP.tlv\\u0000octet\\u0000"',
    '< "\\u0000\\u0005\\u0000\\u0001File not found\\u0000"',
  ])
})

t.test('what is no TFTP, has no client or lost its beginning adds nothing', async (t) => {
  t.same(
    packets(
      ['conversion.started', {}],
      ['tftp.request.refused', CLIENT],
      ['tftp.transfer.started', { client: 'somewhere' }],
      ['tftp.transfer.ended', { ...STARTED, outcome: 'complete' }],
    ),
    [],
  )
})

t.test('fields that make no sense become some packet and never a huge one', async (t) => {
  const odd = {
    ...CLIENT,
    blockSize: 1e9,
    sizeBytes: 'many',
    requestedName: 'a\0b',
    windowSize: -1,
  }
  const reported = packets(
    ['tftp.transfer.started', odd],
    [
      'tftp.transfer.ended',
      { ...CLIENT, outcome: 'client-error', bytes: 1e15, clientError: { code: 'x' } },
    ],
  )
  t.match(reported[0], 'ab')
  t.equal(reported.length, 4)
})

t.test(
  'a transfer in netascii, and one without its terms, are shown as they were asked',
  async (t) => {
    const [read] = packets(['tftp.transfer.started', { ...STARTED, mode: 'netascii' }])
    t.match(read, /netascii/)
    const { blockSize: _block, windowSize: _window, ...bare } = STARTED
    const [plain] = packets(['tftp.transfer.started', bare])
    t.match(plain, /octet/)
    t.notMatch(plain, /blksize|windowsize/, 'RFC 1350 section 2: 512 bytes')
  },
)
