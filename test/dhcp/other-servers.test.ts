import t from 'tap'
import { OtherServers } from '../../src/dhcp/other-servers.ts'
import { ip } from '../support/a-dhcp-message.ts'

const A = ip('10.20.0.201')
const AGAIN_MS = 300_000

t.test('what is overheard is known, and never proven', async (t) => {
  const servers = new OtherServers(AGAIN_MS)
  t.same(servers.onReply(A, false, 1000), { isNews: true, isNew: true, isProven: false })
  for (let atMs = 2000; atMs < 100_000; atMs += 1000) {
    t.same(servers.onReply(A, false, atMs), { isNews: false, isNew: false, isProven: false })
  }
  t.equal(servers.isAnyProven, false)
  t.equal(servers.proofAtMs, null)
  t.same(servers.list(), [{ address: A, firstSeenAtMs: 1000, lastSeenAtMs: 99_000 }])
})

t.test('two answers, 5 s apart, prove a server', async (t) => {
  const servers = new OtherServers(AGAIN_MS)
  servers.onReply(A, true, 1000)
  t.equal(servers.proofAtMs, 6000, 'when another one would do')
  t.match(servers.onReply(A, true, 5999), { isNews: false, isProven: false })
  t.match(servers.onReply(A, true, 6000), { isNews: true, isProven: true })
  t.equal(servers.isAnyProven, true)
  t.equal(servers.proofAtMs, null, 'nothing is waited for')
})

t.test('a look without an answer ends a row of answers', async (t) => {
  const servers = new OtherServers(AGAIN_MS)
  servers.onReply(A, true, 1000)
  t.same(servers.onLookEnded(), [])
  servers.onReply(A, false, 6000)
  t.same(servers.onLookEnded(), [])
  t.equal(servers.proofAtMs, null)
  t.match(servers.onReply(A, true, 11_000), { isProven: false })
})

t.test('a server is gone after two looks: one that is proven must answer', async (t) => {
  for (const isProven of [true, false]) {
    const servers = new OtherServers(AGAIN_MS)
    servers.onReply(A, isProven, 1000)
    servers.onReply(A, isProven, 6000)
    t.same(servers.onLookEnded(), [])
    servers.onReply(A, false, 11_000)
    t.same(servers.onLookEnded(), [])
    servers.onReply(A, false, 16_000)
    t.same(servers.onLookEnded(), isProven ? [A] : [], 'overheard in both')
    t.equal(servers.isAnyProven, false)
  }
})

t.test('a server that is not told of for long is news again', async (t) => {
  const servers = new OtherServers(AGAIN_MS)
  servers.onReply(A, false, 0)
  t.match(servers.onReply(A, false, AGAIN_MS - 1), { isNews: false })
  t.match(servers.onReply(A, false, AGAIN_MS), { isNews: true, isNew: false })
  t.match(servers.onReply(A, false, AGAIN_MS + 1), { isNews: false })
})

t.test('of more than sixteen, those that answer are told apart first', async (t) => {
  const servers = new OtherServers(AGAIN_MS)
  const serverOf = (last: number) => ip(`10.20.0.${last}`)
  servers.onReply(serverOf(1), true, 0)
  for (let last = 2; last <= 16; last++) t.ok(servers.onReply(serverOf(last), false, 0))
  t.equal(servers.onReply(serverOf(17), false, 0), undefined)
  for (let last = 18; last <= 32; last++) t.ok(servers.onReply(serverOf(last), true, 0))
  t.equal(servers.onReply(serverOf(33), true, 0), undefined, 'all of them have answered')
  const [first] = servers.list()
  t.equal(first?.address, serverOf(1))
  t.equal(servers.list().length, 16)
})
