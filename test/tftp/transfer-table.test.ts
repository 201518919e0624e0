import t from 'tap'
import { FileCache } from '../../src/files/file-cache.ts'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import { ReadTransfer } from '../../src/tftp/read-transfer.ts'
import { DEFAULT_RETRY_POLICY } from '../../src/tftp/retransmission-timer.ts'
import { type RunningTransfer, TransferTable } from '../../src/tftp/transfer-table.ts'
import { CLIENT, OTHER_CLIENT } from '../support/tftp-lab.ts'

const FILE = new FileCache(10).put(new Uint8Array(1))
const end = (client: Ipv4, clientPort: number) => ({ client, clientPort })

t.test('a transfer is found by address and port together', async (t) => {
  const table = new TransferTable()
  const [first, second, third] = [running(CLIENT, 1), running(CLIENT, 2), running(OTHER_CLIENT, 1)]
  for (const each of [first, second, third]) table.add(each)
  t.equal(table.find(end(CLIENT, 1)), first)
  t.equal(table.find(end(CLIENT, 2)), second)
  t.equal(table.find(end(OTHER_CLIENT, 1)), third)
  t.equal(table.find(end(OTHER_CLIENT, 2)), undefined)
  t.equal(table.size, 3)
  t.same([...table.values()], [first, second, third])
})

t.test('addresses and ports at their ends are not mixed up', async (t) => {
  const table = new TransferTable()
  const last = running(0xffffffff as Ipv4, 65_535)
  table.add(last)
  t.equal(table.find(end(0xffffffff as Ipv4, 65_535)), last)
  t.equal(table.find(end(0xfffffffe as Ipv4, 65_535)), undefined)
  t.equal(table.find(end(0xffffffff as Ipv4, 65_534)), undefined)
})

t.test('the transfers of a client are counted', async (t) => {
  const table = new TransferTable()
  const [first, second] = [running(CLIENT, 1), running(CLIENT, 2)]
  t.equal(table.countOf(CLIENT), 0)
  table.add(first)
  table.add(second)
  t.equal(table.countOf(CLIENT), 2)
  t.equal(table.countOf(OTHER_CLIENT), 0)
  table.remove(first, 0)
  t.equal(table.countOf(CLIENT), 1)
  table.remove(second, 0)
  t.equal(table.countOf(CLIENT), 0)
  t.equal(table.size, 0)
})

t.test('the oldest unacknowledged transfer is known', async (t) => {
  const table = new TransferTable()
  const all = [running(CLIENT, 1), running(CLIENT, 2), running(OTHER_CLIENT, 1)] as const
  for (const each of all) table.add(each)
  t.equal(table.oldestUnacknowledged(), all[0])
  table.confirm(all[0])
  t.equal(table.oldestUnacknowledged(), all[1])
  table.remove(all[1], 0)
  table.confirm(all[2])
  t.equal(table.oldestUnacknowledged(), undefined)
})

t.test('a pair of ports is known for a while after its transfer, within a bound', async (t) => {
  const table = new TransferTable()
  const first = running(CLIENT, 1)
  table.add(first)
  t.equal(table.hasJustEnded(end(CLIENT, 1), 0), false)
  table.remove(first, 1000)
  t.equal(table.hasJustEnded(end(CLIENT, 1), 5999), true)
  t.equal(table.hasJustEnded(end(CLIENT, 1), 6000), false)
  t.equal(table.hasJustEnded(end(CLIENT, 2), 1000), false)
  for (let port = 2; port < 4098; port++) {
    const each = running(CLIENT, port)
    table.add(each)
    table.remove(each, 1000)
  }
  t.equal(table.hasJustEnded(end(CLIENT, 1), 1000), false)
  t.equal(table.hasJustEnded(end(CLIENT, 2), 1000), true)
})

function running(client: Ipv4, clientPort: number): RunningTransfer {
  const terms = { blockSize: 512, windowSize: 1, retryMs: null, accepted: new Map() }
  const peer = { client, clientPort, channel: 1 }
  return {
    peer,
    transfer: new ReadTransfer(peer, FILE.bytes, terms, DEFAULT_RETRY_POLICY),
    mac: null,
    requestedName: 'x',
    name: 'x',
    file: FILE,
    sizeBytes: 1,
    terms,
    startedAtMs: 0,
    progressAtMs: 0,
  }
}
