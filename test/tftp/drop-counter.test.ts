import t from 'tap'
import { DropCounter } from '../../src/tftp/drop-counter.ts'
import { aDatagram, answerOf, CLIENT, CLIENT_PORT } from '../support/tftp-lab.ts'

const ACK = aDatagram({ kind: 'ack', block: 1 })

t.test('every packet is counted, a few each second are reported', async (t) => {
  const drops = new DropCounter()
  let reports = 0
  for (let packet = 0; packet < 10_000; packet++) {
    reports += drops.transferPacket('stale-ack', ACK, packet / 10).length
  }
  t.equal(drops.counts()['stale-ack'], 10_000)
  t.equal(reports, 9, 'five at once, then five a second')
  t.equal(drops.request('error', ACK, 1000).length, 1, 'a new second')
})

t.test('a report says who and why', async (t) => {
  const drops = new DropCounter()
  const about = { client: CLIENT, clientTid: CLIENT_PORT, atMs: 7 }
  t.same(answerOf(drops.request('not-a-packet', ACK, 7)).events, [
    { event: 'tftp.request.ignored', ...about, reason: 'not-a-packet' },
  ])
  t.same(answerOf(drops.transferPacket('late', ACK, 7)).events, [
    { event: 'tftp.packet.dropped', ...about, reason: 'late' },
  ])
  t.match(drops.counts(), { 'not-a-packet': 1, late: 1, error: 0 })
})
