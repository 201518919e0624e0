import t from 'tap'
import type { Conversion } from '../../../src/conversion/conversion.ts'
import { rolloutOf } from '../../../src/conversion/rollout.ts'
import type { Mac } from '../../../src/net/mac.ts'
import {
  conversionStarter,
  hasBegun,
  rolloutStarter,
} from '../../../src/services/report/started-by.ts'
import { aConversion, aRolloutRequest, MAC } from '../../support/conversion-builders.ts'

const change = (mac: Mac | null, fields: object) => ({
  id: 1,
  atMs: 1,
  event: 'audit.change',
  mac,
  network: null,
  fields: { path: '', by: 'token', address: '192.0.2.7', ...fields },
})

const NOBODY = { changes: [], rollout: null, isAutomatic: false }
const OTHER = '000E84C060FF' as Mac
const FLOOR = change(null, { action: 'startRollout', path: '/v1/rollouts/floor-3', token: 'anna' })

t.test('a conversion that an operator started names the token and the address', async (t) => {
  const changes = [
    change(OTHER, { action: 'startConversion' }),
    change(MAC, { action: 'patchPhone' }),
    change(MAC, { action: 'startConversion', token: 'anna' }),
  ]
  const started = { how: 'operator', by: 'anna', address: '192.0.2.7', rollout: null }
  t.same(conversionStarter({ mac: MAC }, { ...NOBODY, changes }), started)
  const unnamed = [change(MAC, { action: 'startConversion', token: null, address: null })]
  t.match(conversionStarter({ mac: MAC }, { ...NOBODY, changes: unnamed }), {
    by: 'token',
    address: null,
  })
})

t.test('one of a roll-out names the roll-out, and who started that', async (t) => {
  const rollout = { id: 'floor-3', changes: [FLOOR] }
  t.same(conversionStarter({ mac: MAC }, { ...NOBODY, rollout }), {
    how: 'rollout',
    by: 'anna',
    address: '192.0.2.7',
    rollout: 'floor-3',
  })
  t.match(conversionStarter({ mac: MAC }, { ...NOBODY, rollout: { id: 'floor-3', changes: [] } }), {
    how: 'rollout',
    by: null,
    rollout: 'floor-3',
  })
})

t.test('an import, automatic enrolment, and an unknown origin', async (t) => {
  const changes = [change(null, { action: 'importPhones', by: 'loopback' })]
  t.match(conversionStarter({ mac: MAC }, { ...NOBODY, changes }), {
    how: 'import',
    by: 'loopback',
  })
  t.match(conversionStarter({ mac: MAC }, { ...NOBODY, isAutomatic: true }), {
    how: 'automatic-enrolment',
    by: null,
  })
  t.equal(conversionStarter({ mac: MAC }, NOBODY), null)
})

t.test('a roll-out is told from another one by its path', async (t) => {
  t.match(rolloutStarter('floor-3', [FLOOR]), { how: 'operator', by: 'anna' })
  t.equal(rolloutStarter('floor', [FLOOR]), null)
  t.equal(rolloutStarter('floor-3', [change(null, { action: 'deleteRollout' })]), null)
})

t.test('a conversion is of a roll-out that began it, not of one before or after', async (t) => {
  const rollout = rolloutOf('floor-3', aRolloutRequest({ acceptOneWay: false }), 10_000)
  const conversion: Conversion = aConversion({ to: 'P0S3-8-12-00', startedAtMs: 10_000 })
  const phone = { ...rollout.phones[0], mac: MAC, startedAtMs: 10_000 } as never
  t.ok(hasBegun(rollout, phone, conversion))
  t.notOk(hasBegun(rollout, phone, { ...conversion, startedAtMs: 20_000 }))
  t.notOk(hasBegun(rollout, phone, { ...conversion, to: 'P00308000500' }))
  t.notOk(hasBegun(rollout, phone, { ...conversion, mac: OTHER }))
  t.notOk(hasBegun(rollout, { ...(phone as object), startedAtMs: null } as never, conversion))
})
