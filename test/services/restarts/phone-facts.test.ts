import t from 'tap'
import type { Registration } from '../../../src/call-control/registration.ts'
import type { Phone } from '../../../src/inventory/phone.ts'
import type { SwitchPort } from '../../../src/net/switch-port.ts'
import { type FactSources, factsOf } from '../../../src/services/restarts/phone-facts.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { aPhone } from '../../support/conversion-builders.ts'
import { PHONE } from '../../support/restart-facts.ts'

const OURS = ipOf('10.20.0.2')
const AT = ipOf('10.20.0.50')
const LISTENS = [{ address: OURS, port: 5060 }]

const REGISTERED: Registration = {
  mac: PHONE,
  protocol: 'sip',
  version: '8.0',
  load: null,
  userAgent: 'Cisco-CP7960G/8.0',
  address: AT,
  registeredAtMs: 0,
  expiresAtMs: 1,
  lastReset: null,
  lastResetCode: null,
}

type Change = Partial<Omit<FactSources, 'callControl'>> & {
  readonly phone?: Partial<Phone>
  readonly registration?: Registration
  readonly asked?: readonly string[]
  readonly load?: string
  readonly isOff?: boolean
}

function facts(change: Change = {}) {
  const { phone = {}, registration, asked = [], load = null, isOff = false, ...sources } = change
  const control = {
    registration: () => registration,
    hasSession: () => registration?.protocol === 'sccp',
    isLooping: () => false,
    listeners: { sip: LISTENS, sccp: LISTENS },
  }
  const all = {
    inventory: { phone: () => aPhone({ mac: PHONE, ...phone }) },
    leaseTable: { leaseOf: () => undefined },
    engine: { takenToRun: () => load, boot: () => ({ asked }) },
    served: { settingsOf: () => ({ line: null, telnet: null }) },
    networks: () => [{ name: 'bench', address: OURS, callControl: true }],
    networkAt: () => 'bench',
    callControl: () => (isOff ? null : control),
    switchNames: () => ['sw1'],
    hasCommand: () => false,
    ...sources,
  }
  return factsOf(all as unknown as FactSources, PHONE, 0)
}

t.test('nothing is known of a device that is not enrolled', async (t) => {
  t.equal(facts({ inventory: { phone: () => undefined } }), undefined)
})

t.test(
  'a phone is where it registered from, else at its lease, else at its fixed address',
  async (t) => {
    const fixed = ipOf('10.20.0.60')
    const leased = { leaseTable: { leaseOf: () => ({ address: ipOf('10.20.0.70') }) as never } }
    t.equal(facts()?.address, null)
    t.equal(facts({ phone: { address: fixed } })?.address, fixed)
    t.equal(facts({ phone: { address: fixed }, ...leased })?.address, ipOf('10.20.0.70'))
    t.equal(facts({ registration: REGISTERED, ...leased })?.address, AT)
  },
)

t.test('what it runs: by registration, else by load, else by what it asked', async (t) => {
  const sccp = { ...REGISTERED, protocol: 'sccp', version: '8.1(2.0)' } as const
  const cases: readonly { readonly change: Change; readonly is: unknown }[] = [
    { change: {}, is: null },
    { change: { asked: ['ringlist-dat'] }, is: { protocol: 'sip', major: null } },
    { change: { asked: ['ringlist-xml'] }, is: { protocol: 'sccp', major: null } },
    { change: { load: 'P0S3-8-12-00' }, is: { protocol: 'sip', major: 8 } },
    { change: { load: 'P00308000500' }, is: { protocol: 'sccp', major: 8 } },
    { change: { load: 'not a load' }, is: null },
    { change: { load: 'P0M3-07-7-00' }, is: null },
    {
      change: { registration: REGISTERED, load: 'P00308000500' },
      is: { protocol: 'sip', major: 8 },
    },
    {
      change: { registration: { ...REGISTERED, version: null } },
      is: { protocol: 'sip', major: 2 },
    },
    { change: { registration: sccp }, is: { protocol: 'sccp', major: null } },
  ]
  for (const { change, is } of cases) t.same(facts(change)?.runs, is, JSON.stringify(change))
})

t.test('call control counts where its network has it and something listens', async (t) => {
  t.match(facts(), { callControl: { sip: true, sccp: true } })
  t.match(facts({ isOff: true }), {
    callControl: { sip: false, sccp: false },
    hasSession: false,
    isLooping: false,
  })
  const without = () => [{ name: 'bench', address: OURS, callControl: false }]
  t.match(facts({ networks: without }), { callControl: { sip: false, sccp: false } })
  const two = () => [
    { name: 'a', address: OURS, callControl: true },
    { name: 'b', address: AT, callControl: true },
  ]
  t.match(facts({ networks: two }), { callControl: { sip: false } }, 'which one is not known')
  t.match(facts({ networks: two, phone: { network: 'a' } }), { callControl: { sip: true } })
})

t.test('its own switch port goes before that of its network', async (t) => {
  const port = (text: string) => text as SwitchPort
  const bench = () => [
    { name: 'bench', address: OURS, callControl: true, switchPort: port('sw1/1') },
  ]
  t.equal(facts()?.switchPort, null)
  t.same(facts({ networks: bench })?.switchPort, { port: 'sw1/1', fault: null })
  t.same(facts({ networks: bench, phone: { switchPort: port('sw1/7') } })?.switchPort, {
    port: 'sw1/7',
    fault: null,
  })
  t.match(facts({ phone: { switchPort: port('sw9/7') } })?.switchPort, {
    port: 'sw9/7',
    fault: /no switch sw9/,
  })
})

t.test('of a phone that has not started and was never converted nothing is known', async (t) => {
  const engine = { takenToRun: () => null, boot: () => null } as never
  t.equal(facts({ engine })?.runs, null)
  t.equal(facts({ asked: ['sip-default'] })?.runs, null, 'what both protocols ask for')
})
