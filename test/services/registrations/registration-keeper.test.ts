import t from 'tap'
import { startNodeTimer } from '../../../src/adapters/clock/node-timer.ts'
import type { RegistrationEffect } from '../../../src/call-control/effect.ts'
import type { Registration } from '../../../src/call-control/registration.ts'
import { RegistrationTable } from '../../../src/call-control/registration-table.ts'
import { SipRegistrar } from '../../../src/call-control/sip/sip-registrar.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { Counters } from '../../../src/services/events/counters.ts'
import type { JournalEntry } from '../../../src/services/events/journal.ts'
import { RegistrationKeeper } from '../../../src/services/registrations/registration-keeper.ts'
import { aLog } from '../../support/a-log.ts'
import { AT, onePhone, PHONE, US } from '../../support/call-control.ts'

function aRegister(userAgent: string): Uint8Array {
  return Buffer.from(
    [
      'REGISTER sip:192.0.2.2 SIP/2.0',
      'Via: SIP/2.0/UDP 192.0.2.50:5060;branch=z9hG4bK1',
      'From: <sip:1001@192.0.2.2>;tag=000e84c060a60002',
      'To: <sip:1001@192.0.2.2>',
      'Call-ID: 000e84c0-60a60002-63a6dd5e-3bd6f6b2@192.0.2.50',
      'CSeq: 101 REGISTER',
      `User-Agent: ${userAgent}`,
      'Contact: <sip:1001@192.0.2.50>',
      '\r\n',
    ].join('\r\n'),
  )
}

t.test(
  'a phone that keeps registering as another version fills neither log nor journal',
  async (t) => {
    const journal: JournalEntry[] = []
    const { log, lines } = aLog()
    const keeper = new RegistrationKeeper({
      startTimer: startNodeTimer,
      log,
      journal: { record: (entry) => void journal.push(entry) },
      counters: new Counters(),
      store: { load: async () => ({ registrations: [], faults: [] }), save: async () => {} },
      networkOf: () => 'bench',
      onStoreFault: (error) => t.fail(String(error)),
    })
    const registrar = new SipRegistrar(onePhone(), new RegistrationTable(), Buffer.alloc(32))
    const from = { client: AT, clientPort: 5060, local: US }
    for (let count = 0; count < 20_000; count++) {
      const bytes = aRegister(`CSCO/${4 + (count % 4)}`)
      const effects = registrar.onDatagram({ ...from, bytes }, 1_000_000 + count / 20)
      for (const effect of effects) if (effect.kind === 'event') keeper.run([effect])
    }
    t.ok(lines.length >= 10 && lines.length <= 200, `${lines.length} lines`)
    t.ok(journal.length >= 10 && journal.length <= 400, `${journal.length} events`)
    const next = registrar.onDatagram({ ...from, bytes: aRegister('CSCO/3') }, 2_000_000)
    for (const effect of next) if (effect.kind === 'event') keeper.run([effect])
    t.match(journal.at(-1), { event: 'phone.registered', mac: PHONE, fields: { leftOut: Number } })
    for (let count = 0; count < 1_000; count++) {
      const bytes = aRegister(`CSCO/${4 + (count % 4)}`)
      const effects = registrar.onDatagram({ ...from, bytes }, 3_000_000)
      for (const effect of effects) if (effect.kind === 'event') keeper.run([effect])
    }
    keeper.reportLeftOut(3_010_000)
    t.match(lines.at(-1), { event: 'events.left.out', of: 'outcome', events: Number })
    await keeper.close()
  },
)

function aKeeper(hasEvidence = true) {
  const stored: [Mac, Registration | null][] = []
  const delays: number[] = []
  const evidence: unknown[] = []
  const counters = new Counters()
  const { log, lines } = aLog()
  const keeper = new RegistrationKeeper({
    startTimer: (_call, delayMs) => {
      delays.push(delayMs)
      return () => undefined
    },
    log,
    journal: { record: () => undefined },
    counters,
    store: {
      load: async () => ({ registrations: [], faults: [] }),
      save: async (batch) => void stored.push(...batch),
    },
    networkOf: () => 'bench',
    ...(hasEvidence ? { onEvidence: (one: unknown) => evidence.push(one) } : {}),
    onStoreFault: (error) => t.fail(String(error)),
  })
  return { keeper, stored, delays, evidence, counters, lines }
}

const REGISTRATION = { mac: PHONE, protocol: 'sip' } as Registration

t.test('a new registration is stored at once, a refresh with others of its second', async (t) => {
  const { keeper, stored, delays } = aKeeper()
  const store = { kind: 'store', mac: PHONE, registration: REGISTRATION } as const
  keeper.run([{ ...store, isRefresh: true }])
  t.same(delays, [1_000])
  keeper.run([{ ...store, registration: null, isRefresh: false }])
  await keeper.close()
  t.same(stored, [[PHONE, null]], 'the newest state')
})

t.test('a registration is handed on as evidence where conversions want it', async (t) => {
  const seen = { atMs: 1, protocol: 'sip', version: '8.0', load: null } as const
  const effect = { kind: 'evidence', mac: PHONE, ...seen } as unknown as RegistrationEffect
  const { keeper, evidence } = aKeeper()
  keeper.run([effect])
  t.match(evidence, [{ mac: PHONE, version: '8.0', kind: undefined }])
  const { keeper: alone, evidence: none } = aKeeper(false)
  alone.run([effect])
  t.same(none, [])
})

t.test('refused messages are counted, and logged within a limit', async (t) => {
  const { keeper, counters, lines } = aKeeper()
  for (let nth = 0; nth < 50; nth++) {
    keeper.refused({ address: AT, reason: 'malformed' } as never, 'sip', 1_000)
  }
  const labels = { protocol: 'sip', reason: 'malformed' }
  t.same(counters.series('call_control_refusals'), [{ labels, value: 50 }])
  t.equal(lines.length, 10)
  t.match(lines[0], { event: 'phone.registration.refused', level: 'debug' })
})

t.test('an event without an address is told without one', async (t) => {
  const { keeper, lines } = aKeeper()
  const event = { event: 'phone.registration.expired', mac: PHONE, protocol: 'sip' } as never
  keeper.run([{ kind: 'event', event, atMs: 1 }])
  t.match(lines, [{ event: 'phone.registration.expired', network: 'bench', address: undefined }])
})
