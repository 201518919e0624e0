import t from 'tap'
import type { Peer } from '../../src/tftp/effect.ts'
import type { Terms } from '../../src/tftp/negotiate-options.ts'
import { type AckStep, ReadTransfer, type TransferStep } from '../../src/tftp/read-transfer.ts'
import { DEFAULT_RETRY_POLICY } from '../../src/tftp/retransmission-timer.ts'
import { CLIENT, CLIENT_PORT, numbered } from '../support/tftp-lab.ts'

const PEER: Peer = { client: CLIENT, clientPort: CLIENT_PORT, channel: 7 }
const PLAIN: Terms = { blockSize: 512, windowSize: 1, retryMs: null, accepted: new Map() }
const WITH_OACK: Terms = { ...PLAIN, accepted: new Map([['tsize', '1025']]) }

t.test('RFC 1350 section 2: DATA begins at block 1, and each ACK releases one more', async (t) => {
  const transfer = new ReadTransfer(PEER, numbered(1025), PLAIN, DEFAULT_RETRY_POLICY)
  t.equal(transfer.hasBeenAcknowledged, false)
  t.match(transfer.begin(0), {
    kind: 'send-blocks',
    ...PEER,
    blockSize: 512,
    firstBlock: 1,
    count: 1,
  })
  t.equal(transfer.acknowledgedBytes, 0)
  t.same(blocks(transfer.onAck(1, 1)), [2])
  t.equal(transfer.hasBeenAcknowledged, true)
  t.equal(transfer.acknowledgedBytes, 512)
  t.same(blocks(transfer.onAck(2, 2)), [3])
  t.same(transfer.onAck(3, 3), { kind: 'finish', outcome: 'complete' })
  t.equal(transfer.acknowledgedBytes, 1025)
  t.equal(transfer.repeats, 0)
})

t.test('RFC 1350 sections 5 and 6: a block that is not full ends the file', async (t) => {
  const cases = [
    { why: 'an empty file is one empty block', sizeBytes: 0, count: 1 },
    { why: 'one octet', sizeBytes: 1, count: 1 },
    { why: 'one octet less than a block', sizeBytes: 511, count: 1 },
    { why: 'a full block is followed by an empty one', sizeBytes: 512, count: 2 },
    { why: 'one octet more than a block', sizeBytes: 513, count: 2 },
    { why: 'an exact multiple', sizeBytes: 5120, count: 11 },
  ]
  for (const { why, sizeBytes, count } of cases) {
    const transfer = new ReadTransfer(PEER, numbered(sizeBytes), PLAIN, DEFAULT_RETRY_POLICY)
    let step: AckStep = transfer.begin(0)
    let block = 0
    while (step.kind === 'send-blocks' && block < 100) {
      block++
      step = transfer.onAck(block, block)
    }
    t.equal(block, count, why)
    t.equal(transfer.acknowledgedBytes, sizeBytes, why)
  }
})

t.test('RFC 1123 section 4.2.3.1: a duplicate ACK sends nothing', async (t) => {
  const transfer = new ReadTransfer(PEER, numbered(5000), PLAIN, DEFAULT_RETRY_POLICY)
  transfer.begin(0)
  transfer.onAck(1, 5)
  t.same(transfer.onAck(1, 6), { kind: 'drop', reason: 'stale-ack' })
  t.same(transfer.onAck(0, 6), { kind: 'drop', reason: 'stale-ack' })
  t.same(blocks(transfer.onAck(2, 7)), [3])
})

t.test('an ACK of what was not sent moves nothing', async (t) => {
  const transfer = new ReadTransfer(PEER, numbered(5000), PLAIN, DEFAULT_RETRY_POLICY)
  transfer.begin(0)
  for (const block of [2, 3, 1000]) {
    t.same(transfer.onAck(block, 1), { kind: 'drop', reason: 'future-ack' }, `${block}`)
  }
  t.equal(transfer.hasBeenAcknowledged, false)
  t.same(blocks(transfer.onAck(1, 2)), [2])
})

t.test('the block after 65535 is 0 on the wire, and files go on beyond 32 MB', async (t) => {
  const terms = { ...PLAIN, blockSize: 8 }
  const transfer = new ReadTransfer(PEER, numbered(8 * 65_537 + 1), terms, DEFAULT_RETRY_POLICY)
  transfer.begin(0)
  for (let block = 1; block <= 65_535; block++) transfer.onAck(block, 1)
  t.same(transfer.onAck(65_535, 1), { kind: 'drop', reason: 'stale-ack' })
  t.same(blocks(transfer.onAck(0, 1)), [65_537])
  t.same(transfer.onAck(0, 1), { kind: 'drop', reason: 'stale-ack' })
  t.same(blocks(transfer.onAck(1, 1)), [65_538])
  t.same(transfer.onAck(2, 1), { kind: 'finish', outcome: 'complete' })
  t.equal(transfer.acknowledgedBytes, 8 * 65_537 + 1)
})

t.test(
  'RFC 2347: the OACK goes first, ACK 0 starts DATA 1, a second ACK 0 starts nothing',
  async (t) => {
    const transfer = new ReadTransfer(PEER, numbered(1025), WITH_OACK, DEFAULT_RETRY_POLICY)
    t.same(transfer.begin(0), { kind: 'send-options' })
    t.same(transfer.onAck(1, 1), { kind: 'drop', reason: 'future-ack' })
    t.same(blocks(transfer.onAck(0, 2)), [1])
    t.same(transfer.onAck(0, 3), { kind: 'drop', reason: 'stale-ack' })
    t.same(blocks(transfer.onAck(1, 4)), [2])
  },
)

