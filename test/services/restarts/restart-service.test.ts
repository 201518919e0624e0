import t from 'tap'
import type { RestartEvent } from '../../../src/call-control/restart/events.ts'
import type { RestartMethod, SendOutcome } from '../../../src/call-control/restart/method.ts'
import type { RestartFacts } from '../../../src/call-control/restart/restart-facts.ts'
import { NO_FACTS } from '../../../src/conversion/step-facts.ts'
import type { DhcpEvent } from '../../../src/dhcp/events.ts'
import { Observers } from '../../../src/services/observers.ts'
import { RestartService } from '../../../src/services/restarts/restart-service.ts'
import type { Tracking } from '../../../src/services/tracking/tracking.ts'
import { aConversion, aStep } from '../../support/conversion-builders.ts'
import { PHONE, SCCP_PHONE, SIP_PHONE } from '../../support/restart-facts.ts'

type Timer = { readonly atMs: number; readonly call: () => void }

/** The service with adapters that the test answers for, on a clock that it sets. */
class Bench {
  nowMs = 1_000_000
  facts: RestartFacts | undefined
  outcome: SendOutcome | Error | null = { kind: 'sent' }
  readonly events: RestartEvent[] = []
  readonly sends: string[] = []
  readonly service: RestartService
  readonly #timers = new Set<Timer>()

  constructor(facts: RestartFacts, names: readonly RestartMethod['name'][] = ['sccp', 'notify']) {
    this.facts = facts
    this.service = new RestartService({
      methods: names.map((name) => ({ name, send: (_target, signal) => this.#send(name, signal) })),
      facts: () => this.facts,
      networkOf: () => 'bench',
      time: { speed: 1 },
      onEvent: (event) => this.events.push(event),
      nowMs: () => this.nowMs,
      startTimer: (call, delayMs) => {
        const timer = { atMs: this.nowMs + delayMs, call }
        this.#timers.add(timer)
        return () => this.#timers.delete(timer)
      },
    })
  }

  async #send(name: string, signal: AbortSignal): Promise<SendOutcome> {
    this.sends.push(name)
    if (this.outcome instanceof Error) throw this.outcome
    if (this.outcome !== null) return this.outcome
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ kind: 'failed', reason: 'aborted' }))
    })
  }

  /** Lets time pass, second by second, and whatever was promised happen. */
  async wait(seconds: number) {
    const untilMs = this.nowMs + seconds * 1000
    for (; this.nowMs < untilMs; this.nowMs += 1000) {
      for (const timer of [...this.#timers].filter(({ atMs }) => atMs <= this.nowMs)) {
        this.#timers.delete(timer)
        timer.call()
      }
      for (let turn = 0; turn < 8; turn++) await Promise.resolve()
    }
  }

  get reported() {
    return this.events.map(({ event }) => event.replace('phone.restart.', ''))
  }
}

t.test('a restart by hand: the method at once, the outcome by events', async (t) => {
  const bench = new Bench(SCCP_PHONE)
  t.same(bench.service.order(PHONE, null), { kind: 'begun', method: 'sccp' })
  t.same(bench.events, [], 'the answer comes first')
  t.same(bench.service.order(PHONE, 'sccp'), { kind: 'busy', method: 'sccp' })
  await bench.wait(20)
  bench.service.onSighting(PHONE, { kind: 'dhcp-start' }, bench.nowMs)
  t.same(bench.reported, ['sent', 'seen', 'ended'])
  t.match(bench.events[1], { method: 'sccp', by: 'dhcp-start', seconds: 20 })
})

t.test('an Alarm of call control is a sighting, where it says why the phone started', async (t) => {
  const bench = new Bench(SCCP_PHONE)
  bench.service.order(PHONE, null)
  await bench.wait(1)
  const alarm = { kind: 'alarm', mac: PHONE, text: '', atMs: bench.nowMs } as const
  bench.service.onNews({ ...alarm, code: null })
  bench.service.onNews({ ...alarm, code: 17 })
  bench.service.onNews({ kind: 'reset', mac: PHONE, outcome: 'sent' })
  t.same(bench.reported, ['sent'])
  bench.service.onNews({ ...alarm, code: 22 })
  t.match(bench.events[1], { event: 'phone.restart.seen', by: 'alarm', resetCode: 22 })
})

