import t from 'tap'
import type { RestartSighting } from '../../../src/call-control/restart/events.ts'
import type { RestartMethodName, SendOutcome } from '../../../src/call-control/restart/method.ts'
import { PhoneTransfers } from '../../../src/call-control/restart/phone-transfers.ts'
import {
  CHAIN_WITHIN_MS,
  METHOD_WITHIN_MS,
} from '../../../src/call-control/restart/restart-chain.ts'
import type { RestartEffect } from '../../../src/call-control/restart/restart-effect.ts'
import type { RestartFacts } from '../../../src/call-control/restart/restart-facts.ts'
import { type RestartRequest, Restarts } from '../../../src/call-control/restart/restarts.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { NOTHING_KNOWN, PHONE, SCCP_PHONE, SIP_PHONE } from '../../support/restart-facts.ts'

const SENT: SendOutcome = { kind: 'sent' }
const START: RestartSighting = { kind: 'dhcp-start' }
const BY_HAND: RestartRequest = { mac: PHONE, why: 'by-hand', named: null }

/** A restart engine whose time the test sets, and what it has done so far. */
class Bench {
  facts: RestartFacts | undefined
  nowMs = 0
  readonly transfers = new PhoneTransfers()
  readonly restarts: Restarts
  readonly log: string[] = []
  readonly #open: { attempt: number; method: RestartMethodName }[] = []

  constructor(facts: RestartFacts | undefined, speed = 1) {
    this.facts = facts
    this.restarts = new Restarts({ facts: () => this.facts, transfers: this.transfers, speed })
  }

  order(request: Partial<RestartRequest> = {}) {
    const order = this.restarts.order({ ...BY_HAND, ...request }, this.nowMs)
    if (order.kind === 'begun') this.run(order.effects)
    return order.kind
  }

  sent(outcome: SendOutcome = SENT) {
    const attempt = this.#open.at(-1)?.attempt ?? 0
    this.run(this.restarts.onSent(attempt, outcome, this.nowMs))
  }

  seen(sighting: RestartSighting) {
    this.run(this.restarts.onSeen(PHONE, sighting, this.nowMs))
  }

  /** Lets time pass in steps of a second; no adapter answers by itself. */
  wait(seconds: number) {
    for (let second = 0; second < seconds; second++) {
      this.nowMs += 1000
      this.run(this.restarts.onWake(this.nowMs))
    }
  }

  run(effects: readonly RestartEffect[]) {
    const at = `${this.nowMs / 1000}`
    for (const effect of effects) {
      if (effect.kind === 'send') {
        this.#open.push(effect)
        this.log.push(`${at} send ${effect.method}`)
      } else if (effect.kind === 'abort') this.log.push(`${at} abort`)
      else if (effect.kind === 'event') this.log.push(`${at} ${wordsOf(effect.event)}`)
    }
  }
}

function wordsOf(event: Extract<RestartEffect, { kind: 'event' }>['event']): string {
  const name = event.event.replace('phone.restart.', '')
  switch (event.event) {
    case 'phone.restart.sent':
      return `${name} ${event.method} ${event.why}`
    case 'phone.restart.seen':
      return `${name} ${event.method} ${event.by} ${event.resetCode ?? '-'} ${event.seconds}`
    case 'phone.restart.failed':
      return `${name} ${event.method}: ${event.reason}`
    case 'phone.restart.ended':
      return `${name} ${event.outcome} ${event.methods.join(',')} ${event.why}`
    default:
      return event satisfies never
  }
}

t.test('one shot: a phone that starts after the order ends the chain', async (t) => {
  const bench = new Bench(SCCP_PHONE)
  t.equal(bench.order({ why: 'conversion' }), 'begun')
  t.equal(bench.restarts.methodOf(PHONE), 'sccp')
  bench.wait(2)
  bench.sent()
  bench.wait(14)
  bench.seen(START)
  bench.seen(START)
  bench.wait(400)
  t.same(bench.log, [
    '0 send sccp',
    '2 sent sccp conversion',
    '16 seen sccp dhcp-start - 16',
    '16 ended seen sccp conversion',
  ])
  t.equal(bench.restarts.methodOf(PHONE), null)
})

