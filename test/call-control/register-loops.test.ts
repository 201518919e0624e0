import t from 'tap'
import { LOOP_WINDOW_MS, RegisterLoops } from '../../src/call-control/register-loops.ts'
import { PHONE } from '../support/call-control.ts'

t.test('the fourth registration within five minutes makes a loop, and is told once', async (t) => {
  const loops = new RegisterLoops()
  t.same(
    [0, 1000, 2000, 3000, 4000].map((atMs) => loops.onRegister(PHONE, atMs)),
    [false, false, false, true, false],
  )
  t.equal(loops.isLoop(PHONE, 4000), true)
})

t.test('a loop is over when the fourth last registration is five minutes old', async (t) => {
  const loops = new RegisterLoops()
  for (const atMs of [0, 1000, 2000, 3000]) loops.onRegister(PHONE, atMs)
  t.equal(loops.isLoop(PHONE, LOOP_WINDOW_MS - 1), true)
  t.equal(loops.isLoop(PHONE, LOOP_WINDOW_MS), false)
  t.equal(loops.onRegister(PHONE, LOOP_WINDOW_MS), true, 'and begins once more')
})

t.test('a phone that is forgotten has no past', async (t) => {
  const loops = new RegisterLoops()
  for (const atMs of [0, 1, 2, 3]) loops.onRegister(PHONE, atMs)
  loops.forget(PHONE)
  t.equal(loops.isLoop(PHONE, 4), false)
})