t.test('an adapter that throws has failed, with its words', async (t) => {
  const bench = new Bench(SIP_PHONE)
  bench.outcome = new Error('the network is unreachable')
  bench.service.order(PHONE, 'notify')
  await bench.wait(1)
  t.match(bench.events[0], { event: 'phone.restart.failed', reason: 'the network is unreachable' })
})

t.test('a method without an adapter cannot be used', async (t) => {
  const bench = new Bench(SIP_PHONE, ['sccp'])
  t.equal(bench.service.canRestart(PHONE), true, 'NOTIFY needs nothing but what is known')
  bench.service.order(PHONE, 'notify')
  await bench.wait(1)
  t.match(bench.events[0], { reason: 'there is no adapter for it' })
  for (const method of ['telnet', 'poe', 'command'] as const) {
    t.equal(bench.service.order(PHONE, method).kind, 'no-method', method)
  }
  bench.facts = undefined
  t.equal(bench.service.canRestart(PHONE), false)
  t.equal(bench.service.order(PHONE, null).kind, 'unknown-phone')
})

t.test('a conversion that begins restarts its phone, one that is by hand does not', async (t) => {
  const bench = new Bench(SIP_PHONE)
  bench.service.onConversion(aConversion({ restart: 'manual' }))
  await bench.wait(2)
  t.same(bench.sends, [])
  bench.service.onConversion(aConversion())
  await bench.wait(2)
  t.same(bench.sends, ['notify'])
  t.match(bench.events[0], { event: 'phone.restart.sent', why: 'conversion' })
  bench.service.onSighting(PHONE, { kind: 'file-requests' }, bench.nowMs)
  bench.service.onConversion(aConversion({ steps: [aStep({ stage: 'booting' })] }))
  await bench.wait(1_000)
  t.same(bench.sends, ['notify'], 'once')
})

t.test('a phone that never comes back: three chains, and then it is left alone', async (t) => {
  const bench = new Bench(SIP_PHONE, ['notify', 'telnet', 'poe', 'command'])
  bench.service.onConversion(aConversion())
  await bench.wait(10_000)
  const chain = ['notify', 'telnet', 'poe', 'command']
  t.same(bench.sends, [...chain, ...chain, ...chain])
  t.equal(bench.reported.filter((name) => name === 'ended').length, 3)
})

t.test('an image is waited for, during its transfer and for 180 s after it', async (t) => {
  const bench = new Bench(SIP_PHONE)
  t.equal(bench.service.isBusy(PHONE), false)
  bench.service.onTransferStarted(PHONE, 'k', 'P0S3-8-12-00.sb2', bench.nowMs)
  t.equal(bench.service.isBusy(PHONE), true)
  bench.service.onConversion(aConversion())
  await bench.wait(100)
  t.same(bench.sends, [])
  t.match(bench.service.order(PHONE, null), { kind: 'in-transfer', retryAfterSeconds: 180 })
  bench.service.onTransferEnded(PHONE, 'k', bench.nowMs)
  await bench.wait(179)
  t.same(bench.sends, [])
  await bench.wait(5)
  t.same(bench.sends, ['notify'])
})

t.test('a phone that loops is not restarted by itself', async (t) => {
  const bench = new Bench({ ...SCCP_PHONE, isLooping: true })
  bench.service.onConversion(aConversion())
  await bench.wait(100)
  t.same(bench.events, [])
  t.equal(bench.service.order(PHONE, null).kind, 'loop')
})

t.test('after a start: images of before count, and a phone is given time', async (t) => {
  const bench = new Bench(SIP_PHONE)
  const facts = { ...NO_FACTS, lastImageAtMs: bench.nowMs - 60_000 }
  const over = aConversion({ state: 'confirmed', step: 1 })
  bench.service.resume([over])
  bench.service.resume([aConversion({ steps: [aStep({ facts })] })])
  t.match(bench.service.order(PHONE, null), { kind: 'in-transfer', retryAfterSeconds: 120 })
  await bench.wait(125)
  t.same(bench.sends, ['notify'])
  const fetching = new Bench(SIP_PHONE)
  fetching.service.resume([aConversion({ steps: [aStep({ stage: 'fetching' })] })])
  t.match(fetching.service.order(PHONE, null), { kind: 'in-transfer', retryAfterSeconds: 180 })
  const waiting = new Bench(SIP_PHONE)
  waiting.service.resume([aConversion()])
  await waiting.wait(29)
  t.same(waiting.sends, [])
  await waiting.wait(5)
  t.same(waiting.sends, ['notify'])
})

