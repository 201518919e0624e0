import t from 'tap'
import { RolloutWatch } from './rollouts.ts'

const rollout = (...states: string[]) => ({
  phones: states.map((state, index) => ({ mac: `phone ${index}`, state })),
})

t.test('a wave is no larger than it may be, and no phone converts beside the canary', async (t) => {
  const watch = new RolloutWatch()
  t.same(watch.onRollout('one', rollout('running', 'pending', 'pending')), [])
  t.same(watch.onRollout('one', rollout('confirmed', 'running', 'waiting', 'pending')), [])
  t.match(watch.onRollout('one', rollout('running', 'waiting', 'pending')), [
    /2 phones under way, not 1: phone 0 phone 1/,
  ])
  t.match(watch.onRollout('one', rollout('confirmed', 'running', 'running', 'waiting')), [
    /3 phones under way, not 2/,
  ])
})

t.test('a phone that stalls is replaced, and goes on beside the wave', async (t) => {
  const watch = new RolloutWatch()
  t.same(watch.onRollout('one', rollout('confirmed', 'running', 'stalled', 'waiting')), [])
  t.same(watch.onRollout('one', rollout('confirmed', 'running', 'running', 'waiting')), [])
  watch.forget()
  t.match(watch.onRollout('one', rollout('confirmed', 'running', 'running', 'waiting')), [
    /3 phones/,
  ])
})

t.test('a conversion never goes back on one way, but may go the way again', async (t) => {
  const watch = new RolloutWatch()
  const at = (state: string, step: number) => [{ mac: 'one', to: 'load', state, step }]
  t.same(watch.onHealed(at('running', 1)), [])
  t.same(watch.onHealed(at('running', 2)), [])
  t.match(watch.onHealed(at('running', 1)), [/one went back to step 1 on its way to load/])
  t.same(watch.onHealed(at('confirmed', 2)), [])
  t.match(watch.onHealed(at('running', 2)), [/went back/])
  watch.forget()
  t.same(watch.onHealed(at('waiting', 0)), [])
})