t.test('what counts as a restart, and what does not', async (t) => {
  const cases: readonly { readonly sighting: RestartSighting; readonly counts: boolean }[] = [
    { sighting: { kind: 'dhcp-start' }, counts: true },
    { sighting: { kind: 'file-requests' }, counts: true },
    { sighting: { kind: 'alarm', code: 20 }, counts: true },
    { sighting: { kind: 'alarm', code: 22 }, counts: true },
    { sighting: { kind: 'alarm', code: 23 }, counts: true },
    { sighting: { kind: 'alarm', code: 25 }, counts: true },
    // 10 TCP timeout, 17 registration timeout, 14 closed by the call manager: it ran all the time.
    { sighting: { kind: 'alarm', code: 10 }, counts: false },
    { sighting: { kind: 'alarm', code: 14 }, counts: false },
    { sighting: { kind: 'alarm', code: 17 }, counts: false },
  ]
  for (const { sighting, counts } of cases) {
    const bench = new Bench(SCCP_PHONE)
    bench.order()
    bench.sent()
    bench.seen(sighting)
    const isSeen = bench.log.some((line) => line.includes(' seen '))
    t.equal(isSeen, counts, JSON.stringify(sighting))
  }
})

t.test(
  'in a chain each method follows the one that failed, once, and the end says so',
  async (t) => {
    const bench = new Bench(SIP_PHONE)
    bench.order()
    bench.sent({ kind: 'failed', reason: 'the phone answered 404' })
    bench.sent()
    bench.wait(60)
    bench.wait(6)
    bench.sent()
    bench.wait(120)
    bench.sent()
    bench.wait(60)
    t.same(bench.log, [
      '0 send notify',
      '0 failed notify: the phone answered 404',
      '0 send telnet',
      '0 sent telnet by-hand',
      '60 failed telnet: no restart was seen within 60 s',
      '60 send poe',
      '66 sent poe by-hand',
      '186 failed poe: no restart was seen within 120 s; perhaps the phone has a power adapter',
      '186 send command',
      '186 sent command by-hand',
      '246 failed command: no restart was seen within 60 s',
      '246 ended failed notify,telnet,poe,command by-hand',
    ])
  },
)

t.test('a named method is never followed by another', async (t) => {
  const bench = new Bench(SIP_PHONE)
  bench.order({ named: 'telnet' })
  bench.sent({ kind: 'failed', reason: 'connection refused' })
  t.same(bench.log, [
    '0 send telnet',
    '0 failed telnet: connection refused',
    '0 ended failed telnet by-hand',
  ])
})

t.test(
  'each method has its outcome within 130 s, the chain its own within 6 minutes',
  async (t) => {
    const bench = new Bench(SIP_PHONE)
    bench.order()
    bench.wait(400)
    t.same(bench.log, [
      '0 send notify',
      '128 abort',
      '128 failed notify: it was not done in time',
      '128 send telnet',
      '256 abort',
      '256 failed telnet: it was not done in time',
      '256 send poe',
      '355 abort',
      '355 failed poe: it was not done in time',
      '355 ended failed notify,telnet,poe by-hand',
    ])
    t.ok(METHOD_WITHIN_MS < 130_000 && CHAIN_WITHIN_MS < 360_000)
    bench.sent()
    t.equal(bench.log.length, 10, 'what an aborted attempt says later changes nothing')
  },
)

t.test('a slow send leaves less time to look: 130 s hold with PoE, too', async (t) => {
  const bench = new Bench({ ...NOTHING_KNOWN, switchPort: { port: 'sw1/7', fault: null } })
  bench.order()
  bench.wait(65)
  bench.sent()
  bench.wait(100)
  t.same(bench.log.slice(-2), [
    '128 failed poe: no restart was seen within 63 s; perhaps the phone has a power adapter',
    '128 ended failed poe by-hand',
  ])
})

t.test('a phone that starts while the order is being sent needs no other', async (t) => {
  const accepted = new Bench(SIP_PHONE)
  accepted.order()
  accepted.seen({ kind: 'file-requests' })
  accepted.seen(START)
  t.same(accepted.log, ['0 send notify'], 'nothing is seen ahead of the sending')
  accepted.sent()
  t.same(accepted.log.slice(1), [
    '0 sent notify by-hand',
    '0 seen notify file-requests - 0',
    '0 ended seen notify by-hand',
  ])
  const unanswered = new Bench(SIP_PHONE)
  unanswered.order()
  unanswered.seen(START)
  unanswered.wait(32)
  unanswered.sent({ kind: 'failed', reason: 'no answer within 32 s' })
  t.same(unanswered.log.slice(1), [
    '32 failed notify: no answer within 32 s',
    '32 ended seen notify by-hand',
  ])
})

t.test('a phone that begins to fetch after a failed method is left alone', async (t) => {
  const bench = new Bench(SIP_PHONE)
  bench.order()
  bench.sent()
  bench.wait(30)
  bench.transfers.onStarted(PHONE, 'P0S3-8-12-00.sb2', true)
  bench.wait(30)
  t.same(bench.log.slice(-2), [
    '60 failed notify: no restart was seen within 60 s',
    '60 ended failed notify by-hand',
  ])
})

