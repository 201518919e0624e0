import t from 'tap'
import {
  dottedVersion,
  lastResetOf,
  registrationAlarm,
} from '../../../src/simulator/application/alarm-text.ts'

t.test('versions as phones show them', async (t) => {
  t.equal(dottedVersion('P00308010200'), '8.1(2.0)', 'web page of a CP-7940')
  t.equal(dottedVersion('P00307020200'), '7.2(2.0)', 'alarm in a CME log')
  t.equal(dottedVersion('P0030801SR02'), '8.1(SR.2)', 'inferred')
  t.equal(dottedVersion('P003AL03'), 'P003AL03', 'a name without a version stays as it is')
})

t.test('the alarm that Cisco CME logged', async (t) => {
  const reset = lastResetOf('call-manager-reset')
  t.equal(
    registrationAlarm('000E325C9A43' as never, 'P00307020200', reset),
    '22: Name=SEP000E325C9A43 Load=7.2(2.0) Last=Reset-Reset',
  )
  t.match(lastResetOf('call-manager-restart'), { code: 23 })
  t.match(lastResetOf('reset'), { code: 20 })
  t.match(lastResetOf('power'), { code: 25, text: 'Initialized' })
})
