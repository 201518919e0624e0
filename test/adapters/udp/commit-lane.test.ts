import t from 'tap'
import { CommitLane } from '../../../src/adapters/udp/commit-lane.ts'
import type { DhcpEffect } from '../../../src/dhcp/effect.ts'
import type { LeaseChange } from '../../../src/leases/binding.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'

const change = (address: number): LeaseChange => ({
  kind: 'delete',
  scope: 'voice',
  address: address as Ipv4,
})
const wake = (atMs: number): DhcpEffect => ({ kind: 'wake', atMs })
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A lane to a store that answers when the test says so, with a clock that the test turns. */
function aLane() {
  const done: string[] = []
  const groups: { addresses: number[]; succeed: () => void; fail: (error: Error) => void }[] = []
  const timers = new Set<{ readonly atMs: number; readonly call: () => void }>()
  const store = { isFar: true }
  let nowMs = 1000
  const lane = new CommitLane(
    {
      commit: (changes) =>
        new Promise((succeed, fail) => {
          const addresses = changes.map((one) => (one.kind === 'delete' ? one.address : 0))
          groups.push({ addresses, succeed, fail })
        }),
      run: ([effect]) => done.push(`done ${effect?.kind === 'wake' ? effect.atMs : ''}`),
      onGroupDone: () => {},
      onCommitFailed: (_error, lost) => done.push(`failed ${lost}`),
      isFar: () => store.isFar,
      nowMs: () => nowMs,
      startTimer: (call, delayMs) => {
        const timer = { atMs: nowMs + delayMs, call }
        timers.add(timer)
        return () => timers.delete(timer)
      },
    },
    true,
  )
  const put = async (...addresses: readonly number[]) => {
    for (const address of addresses) lane.put([change(address)], [wake(address)])
    await turn()
  }
  const pass = (ms: number) => {
    nowMs += ms
    for (const timer of timers) {
      if (timer.atMs > nowMs) continue
      timers.delete(timer)
      timer.call()
    }
  }
  const sent = () => groups.map(({ addresses }) => addresses)
  const answer = async (index: number, error?: Error) => {
    const group = groups[index]
    if (error === undefined) group?.succeed()
    else group?.fail(error)
    await turn()
  }
  return { lane, store, done, timers, put, pass, sent, answer }
}

t.test('to a store that is far away a group does not wait for the one before it', async (t) => {
  const { lane, done, timers, put, pass, sent, answer } = aLane()
  await put(1)
  await put(2, 3)
  t.same(sent(), [[1]], 'what comes in within 5 ms shares a group')
  await put(4)
  t.equal(timers.size, 1)
  pass(4)
  t.same(sent(), [[1]])
  pass(1)
  t.same(sent(), [[1], [2, 3, 4]])
  pass(20)
  await put(5)
  await put(6)
  pass(5)
  t.same(sent(), [[1], [2, 3, 4], [5], [6]])
  pass(20)
  await put(7, 8)
  t.equal(sent().length, 4, 'not more than four are under way')
  t.equal(lane.size, 8)
  await answer(0)
  t.same(done, ['done 1'])
  t.same(sent().at(-1), [7, 8])
  for (const group of [1, 2, 3, 4]) await answer(group)
  t.equal(done.length, 8)
  t.equal(lane.size, 0)
  await lane.idle()
})

t.test('a group that fails takes nobody with it of the one behind', async (t) => {
  const { lane, done, put, pass, sent, answer } = aLane()
  await put(1)
  pass(10)
  await put(2)
  let isIdle = false
  const idle = lane.idle().then(() => (isIdle = true))
  await answer(0, new Error('full'))
  t.same(done, ['failed 1'])
  await put(3)
  t.notOk(isIdle)
  await answer(1)
  t.same(done, ['failed 1', 'done 2'])
  t.same(sent(), [[1], [2], [3]], 'the store is idle: there is nothing to wait for')
  await answer(2)
  await idle
  t.same(done, ['failed 1', 'done 2', 'done 3'])
})

t.test('the answer of the last group sends the next one before its time', async (t) => {
  const { put, pass, sent, answer, timers } = aLane()
  await put(1)
  pass(2)
  await put(2)
  t.equal(timers.size, 1)
  await answer(0)
  t.same(sent(), [[1], [2]])
  t.equal(timers.size, 0, 'and not once more')
  await answer(1)
})

t.test('to a store that is near groups go one by one, also when it was far before', async (t) => {
  const { store, put, pass, sent, answer } = aLane()
  await put(1)
  pass(10)
  await put(2)
  store.isFar = false
  pass(10)
  await put(3)
  t.same(sent(), [[1], [2]])
  await answer(0)
  t.same(sent(), [[1], [2]])
  await answer(1)
  t.same(sent(), [[1], [2], [3]])
  await answer(2)
})
