import t from 'tap'
import { RESTART_METHODS } from '../../../src/call-control/restart/method.ts'

t.test('what the phone does by itself is tried before its power is cut', async (t) => {
  t.same([...RESTART_METHODS], ['sccp', 'notify', 'telnet', 'poe', 'command'])
})
