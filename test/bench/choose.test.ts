import t from 'tap'
import { chosenFrom } from './choose.ts'

const KNOWN = [{ name: 'a' }, { name: 'b' }, { name: 'c' }]

t.test('who asks for nothing gets all', async (t) => {
  t.same(chosenFrom(KNOWN, [], 'case'), KNOWN)
})

t.test('what is asked for comes in the order of what there is', async (t) => {
  t.same(chosenFrom(KNOWN, ['c', 'a'], 'case'), [{ name: 'a' }, { name: 'c' }])
})

t.test('a name that there is not is told with those that there are', async (t) => {
  t.throws(() => chosenFrom(KNOWN, ['a', 'x', 'y'], 'case'), {
    message: 'no case x, y; wanted of: a, b, c',
  })
})
