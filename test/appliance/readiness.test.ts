import t from 'tap'
import { readiness } from '../../appliance/readiness.ts'

t.test('every check is read when it is asked for, in order', async (t) => {
  let ok = false
  const health = readiness([
    () => ({ name: 'dhcp', ok, detail: 'sockets' }),
    () => ({ name: 'tftp', ok: true, detail: '1 listens' }),
  ])
  const shown = () => health.checks().map(({ name, ok }) => `${name} ${ok}`)
  t.same(shown(), ['dhcp false', 'tftp true'])
  ok = true
  t.same(shown(), ['dhcp true', 'tftp true'])
})
