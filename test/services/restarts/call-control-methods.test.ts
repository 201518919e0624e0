import t from 'tap'
import type { RestartTarget } from '../../../src/call-control/restart/method.ts'
import {
  CallControlMethods,
  type RestartingCallControl,
} from '../../../src/services/restarts/call-control-methods.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { PHONE } from '../../support/restart-facts.ts'

const AT = ipOf('10.20.0.50')
const OURS = ipOf('10.20.0.2')
const TARGET: RestartTarget = { mac: PHONE, address: AT, switchPort: null, telnet: null }
const noSignal = () => new AbortController().signal

function methodsOver(control: Partial<RestartingCallControl> | null, line: string | null = '1001') {
  return new CallControlMethods(() => control as RestartingCallControl | null, {
    line: () => line,
    localFor: () => OURS,
  })
}

t.test('a Reset is sent when call control says that it left', async (t) => {
  const cases = [
    { outcome: 'sent', is: { kind: 'sent' } },
    { outcome: 'session-ended', is: { kind: 'failed', reason: /session ended/ } },
    { outcome: 'loop', is: { kind: 'failed', reason: /more than 3 times/ } },
  ] as const
  for (const { outcome, is } of cases) {
    const methods = methodsOver({ reset: () => ({ kind: 'ordered', effects: [] }) })
    const sent = methods.sccp.send(TARGET, noSignal())
    methods.onNews({ kind: 'alarm', mac: PHONE, text: '', code: 22, atMs: 0 })
    methods.onNews({ kind: 'reset', mac: PHONE, outcome })
    methods.onNews({ kind: 'reset', mac: PHONE, outcome: 'sent' })
    t.match(await sent, is)
  }
})

t.test('news that comes while the order is being given counts', async (t) => {
  const methods: CallControlMethods = methodsOver({
    reset: (mac) => {
      methods.onNews({ kind: 'reset', mac, outcome: 'sent' })
      return { kind: 'ordered', effects: [] }
    },
  })
  t.same(await methods.sccp.send(TARGET, noSignal()), { kind: 'sent' })
})

t.test('a Reset that cannot be ordered has failed', async (t) => {
  const refused = (reason: 'not-connected' | 'loop') =>
    methodsOver({ reset: () => ({ kind: 'refused', reason }) }).sccp.send(TARGET, noSignal())
  t.match(await refused('not-connected'), { kind: 'failed', reason: /session has ended/ })
  t.match(await refused('loop'), { kind: 'failed', reason: /more than 3 times/ })
  t.match(await methodsOver(null).sccp.send(TARGET, noSignal()), { reason: 'call control is off' })
})

t.test('a NOTIFY goes to a line of the phone, from our address on its network', async (t) => {
  let asked: unknown
  const methods = methodsOver({
    notify: (target) => {
      asked = target
      return { kind: 'begun', effects: [] }
    },
  })
  const sent = methods.notify.send(TARGET, noSignal())
  t.same(asked, { mac: PHONE, user: '1001', client: AT, clientPort: 5060, local: OURS })
  methods.onNews({ kind: 'notify-ended', mac: PHONE, outcome: { kind: 'accepted' } })
  t.same(await sent, { kind: 'sent' })
})

t.test('any final answer but 2xx has failed, and none within 32 s', async (t) => {
  const end = (outcome: { kind: 'refused'; status: number } | { kind: 'timed-out' }) => {
    const methods = methodsOver({ notify: () => ({ kind: 'begun', effects: [] }) })
    const sent = methods.notify.send(TARGET, noSignal())
    methods.onNews({ kind: 'notify-ended', mac: PHONE, outcome })
    return sent
  }
  t.match(await end({ kind: 'refused', status: 404 }), { kind: 'failed', reason: /with 404/ })
  t.match(await end({ kind: 'timed-out' }), { kind: 'failed', reason: /within 32 s/ })
})

t.test('a NOTIFY that cannot be begun has failed', async (t) => {
  for (const kind of ['busy', 'bad-user', 'off'] as const) {
    const methods = methodsOver({ notify: () => ({ kind }) })
    t.match(await methods.notify.send(TARGET, noSignal()), { kind: 'failed' }, kind)
  }
  t.match(await methodsOver(null).notify.send(TARGET, noSignal()), { kind: 'failed' })
  const nowhere = { ...TARGET, address: null }
  t.match(await methodsOver({}).notify.send(nowhere, noSignal()), { kind: 'failed' })
  t.match(await methodsOver({}, null).notify.send(TARGET, noSignal()), { kind: 'failed' })
})

t.test('an order that is aborted settles', async (t) => {
  const methods = methodsOver({ reset: () => ({ kind: 'ordered', effects: [] }) })
  const abort = new AbortController()
  const sent = methods.sccp.send(TARGET, abort.signal)
  abort.abort()
  t.match(await sent, { kind: 'failed' })
})
