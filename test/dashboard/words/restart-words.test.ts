import t from 'tap'
import { RESTART_METHODS } from '../../../src/call-control/restart/method.ts'
import {
  describeAttempt,
  describeRestart,
  methodWords,
  RESTART_CHOICES,
  restartProblem,
} from '../../../src/dashboard/words/restart-words.ts'

const at = '2026-03-01T09:30:00.000Z'
const methods = RESTART_METHODS.map((method) => ({ method, reason: 'it runs SCCP' }))
const refusal = { title: 'No restart method available', status: 409, detail: 'all in one line' }

t.test('every method of the appliance can be chosen, and automatic comes first', async (t) => {
  t.same(
    RESTART_CHOICES.map(([value]) => value),
    ['', ...RESTART_METHODS],
  )
  for (const method of RESTART_METHODS) t.not(methodWords(method), method)
  t.equal(methodWords('a-later-one'), 'a-later-one')
})

t.test('how a method went is one sentence', async (t) => {
  t.equal(describeAttempt({ method: 'sccp', at, state: 'sent' }), 'SCCP Reset: sent')
  t.equal(
    describeAttempt({ method: 'telnet', at, state: 'failed', reason: 'login refused' }),
    'Telnet: failed, login refused',
  )
  const seen = { method: 'notify', at, state: 'seen', by: 'dhcp-start', seconds: 11.6 } as const
  t.equal(
    describeAttempt(seen),
    'SIP NOTIFY: the phone started 12 s later (it asked for an address)',
  )
  t.match(describeAttempt({ ...seen, by: 'later', seconds: null }), /started \(later\)$/)
})

t.test('the whole says what to wait for, or what is left to do', async (t) => {
  const sent = { method: 'sccp', at, state: 'sent' } as const
  const failed = { method: 'sccp', at, state: 'failed', reason: 'x' } as const
  const report = { key: 'a', attempts: [sent], outcome: null }
  t.match(describeRestart(report), 'Waiting for the phone')
  t.match(describeRestart({ ...report, attempts: [failed] }), 'in progress')
  t.match(describeRestart({ ...report, outcome: 'seen' }), 'has restarted')
  t.match(describeRestart({ ...report, outcome: 'failed' }), 'by hand')
})

t.test('a refusal has a line a method, and says what is left', async (t) => {
  const none = restartProblem({ ...refusal, methods })
  t.match(none.detail, 'Restart it by hand')
  t.same(none.problems?.[0], { path: 'SCCP Reset:', message: 'it runs SCCP' })
  t.equal(none.problems?.length, RESTART_METHODS.length)
  const one = { method: 'command', reason: null }
  const named = restartProblem({ ...refusal, methods: [...methods.slice(0, 4), one] })
  t.notMatch(named.detail, 'by hand')
  t.same(named.problems?.at(-1), { path: 'Restart command:', message: 'can be used' })
  t.equal(restartProblem(refusal), refusal, 'any other refusal stays as it is')
})
