import t from 'tap'
import type { Rollout } from '../../../src/conversion/rollout.ts'
import { rolloutService } from '../../../src/services/api/rollouts.ts'
import { Subscribers } from '../../../src/services/subscribers.ts'
import { aRolloutRequest } from '../../support/conversion-builders.ts'

function aService(isShared: boolean) {
  const done: string[] = []
  const asked = (what: string) => (): never => {
    done.push(what)
    return { kind: what } as never
  }
  const changes = new Subscribers<string>()
  const service = rolloutService(
    {
      engine: {
        list: () => [] as readonly Rollout[],
        get: () => undefined,
        start: asked('start'),
        change: asked('change'),
        delete: asked('delete'),
      } as never,
      runner: { saved: async () => void done.push('saved') } as never,
      changes,
      ...(isShared ? { sent: async () => void done.push('sent') } : {}),
    },
    () => 7,
  )
  return { service, changes, done }
}

t.test('a change is answered when it would survive a crash, and others have it', async (t) => {
  const { service, done } = aService(true)
  t.match(await service.start('floor-3', aRolloutRequest()), { kind: 'start' })
  t.match(await service.change('floor-3', { action: 'pause' } as never), { kind: 'change' })
  t.match(await service.delete('floor-3'), { kind: 'delete' })
  const each = ['saved', 'sent']
  t.same(done, ['start', ...each, 'change', ...each, 'delete', ...each])
})

t.test('an appliance alone waits for its own disk only', async (t) => {
  const { service, done } = aService(false)
  await service.delete('floor-3')
  t.same(done, ['delete', 'saved'])
  t.same(service.list(), [])
  t.equal(service.get('floor-3'), undefined)
})

t.test('a follower hears of its roll-out alone', async (t) => {
  const { service, changes } = aService(false)
  let heard = 0
  const leave = service.subscribe('floor-3', () => heard++)
  changes.announce('floor-3')
  changes.announce('floor-4')
  leave()
  changes.announce('floor-3')
  t.equal(heard, 1)
})
