import t from 'tap'
import { Observers } from '../../src/services/observers.ts'

t.test('listeners are told in the order in which they subscribed', async (t) => {
  const args: string[] = []
  const observers = new Observers<[what: string, count: number]>()
  observers.subscribe((what, count) => args.push(`first ${what} ${count}`))
  observers.subscribe((what) => args.push(`second ${what}`))
  observers.notify('boot', 3)
  t.same(args, ['first boot 3', 'second boot'])
})

t.test('one listener subscribed twice is two, and each leaves by itself', async (t) => {
  let args = 0
  const listener = () => args++
  const observers = new Observers()
  const leave = observers.subscribe(listener)
  observers.subscribe(listener)
  observers.notify()
  leave()
  leave()
  t.equal(observers.size, 1)
  observers.notify()
  t.equal(args, 3)
})

t.test('a listener that leaves while others are told takes no other with it', async (t) => {
  const args: string[] = []
  const observers = new Observers()
  const leave = observers.subscribe(() => {
    args.push('once')
    leave()
    observers.subscribe(() => args.push('late'))
  })
  observers.subscribe(() => args.push('always'))
  observers.notify()
  t.same(args, ['once', 'always'])
  observers.notify()
  t.same(args, ['once', 'always', 'always', 'late'])
})

t.test('a listener that throws is reported and left out, where that is wanted', async (t) => {
  const causes: unknown[] = []
  const args: string[] = []
  const observers = new Observers((cause) => causes.push(cause))
  const fault = new Error('no')
  observers.subscribe(() => {
    throw fault
  })
  observers.subscribe(() => args.push('next'))
  observers.notify()
  observers.notify()
  t.same(causes, [fault])
  t.same(args, ['next', 'next'])
  const strict = new Observers()
  strict.subscribe(() => {
    throw fault
  })
  t.throws(() => strict.notify(), fault)
})
