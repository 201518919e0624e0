import t from 'tap'
import { SaveQueue } from '../../src/services/save-queue.ts'
import { turn } from '../support/slow-store.ts'

const WITHIN_MS = 1_000

/** A queue, its writes, and timers that a test lets ring. */
function aQueue() {
  const writes: (readonly (readonly [string, number])[])[] = []
  const timers: { readonly call: () => void; readonly delayMs: number; stopped: boolean }[] = []
  let fails = false
  const queue = new SaveQueue<string, number>({
    save: async (batch) => {
      if (fails) throw new Error('disk full')
      writes.push([...batch])
    },
    onFault: () => {},
    startTimer: (call, delayMs) => {
      const timer = { call, delayMs, stopped: false }
      timers.push(timer)
      return () => {
        timer.stopped = true
      }
    },
  })
  const ring = async () => {
    timers.findLast(({ stopped }) => !stopped)?.call()
    await turn()
  }
  return { queue, writes, timers, ring, fail: (now: boolean) => (fails = now) }
}

t.test('changes of a second travel in one write, each with its last value', async (t) => {
  const { queue, writes, timers, ring } = aQueue()
  queue.put('a', 1, WITHIN_MS)
  queue.put('b', 1, WITHIN_MS)
  queue.put('a', 2, WITHIN_MS)
  await turn()
  t.same(writes, [])
  t.equal(timers.length, 1, 'one timer for all of them')
  t.equal(timers[0]?.delayMs, WITHIN_MS)
  await ring()
  t.same(writes, [
    [
      ['a', 2],
      ['b', 1],
    ],
  ])
})

t.test('what changes during a write is gathered again', async (t) => {
  const { queue, writes, timers, ring } = aQueue()
  queue.put('a', 1, WITHIN_MS)
  timers[0]?.call()
  await Promise.resolve()
  queue.put('a', 2, WITHIN_MS)
  await turn()
  t.equal(writes.length, 1)
  await ring()
  t.same(writes.at(-1), [['a', 2]])
})

t.test('a value that may not wait takes those along that may', async (t) => {
  const { queue, writes, timers } = aQueue()
  queue.put('a', 1, WITHIN_MS)
  queue.put('b', 1)
  await turn()
  t.same(
    new Map(writes[0]),
    new Map([
      ['a', 1],
      ['b', 1],
    ]),
  )
  t.ok(timers[0]?.stopped)
  queue.put('c', 1)
  await Promise.resolve()
  queue.put('c', 2)
  await queue.saved()
  t.same(writes.at(-1), [['c', 2]])
})

t.test('who waits for the disk, or closes, waits for no second', async (t) => {
  const { queue, writes, timers } = aQueue()
  queue.put('a', 1, WITHIN_MS)
  await queue.saved()
  t.equal(writes.length, 1)
  t.ok(timers[0]?.stopped)
  queue.put('a', 2, WITHIN_MS)
  await queue.close()
  t.equal(writes.length, 2)
})

t.test('a write that fails is told, and tried again after its own pause', async (t) => {
  const { queue, writes, timers, fail } = aQueue()
  fail(true)
  queue.put('a', 1)
  await t.rejects(queue.saved(), { message: 'disk full' })
  fail(false)
  t.equal(timers.at(-1)?.delayMs, 5_000)
  timers.at(-1)?.call()
  await turn()
  await queue.saved()
  t.same(writes, [[['a', 1]]])
})