t.test('a stop ends what is under way, and waits for the adapters', async (t) => {
  const bench = new Bench(SIP_PHONE)
  bench.outcome = null
  bench.service.order(PHONE, 'notify')
  await bench.wait(1)
  const closed = bench.service.close()
  await closed
  t.same(bench.reported, ['failed', 'ended'])
  t.match(bench.events[0], { reason: 'the appliance stopped' })
  bench.service.onConversion(aConversion())
  await bench.wait(100)
  t.equal(bench.sends.length, 1, 'nothing is begun any more')
})

t.test('a deleted phone is forgotten', async (t) => {
  const bench = new Bench(SIP_PHONE)
  bench.outcome = null
  bench.service.onConversion(aConversion())
  await bench.wait(2)
  bench.facts = undefined
  bench.service.forget(PHONE)
  await bench.wait(1_000)
  t.same(bench.reported, ['failed', 'ended'])
  t.equal(bench.sends.length, 1)
})

t.test('what tracking reports of its phones: starts on their network, and transfers', async (t) => {
  const bench = new Bench(SCCP_PHONE)
  const dhcpEvents: Tracking['dhcpEvents'] = new Observers()
  const tftpEvents: Tracking['tftpEvents'] = new Observers()
  bench.service.follow({ dhcpEvents, tftpEvents }, () => 'bench')
  const boot = { event: 'dhcp.offer.sent', mac: PHONE, scope: 'bench', isBoot: true } as DhcpEvent
  bench.service.order(PHONE, null)
  await bench.wait(1)
  const others = [
    { ...boot, isBoot: false },
    { ...boot, scope: 'elsewhere' },
    { ...boot, event: 'dhcp.discover.ignored' },
    { ...boot, mac: null },
    { event: 'dhcp.rogue.seen', scope: 'bench' },
  ] as DhcpEvent[]
  for (const event of others) dhcpEvents.notify(event, true, bench.nowMs)
  dhcpEvents.notify(boot, false, bench.nowMs)
  t.same(bench.reported, ['sent'])
  dhcpEvents.notify(boot, true, bench.nowMs)
  t.same(bench.reported, ['sent', 'seen', 'ended'])
  const transfer = { client: 1, clientTid: 2, atMs: bench.nowMs, name: 'P0S3-8-12-00.sb2' }
  tftpEvents.notify({ ...transfer, event: 'tftp.transfer.started' } as never, null, null)
  t.equal(bench.service.order(PHONE, 'sccp').kind, 'begun', 'of another device')
  bench.service.onSighting(PHONE, { kind: 'dhcp-start' }, bench.nowMs)
  await bench.wait(1)
  tftpEvents.notify({ ...transfer, event: 'tftp.transfer.started' } as never, PHONE, null)
  tftpEvents.notify({ ...transfer, event: 'tftp.transfer.progress' } as never, PHONE, null)
  t.equal(bench.service.order(PHONE, 'sccp').kind, 'in-transfer')
  tftpEvents.notify({ ...transfer, event: 'tftp.transfer.ended' } as never, PHONE, null)
  await bench.wait(185)
  t.equal(bench.service.order(PHONE, 'sccp').kind, 'begun')
})

t.test(
  'a phone of another appliance is not restarted by hand, and each method says so',
  async (t) => {
    const service = new RestartService({
      methods: [{ name: 'sccp', send: async () => ({ kind: 'sent' }) }],
      facts: () => SCCP_PHONE,
      networkOf: () => 'voice',
      actsFor: () => false,
      time: { speed: 1 },
      onEvent: () => undefined,
      nowMs: () => 0,
      startTimer: () => () => undefined,
    })
    const reason = 'another appliance serves the network of the phone'
    t.same(service.order(PHONE, null), {
      kind: 'no-method',
      methods: [{ method: 'sccp', reason }],
    })
  },
)
