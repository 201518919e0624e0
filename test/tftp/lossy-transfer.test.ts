import { createHash } from 'node:crypto'
import t from 'tap'
import { LossyDownload } from '../support/lossy-download.ts'
import { LossyNetwork, type NetworkFaults } from '../support/lossy-network.ts'
import { numbered, TftpLab } from '../support/tftp-lab.ts'

const LIMIT_MS = 3_600_000

const SHARES = [0.01, 0.03, 0.1]
const FAULTS: readonly { readonly why: string; readonly faults: NetworkFaults }[] = SHARES.flatMap(
  (share) => [
    { why: `${share * 100} % lost`, faults: { loss: share, duplication: 0, reordering: 0 } },
    { why: `${share * 100} % twice`, faults: { loss: 0, duplication: share, reordering: 0 } },
    { why: `${share * 100} % late`, faults: { loss: 0, duplication: 0, reordering: share } },
    {
      why: `${share * 100} % of each`,
      faults: { loss: share, duplication: share, reordering: share },
    },
  ],
)
const REQUESTS = [
  { options: {}, sizeBytes: 130_228 },
  { options: { blksize: '1428', windowsize: '8', tsize: '0' }, sizeBytes: 756_524 },
  { options: { blksize: '512', windowsize: '4' }, sizeBytes: 512 * 200 },
]

t.test('files arrive whole through loss, duplication and reordering', async (t) => {
  for (const { why, faults } of FAULTS) {
    for (const { options, sizeBytes } of REQUESTS) {
      const name = `${why}, ${JSON.stringify(options)}`
      const { got, lab, network } = download(numbered(sizeBytes), options, faults)
      t.equal(sha256(got), sha256(numbered(sizeBytes)), name)
      t.ok(
        network.lost + network.duplicated + network.heldBack > 0,
        `${name}: something went wrong`,
      )
      t.equal(lab.server.counters().running, 0, `${name}: nothing is left`)
      t.equal(lab.tids.open.size, 0)
    }
  }
})

t.test(
  'RFC 1123 section 4.2.3.1: delayed duplicates do not make later blocks travel twice',
  async (t) => {
    const faults = { loss: 0, duplication: 0.5, reordering: 0.5 }
    const { blocksSent, lab } = download(numbered(512 * 500), {}, faults)
    const { repeats, drops } = lab.server.counters()
    t.equal(blocksSent, 501 + repeats, 'blocks and timeouts, nothing else')
    t.ok(drops['stale-ack'] > 100, `${drops['stale-ack']} duplicates came in`)
    t.ok(repeats < 10, 'a late ACK is waited for')
  },
)

t.test('without faults each block travels once', async (t) => {
  const none = { loss: 0, duplication: 0, reordering: 0 }
  const { blocksSent, lab } = download(numbered(512 * 500), {}, none)
  t.equal(blocksSent, 501)
  t.match(lab.server.counters(), { repeats: 0, outcomes: { complete: 1 } })
})

function download(
  file: Uint8Array,
  options: Readonly<Record<string, string>>,
  faults: NetworkFaults,
) {
  const network = new LossyNetwork(faults, 0x5eed)
  const lab = new TftpLab({ file })
  const client = new LossyDownload(lab, network, options)
  network.run(LIMIT_MS)
  return { got: client.bytes, blocksSent: client.blocksSent, lab, network }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