t.test('why no restart begins', async (t) => {
  const loop = { ...SCCP_PHONE, isLooping: true, switchPort: { port: 'sw1/7', fault: null } }
  t.equal(new Bench(undefined).order(), 'unknown-phone')
  t.equal(new Bench(NOTHING_KNOWN).order(), 'no-method')
  t.equal(new Bench(SIP_PHONE).order({ named: 'sccp' }), 'no-method')
  t.equal(new Bench(loop).order(), 'loop')
  t.equal(new Bench(loop).order({ named: 'sccp' }), 'loop')
  t.equal(new Bench(loop).order({ named: 'poe' }), 'begun', 'named, its power may be cut')
  const under = new Bench(SIP_PHONE)
  under.order()
  t.equal(under.order(), 'busy')
  const fetching = new Bench(SIP_PHONE)
  fetching.transfers.onStarted(PHONE, 'P0S3-8-12-00.sb2', true)
  t.equal(fetching.order(), 'in-transfer')
  fetching.transfers.onEnded(PHONE, 'P0S3-8-12-00.sb2', 0)
  fetching.wait(60)
  t.match(fetching.restarts.order(BY_HAND, fetching.nowMs), {
    kind: 'in-transfer',
    retryAfterSeconds: 120,
  })
  fetching.wait(120)
  t.equal(fetching.order(), 'begun')
})

t.test('a refusal lists all five methods', async (t) => {
  const bench = new Bench(NOTHING_KNOWN)
  const order = bench.restarts.order({ ...BY_HAND, named: 'poe' }, 0)
  const methods = order.kind === 'no-method' ? order.methods : []
  t.same(
    methods.map(({ method }) => method),
    ['sccp', 'notify', 'telnet', 'poe', 'command'],
  )
  t.ok(methods.every(({ reason }) => reason !== null))
})

t.test('phones that run faster are waited for less long, and never less than 5 s', async (t) => {
  const fast = new Bench(SIP_PHONE, 10)
  fast.order({ named: 'notify' })
  fast.sent()
  fast.wait(6)
  t.same(fast.log.slice(-2), [
    '6 failed notify: no restart was seen within 6 s',
    '6 ended failed notify by-hand',
  ])
  const fastest = new Bench(SIP_PHONE, 50)
  fastest.order({ named: 'notify' })
  fastest.sent()
  fastest.wait(4)
  t.equal(fastest.restarts.methodOf(PHONE), 'notify')
  fastest.wait(1)
  t.equal(fastest.restarts.methodOf(PHONE), null)
})

t.test('a chain ends with the phone and with the appliance', async (t) => {
  const deleted = new Bench(SIP_PHONE)
  deleted.order()
  deleted.run(deleted.restarts.forget(PHONE, 0))
  t.same(deleted.log.slice(1), [
    '0 abort',
    '0 failed notify: the phone is no longer enrolled',
    '0 ended failed notify by-hand',
  ])
  t.same(deleted.restarts.forget(PHONE, 0), [])
  const stopped = new Bench(SIP_PHONE)
  stopped.order()
  stopped.sent()
  stopped.run(stopped.restarts.stop(0))
  t.same(stopped.log.slice(2), [
    '0 failed notify: the appliance stopped',
    '0 ended failed notify by-hand',
  ])
  t.same(stopped.restarts.stop(0), [])
  const gone = new Bench(SIP_PHONE)
  gone.order()
  gone.facts = undefined
  gone.sent({ kind: 'failed', reason: 'unreachable' })
  t.equal(gone.log.at(-1), '0 ended failed notify by-hand')
})

t.test('two phones do not touch each other', async (t) => {
  const other = '0003E369A125' as Mac
  const restarts = new Restarts({
    facts: (mac) => ({ ...SIP_PHONE, mac }),
    transfers: new PhoneTransfers(),
    speed: 1,
  })
  restarts.order(BY_HAND, 0)
  restarts.order({ ...BY_HAND, mac: other }, 0)
  restarts.onSent(1, SENT, 0)
  restarts.onSent(2, SENT, 1000)
  restarts.onSeen(other, START, 2000)
  t.equal(restarts.methodOf(PHONE), 'notify')
  t.equal(restarts.methodOf(other), null)
  t.match(restarts.onWake(2000), [{ kind: 'wake', atMs: 60_000 }], 'the earliest that is to come')
})

t.test('a stale chain answers nothing', async (t) => {
  const bench = new Bench(SCCP_PHONE)
  bench.order()
  bench.sent()
  bench.sent()
  t.equal(bench.log.length, 2, 'sent counts once')
  bench.seen(START)
  t.same(bench.restarts.onSeen(PHONE, START, 0), [])
  t.same(bench.restarts.onSent(99, SENT, 0), [])
})
