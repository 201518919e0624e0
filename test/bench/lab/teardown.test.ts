import t from 'tap'
import { Teardown } from './teardown.ts'

t.test('what was made last is undone first', async (t) => {
  const teardown = new Teardown()
  const undone: string[] = []
  teardown.add(() => void undone.push('first'))
  teardown.add(async () => void undone.push('second'))
  await teardown.run()
  t.same(undone, ['second', 'first'])
})

t.test('what is undone early is not undone again', async (t) => {
  const teardown = new Teardown()
  let times = 0
  const undo = teardown.add(() => void times++)
  await undo()
  await undo()
  await teardown.run()
  t.equal(times, 1)
})

t.test('what fails keeps nothing else from being undone', async (t) => {
  const teardown = new Teardown()
  let isUndone = false
  const said = t.capture(console, 'error')
  teardown.add(() => {
    isUndone = true
  })
  teardown.add(() => {
    throw new Error('busy')
  })
  await teardown.run()
  t.ok(isUndone)
  t.match(said.args(), [['bench: busy']])
})

t.test('nothing new begins when the end has begun, and what was made is undone', async (t) => {
  const teardown = new Teardown()
  await teardown.run()
  let isUndone = false
  t.throws(
    () =>
      teardown.add(() => {
        isUndone = true
      }),
    { message: 'the run is ending' },
  )
  t.ok(isUndone)
})
