import t from 'tap'
import type { PlanRequest } from '../../src/phones/conversion-plan.ts'
import type { FirmwareName } from '../../src/phones/firmware-name.ts'
import { planFromKnown, toLoadName } from '../../src/phones/plan-from-known.ts'

t.test('only loads of a 7940 or 7960 are steps', async (t) => {
  t.same(
    toLoadName('P0S3-8-12-00').map(({ text }) => text),
    ['P0S3-8-12-00'],
  )
  t.same(toLoadName('P003-8-12-00'), [], 'a loader')
  t.same(toLoadName('P00405000700'), [], 'a load of the 7910')
})

t.test('a release available under another spelling is named as it is stored', async (t) => {
  const [origin] = toLoadName('P0S30203')
  const [goal] = toLoadName('P0S3-03-0-00')
  const request: PlanRequest = {
    model: '7940',
    from: 'P0S30203',
    to: 'P0S3-03-0-00',
    path: 'direct',
    available: ['P0S30300'],
  }
  t.ok(origin !== undefined && goal !== undefined, 'both are loads')
  const outcome = planFromKnown(request, origin as FirmwareName, goal as FirmwareName)
  t.match(outcome, { kind: 'plan', steps: [{ load: 'P0S30300' }], missingFirmware: [] })
})