t.test('RFC 2347: a lost OACK is sent again like DATA', async (t) => {
  const transfer = new ReadTransfer(PEER, numbered(1025), WITH_OACK, DEFAULT_RETRY_POLICY)
  transfer.begin(0)
  t.same(transfer.onWake(999), { kind: 'wait' })
  t.same(transfer.onWake(1000), { kind: 'send-options' })
  t.equal(transfer.repeats, 1)
  t.same(blocks(transfer.onAck(0, 1001)), [1])
})

t.test('before the first ACK a packet goes out three times at most', async (t) => {
  const transfer = new ReadTransfer(PEER, numbered(1025), PLAIN, DEFAULT_RETRY_POLICY)
  transfer.begin(0)
  t.equal(transfer.deadlineMs, 1000)
  t.same(blocks(transfer.onWake(1000)), [1])
  t.same(blocks(transfer.onWake(3000)), [1])
  t.same(transfer.onWake(6999), { kind: 'wait' })
  t.same(transfer.onWake(7000), { kind: 'finish', outcome: 'never-acknowledged' })
  t.equal(transfer.repeats, 2)
})

t.test('RFC 1350 section 6: the last DATA is sent again until it is acknowledged', async (t) => {
  const transfer = new ReadTransfer(PEER, numbered(100), PLAIN, DEFAULT_RETRY_POLICY)
  transfer.begin(0)
  t.same(blocks(transfer.onWake(1000)), [1])
  t.same(transfer.onAck(1, 1500), { kind: 'finish', outcome: 'complete' })
})

t.test('after the first ACK there is more patience, and it is bounded', async (t) => {
  const transfer = new ReadTransfer(PEER, numbered(5000), PLAIN, DEFAULT_RETRY_POLICY)
  transfer.begin(0)
  transfer.onAck(1, 1)
  let sent = 1
  let step: TransferStep = { kind: 'wait' }
  for (let turn = 0; turn < 100 && step.kind !== 'finish'; turn++) {
    step = transfer.onWake(transfer.deadlineMs)
    sent += blocks(step).length
  }
  t.same(step, { kind: 'finish', outcome: 'timed-out' })
  t.equal(sent, DEFAULT_RETRY_POLICY.attempts)
})

t.test('an ACK after repetitions goes on without sending the next block twice', async (t) => {
  const transfer = new ReadTransfer(PEER, numbered(5000), PLAIN, DEFAULT_RETRY_POLICY)
  transfer.begin(0)
  transfer.onWake(1000)
  t.same(blocks(transfer.onAck(1, 1100)), [2])
  t.same(transfer.onAck(1, 1101), { kind: 'drop', reason: 'stale-ack' }, 'of the first DATA 1')
})

t.test(
  'a client that asks again is sent the first packet again, within the same bound',
  async (t) => {
    const transfer = new ReadTransfer(PEER, numbered(5000), PLAIN, DEFAULT_RETRY_POLICY)
    transfer.begin(0)
    t.same(blocks(transfer.onRepeatedRequest(1000)), [1])
    t.same(blocks(transfer.onRepeatedRequest(2000)), [1])
    t.same(transfer.onRepeatedRequest(3000), { kind: 'wait' })
  },
)

t.test(
  'RFC 7440 section 4: a whole window goes out, the ACK of its last block releases the next',
  async (t) => {
    const transfer = windowed(512 * 10)
    t.same(blocks(transfer.begin(0)), [1, 2, 3, 4])
    t.same(blocks(transfer.onAck(4, 1)), [5, 6, 7, 8])
    t.same(
      blocks(transfer.onAck(8, 2)),
      [9, 10, 11],
      'the last window is short, its last block empty',
    )
    t.same(transfer.onAck(11, 3), { kind: 'finish', outcome: 'complete' })
  },
)

t.test(
  'RFC 7440 section 4: an ACK inside the window begins a new one after it, once',
  async (t) => {
    const transfer = windowed(512 * 20)
    transfer.begin(0)
    t.same(blocks(transfer.onAck(2, 1)), [3, 4, 5, 6])
    t.same(transfer.onAck(2, 2), { kind: 'drop', reason: 'stale-ack' })
    t.same(blocks(transfer.onAck(6, 3)), [7, 8, 9, 10])
  },
)

t.test('RFC 7440 section 4: after a timeout the window begins after the last ACK', async (t) => {
  const transfer = windowed(512 * 20)
  transfer.begin(0)
  transfer.onAck(2, 1)
  t.same(blocks(transfer.onWake(transfer.deadlineMs)), [3, 4, 5, 6])
  t.equal(transfer.repeats, 4)
})

function windowed(sizeBytes: number): ReadTransfer {
  return new ReadTransfer(
    PEER,
    numbered(sizeBytes),
    { ...PLAIN, windowSize: 4 },
    DEFAULT_RETRY_POLICY,
  )
}

function blocks(step: AckStep): number[] {
  if (step.kind !== 'send-blocks') return []
  return Array.from({ length: step.count }, (_, index) => step.firstBlock + index)
}
