import t from 'tap'
import { Observers } from '../../src/services/observers.ts'

t.test('listeners are told in the order in which they subscribed', async (t) => {
  const told: string[] = []
  const observers = new Observers<[what: string, count: number]>()
  observers.subscribe((what, count) => told.push(`first ${what} ${count}`))
  observers.subscribe((what) => told.push(`second ${what}`))
  observers.tell('boot', 3)
  t.same(told, ['first boot 3', 'second boot'])
})

t.test('one listener subscribed twice is two, and each leaves by itself', async (t) => {
  let told = 0
  const listener = () => told++
  const observers = new Observers()
  const leave = observers.subscribe(listener)
  observers.subscribe(listener)
  observers.tell()
  leave()
  leave()
  t.equal(observers.size, 1)
  observers.tell()
  t.equal(told, 3)
})

t.test('a listener that leaves while others are told takes no other with it', async (t) => {
  const told: string[] = []
  const observers = new Observers()
  const leave = observers.subscribe(() => {
    told.push('once')
    leave()
    observers.subscribe(() => told.push('late'))
  })
  observers.subscribe(() => told.push('always'))
  observers.tell()
  t.same(told, ['once', 'always'])
  observers.tell()
  t.same(told, ['once', 'always', 'always', 'late'])
})

t.test('a listener that throws is reported and left out, where that is wanted', async (t) => {
  const causes: unknown[] = []
  const told: string[] = []
  const observers = new Observers((cause) => causes.push(cause))
  const fault = new Error('no')
  observers.subscribe(() => {
    throw fault
  })
  observers.subscribe(() => told.push('next'))
  observers.tell()
  observers.tell()
  t.same(causes, [fault])
  t.same(told, ['next', 'next'])
  const strict = new Observers()
  strict.subscribe(() => {
    throw fault
  })
  t.throws(() => strict.tell(), fault)
})
