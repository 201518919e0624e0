import t from 'tap'
import { ChangeSignal } from '../../../src/adapters/http/change-signal.ts'

const LONG_MS = 60_000

function aSource() {
  const listeners = new Set<() => void>()
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  return { subscribe, listeners, change: () => listeners.forEach((listener) => void listener()) }
}

t.test('a change wakes who waits', async (t) => {
  const source = aSource()
  const signal = new ChangeSignal(source.subscribe)
  const waiting = signal.wait(LONG_MS, new AbortController().signal)
  source.change()
  t.equal(await waiting, true)
})

t.test('a change while no client waited is not lost, and counts once', async (t) => {
  const source = aSource()
  const signal = new ChangeSignal(source.subscribe)
  source.change()
  source.change()
  t.equal(await signal.wait(LONG_MS, new AbortController().signal), true)
  t.equal(await signal.wait(1, new AbortController().signal), false)
})

t.test('an abort ends a wait, and one before it lets none begin', async (t) => {
  const source = aSource()
  const signal = new ChangeSignal(source.subscribe)
  const client = new AbortController()
  const waiting = signal.wait(LONG_MS, client.signal)
  client.abort()
  t.equal(await waiting, false)
  t.equal(await signal.wait(LONG_MS, client.signal), false)
})

t.test('a closed signal listens no more', async (t) => {
  const source = aSource()
  const signal = new ChangeSignal(source.subscribe)
  t.equal(source.listeners.size, 1)
  signal.close()
  t.equal(source.listeners.size, 0)
})
