import t, { type Test } from 'tap'
import { readLinkState } from '../../../appliance/start/link-state.ts'

/** A system that has interface eth1 like this. */
function aSystem(t: Test, files: Readonly<Record<string, string>> | null) {
  const dev = 'Inter-| Receive\n face |bytes\n    lo: 0 0\n  eth1: 0 0\n'
  return t.testdir({
    proc: { net: { dev } },
    ...(files === null ? {} : { sys: { class: { net: { eth1: files } } } }),
  })
}

t.test('what the system says of a link', async (t) => {
  const cases = [
    { files: { flags: '0x1003\n', carrier: '1\n' }, state: 'up' },
    { files: { flags: '0x1002\n' }, state: 'down' },
    { files: { flags: '0x1003\n', carrier: '0\n' }, state: 'no-carrier' },
    { files: { flags: '0x1003\n' }, state: 'up', why: 'a driver that tells nothing of carriers' },
    { files: null, state: 'unknown', why: 'the /sys of another namespace' },
  ]
  for (const { files, state, why = state } of cases) {
    await t.test(why, async (t) => t.equal(readLinkState('eth1', aSystem(t, files)), state))
  }
})

t.test('an interface that is nowhere is gone; without /proc nothing is known', async (t) => {
  t.equal(readLinkState('eth2', aSystem(t, null)), 'gone')
  t.equal(readLinkState('eth2', t.testdir()), 'unknown')
  t.equal(readLinkState('lo'), 'up', 'this machine has loopback')
})
