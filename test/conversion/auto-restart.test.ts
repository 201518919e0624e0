import t from 'tap'
import {
  AutoRestarts,
  MOST_ATTEMPTS,
  type RestartAnswer,
  restartReasonOf,
} from '../../src/conversion/auto-restart.ts'
import type { Conversion, Diagnosis } from '../../src/conversion/conversion.ts'
import { IN_TOTAL, PER_NETWORK } from '../../src/conversion/restart-pace.ts'
import type { Mac } from '../../src/net/mac.ts'
import { aConversion, aStep, MAC } from '../support/conversion-builders.ts'

function diagnosis(code: string): Diagnosis {
  return { code, seen: '', cause: '', remedy: '', source: '' }
}

const stalled = (code: string) =>
  aConversion({
    state: 'stalled',
    steps: [aStep({ stage: 'stalled' })],
    diagnosis: diagnosis(code),
  })

/** Automatic restarts whose time passes a second at a time, and when each was begun. */
class Bench {
  nowMs = 0
  answer: RestartAnswer = 'begun'
  lastSeenMs: number | null = null
  readonly begun: string[] = []
  readonly auto: AutoRestarts

  constructor(speed = 1, networkOf: (mac: Mac) => string | null = () => 'bench') {
    this.auto = new AutoRestarts({
      time: { speed },
      order: (mac, nowMs) => {
        if (this.answer === 'begun') this.begun.push(`${nowMs / 1000} ${mac}`)
        return this.answer
      },
      lastSeenMs: () => this.lastSeenMs,
      networkOf,
    })
  }

  report(conversion: Conversion) {
    this.auto.onConversion(conversion, this.nowMs)
  }

  wait(seconds: number) {
    for (let second = 0; second < seconds; second++) {
      this.auto.onWake(this.nowMs)
      this.nowMs += 1000
    }
  }

  ended() {
    this.auto.onEnded(MAC, this.nowMs)
  }
}

t.test('a step that waits for its phone is a reason, and a stall that a start helps', async (t) => {
  const cases: readonly { readonly why: string; readonly of: Conversion; readonly is: boolean }[] =
    [
      { why: 'it begins', of: aConversion(), is: true },
      { why: 'asked for by name', of: aConversion({ restart: 'auto' }), is: true },
      { why: 'the operator does it', of: aConversion({ restart: 'manual' }), is: false },
      {
        why: 'between two steps',
        of: aConversion({
          state: 'running',
          step: 1,
          steps: [aStep({ stage: 'confirmed' }), aStep()],
        }),
        is: true,
      },
      {
        why: 'the phone is on its way',
        of: aConversion({ state: 'running', steps: [aStep({ stage: 'booting' })] }),
        is: false,
      },
      {
        why: 'it writes its flash',
        of: aConversion({ state: 'running', steps: [aStep({ stage: 'flashing' })] }),
        is: false,
      },
      { why: 'cancelled', of: aConversion({ state: 'cancelled' }), is: false },
      { why: 'done', of: aConversion({ state: 'confirmed', step: 1 }), is: false },
      { why: 'no restart seen', of: stalled('no-reboot'), is: true },
      { why: 'silent', of: stalled('went-silent'), is: true },
      { why: 'a firewall stays where it is', of: stalled('transfer-broken'), is: false },
      { why: 'a wrong from stays wrong', of: stalled('trigger-ignored'), is: false },
      { why: 'it restarts far too often', of: stalled('boot-loop'), is: false },
      { why: 'stored without words', of: { ...stalled('x'), diagnosis: null }, is: false },
    ]
  for (const { why, of, is } of cases) t.equal(restartReasonOf(of) !== null, is, why)
})

t.test('one restart for one reason, and again after a pause, three times at most', async (t) => {
  const bench = new Bench()
  bench.report(aConversion())
  bench.wait(100)
  t.same(bench.begun, [`0 ${MAC}`], 'one shot')
  bench.report(aConversion({ updatedAtMs: 5 }))
  bench.ended()
  bench.wait(400)
  t.same(bench.begun.slice(1), [`400 ${MAC}`], 'five minutes after the end')
  bench.ended()
  bench.wait(1000)
  t.same(bench.begun.slice(2), [`1400 ${MAC}`], 'a quarter of an hour behind the second')
  bench.ended()
  bench.wait(10_000)
  t.equal(bench.begun.length, MOST_ATTEMPTS)
  t.equal(bench.auto.onWake(bench.nowMs), null, 'nothing is waited for')
})

t.test('another step is another reason', async (t) => {
  const bench = new Bench()
  bench.report(aConversion())
  bench.wait(1)
  bench.report(aConversion({ state: 'running', steps: [aStep({ stage: 'booting' })] }))
  bench.ended()
  bench.wait(3_000)
  t.equal(bench.begun.length, 1, 'a phone that has started is left alone')
  const steps = [aStep({ stage: 'confirmed' }), aStep()]
  bench.report(aConversion({ state: 'running', step: 1, steps }))
  bench.wait(1)
  t.equal(bench.begun.length, 2)
  bench.auto.forget(MAC)
  t.equal(bench.auto.onWake(bench.nowMs), null)
})

t.test('a phone that starts or fetches is given time', async (t) => {
  const bench = new Bench()
  bench.lastSeenMs = 0
  bench.report(aConversion())
  bench.wait(60)
  t.same(bench.begun, [`30 ${MAC}`])
  const fast = new Bench(10)
  fast.lastSeenMs = 0
  fast.report(aConversion())
  fast.wait(60)
  t.same(fast.begun, [`3 ${MAC}`])
})

t.test('what cannot be restarted now is looked at again, and is no attempt', async (t) => {
  for (const answer of ['not-now', 'no-method'] as const) {
    const bench = new Bench()
    bench.answer = answer
    bench.report(aConversion())
    bench.wait(1_000)
    t.equal(bench.auto.onWake(bench.nowMs), bench.nowMs + 1000)
    bench.answer = 'begun'
    bench.wait(2)
    t.same(bench.begun, [`1000 ${MAC}`], answer)
  }
})

t.test('one by hand is waited for and counts as none of ours', async (t) => {
  const bench = new Bench()
  bench.answer = 'not-now'
  bench.report(aConversion())
  bench.wait(10)
  bench.answer = 'begun'
  bench.ended()
  bench.wait(60)
  t.same(bench.begun, [`40 ${MAC}`])
  new Bench().ended()
})

t.test('at most so many a minute, of a network and in total', async (t) => {
  const macs = Array.from({ length: 200 }, (_, index) => `000E84C0${`${1000 + index}`}` as Mac)
  const of = (mac: Mac) => aConversion({ mac })
  const one = new Bench()
  for (const mac of macs) one.report(of(mac))
  one.wait(60)
  t.equal(one.begun.length, PER_NETWORK)
  one.wait(60)
  t.equal(one.begun.length, 2 * PER_NETWORK)
  const many = new Bench(1, (mac) => `vlan ${mac.slice(-1)}`)
  for (const mac of macs) many.report(of(mac))
  many.wait(60)
  t.equal(many.begun.length, IN_TOTAL)
  many.wait(60)
  t.equal(many.begun.length, macs.length)
  const fast = new Bench(10, () => null)
  for (const mac of macs) fast.report(of(mac))
  fast.wait(6)
  t.equal(fast.begun.length, PER_NETWORK, 'phones that run faster are restarted faster')
  fast.wait(1)
  t.equal(fast.begun.length, 2 * PER_NETWORK)
})
