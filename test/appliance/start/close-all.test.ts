import t from 'tap'
import { closeAll } from '../../../appliance/start/close-all.ts'

const failing = (message: string) => () => Promise.reject(new Error(message))

t.test('all are closed, one after another, in spite of one that fails', async (t) => {
  const closed: string[] = []
  const slow = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    closed.push('slow')
  }
  const closers = [slow, failing('socket'), () => void closed.push('quick')]
  await t.rejects(closeAll(closers), { message: 'socket' }, 'and it is said')
  t.same(closed, ['slow', 'quick'])
})

t.test('several that fail are all said', async (t) => {
  const throwing = () => {
    throw new Error('at once')
  }
  await t.rejects(closeAll([failing('socket'), throwing]), {
    name: 'AggregateError',
    message: '2 parts could not be closed',
    errors: [{ message: 'socket' }, { message: 'at once' }],
  })
})

t.test('resolves when every closer succeeds', async (t) => {
  await t.resolves(closeAll([() => {}, async () => {}]))
  await t.resolves(closeAll([]))
})
