import t from 'tap'
import { Subscribers } from '../../src/services/subscribers.ts'

t.test('a listener hears of its own key until it leaves', async (t) => {
  const subscribers = new Subscribers<string>()
  const heard: string[] = []
  const leave = subscribers.subscribe('a', () => heard.push('a'))
  subscribers.subscribe('b', () => heard.push('b'))
  subscribers.announce('a')
  subscribers.announce('c')
  leave()
  subscribers.announce('a')
  subscribers.announce('b')
  t.same(heard, ['a', 'b'])
})

t.test(
  'a listener that unsubscribes while it is notified does not affect the others',
  async (t) => {
    const subscribers = new Subscribers<string>()
    const heard: number[] = []
    const leave = subscribers.subscribe('a', () => {
      heard.push(1)
      leave()
    })
    subscribers.subscribe('a', () => heard.push(2))
    subscribers.announce('a')
    subscribers.announce('a')
    t.same(heard, [1, 2, 2])
  },
)

t.test('who leaves twice does not take a later listener with it', async (t) => {
  const subscribers = new Subscribers<string>()
  let heard = 0
  const leave = subscribers.subscribe('a', () => undefined)
  leave()
  subscribers.subscribe('a', () => heard++)
  leave()
  subscribers.announce('a')
  t.equal(heard, 1)
})
