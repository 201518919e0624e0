import t from 'tap'
import {
  methodStates,
  type RestartFacts,
  targetFrom,
} from '../../../src/call-control/restart/restart-facts.ts'
import { NOTHING_KNOWN, PHONE, SCCP_PHONE, SIP_PHONE } from '../../support/restart-facts.ts'

const reasonsOf = (facts: RestartFacts) =>
  Object.fromEntries(methodStates(facts).map(({ method, reason }) => [method, reason]))

t.test('of a phone that nothing is known of, each method says what is missing', async (t) => {
  t.same(methodStates(NOTHING_KNOWN), [
    { method: 'sccp', reason: 'its network has no SCCP call control' },
    { method: 'notify', reason: 'it has not shown what it runs' },
    { method: 'telnet', reason: 'it has not shown what it runs' },
    { method: 'poe', reason: 'neither the phone nor its network has a switchPort' },
    { method: 'command', reason: 'no restart.command is configured' },
  ])
})

t.test('a SIP phone can be restarted by all but SCCP, an SCCP phone by SCCP', async (t) => {
  t.same(reasonsOf(SIP_PHONE), {
    sccp: 'it is not registered with our SCCP call manager',
    notify: null,
    telnet: null,
    poe: null,
    command: null,
  })
  t.match(reasonsOf(SCCP_PHONE), {
    sccp: null,
    notify: 'it runs SCCP',
    telnet: 'it runs SCCP',
  })
})

t.test('each fact that a method wants is missed by a reason of its own', async (t) => {
  const cases: readonly {
    readonly why: string
    readonly facts: RestartFacts
    readonly method: string
    readonly reason: RegExp
  }[] = [
    {
      why: 'the session ended, its registration stands',
      facts: { ...SCCP_PHONE, hasSession: false },
      method: 'sccp',
      reason: /session has ended/,
    },
    {
      why: 'it registers again and again (chan-sccp issue 412)',
      facts: { ...SCCP_PHONE, isLooping: true },
      method: 'sccp',
      reason: /more than 3 times/,
    },
    {
      why: 'SIP 2.x reads one line, so it has no line name (document 5455, W210)',
      facts: { ...SIP_PHONE, runs: { protocol: 'sip', major: 2 } },
      method: 'notify',
      reason: /SIP 2\.x/,
    },
    {
      why: 'SIP 2.x has no telnet password either',
      facts: { ...SIP_PHONE, runs: { protocol: 'sip', major: 2 } },
      method: 'telnet',
      reason: /SIP 2\.x/,
    },
    {
      why: 'nobody sends a NOTIFY from a network without our registrar',
      facts: { ...SIP_PHONE, callControl: { sip: false, sccp: true } },
      method: 'notify',
      reason: /no SIP call control/,
    },
    {
      why: 'no address',
      facts: { ...SIP_PHONE, address: null },
      method: 'notify',
      reason: /address is not known/,
    },
    {
      why: 'no address',
      facts: { ...SIP_PHONE, address: null },
      method: 'telnet',
      reason: /address is not known/,
    },
    {
      why: 'a NOTIFY without a user is answered 400',
      facts: { ...SIP_PHONE, line: null },
      method: 'notify',
      reason: /no line/,
    },
    {
      why: 'a blank is not valid in a URI',
      facts: { ...SIP_PHONE, line: 'front office' },
      method: 'notify',
      reason: /front office, is not valid in a SIP URI/,
    },
    {
      why: 'telnet is off unless the files say otherwise',
      facts: { ...SIP_PHONE, telnet: null },
      method: 'telnet',
      reason: /telnet_level/,
    },
    {
      why: 'the switch of the port is not configured',
      facts: { ...SIP_PHONE, switchPort: { port: 'sw9/7', fault: 'there is no switch sw9' } },
      method: 'poe',
      reason: /there is no switch sw9/,
    },
  ]
  for (const { why, facts, method, reason } of cases) {
    t.match(reasonsOf(facts)[method], reason, `${method}: ${why}`)
  }
})

t.test('a generation that does not tell its major is taken for one with lines', async (t) => {
  const facts: RestartFacts = { ...SIP_PHONE, runs: { protocol: 'sip', major: null } }
  t.match(reasonsOf(facts), { notify: null, telnet: null })
})

t.test('the target holds what adapters need, and null for what is not there', async (t) => {
  t.same(targetFrom(SIP_PHONE), {
    mac: PHONE,
    address: SIP_PHONE.address,
    switchPort: 'sw1/7',
    telnet: { level: 1, password: 'cisco' },
  })
  t.same(targetFrom(NOTHING_KNOWN), {
    mac: PHONE,
    address: null,
    switchPort: null,
    telnet: null,
  })
})
