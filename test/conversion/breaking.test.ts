import t from 'tap'
import { ConversionJob } from '../../src/conversion/conversion-job.ts'
import type { ConversionEffect } from '../../src/conversion/effect.ts'
import type { Target } from '../../src/conversion/target.ts'
import { readRequestedFile } from '../../src/phones/requested-file.ts'
import {
  aConversion,
  aStep,
  MAC,
  SCCP_5_0,
  SIP_6_3,
  SIP_8_12,
} from '../support/conversion-builders.ts'

// Phones that broke an earlier form of the evidence: each of them was confirmed, or diagnosed, and should
// not have been. Found by scripted phones that went through every plan and were cut off at every second.

const SEP = `SEP${MAC}.cnf.xml`
const SIP = `SIP${MAC}.cnf`

type How = 'whole' | 'absent' | 'broken'

/** A phone that plays what it is told to, and an appliance that can be started anew. */
class Phone {
  job: ConversionJob
  readonly told: string[] = []
  confirmedAt: number | null = null
  readonly #target: Target
  #nowMs = 0

  constructor(target: Target, from: string | null) {
    const method = target.ual ? 'ual' : 'image_version'
    const steps = [aStep({ load: target.load, method })]
    this.#target = target
    this.job = new ConversionJob(aConversion({ from, to: target.load, steps }), [target])
  }

  ask(atS: number, name: string, how: How = 'whole'): this {
    this.wait(atS)
    this.#hear(this.job.onRequest(readRequestedFile(name), this.#nowMs))
    if (how === 'absent') this.#hear(this.job.onAbsent(name, this.#nowMs))
    else {
      const [bytes, outcome] =
        how === 'whole' ? ([9, 'completed'] as const) : ([4, 'failed'] as const)
      this.#hear(this.job.onTransfer({ file: name, bytes, of: 9, outcome }, this.#nowMs))
    }
    return this
  }

  dhcp(atS: number): this {
    this.wait(atS)
    this.#hear(this.job.onBoot(this.#target.ual ? 'ual' : 'pre-ual', this.#nowMs))
    return this
  }

  wait(untilS: number): this {
    for (; this.#nowMs < untilS * 1_000; this.#nowMs += 250) {
      const { wakeAtMs } = this.job
      if (wakeAtMs !== null && wakeAtMs <= this.#nowMs) this.#hear(this.job.onWake(this.#nowMs))
    }
    this.#nowMs = untilS * 1_000
    return this
  }

  get diagnosis(): string | null {
    return this.job.conversion.diagnosis?.code ?? null
  }

  #hear(effects: readonly ConversionEffect[]): void {
    for (const effect of effects) {
      if (effect.kind !== 'note') continue
      this.told.push(effect.event.event)
      if (effect.event.event === 'conversion.confirmed') this.confirmedAt = this.#nowMs / 1_000
    }
  }
}

t.test('a phone that is served nothing, because it is not what it is said to be', async (t) => {
  // Said to run SIP 8.12, and runs SCCP 3.3: it gets no configuration and goes on with what it has.
  const phone = new Phone(SCCP_5_0, SIP_8_12.load)
  phone
    .ask(1, 'OS79XX.TXT', 'absent')
    .ask(2, SEP, 'absent')
    .ask(2.5, 'XMLDefault.cnf.xml', 'absent')
  phone.wait(200)
  t.equal(phone.confirmedAt, null)
  t.equal(phone.diagnosis, 'other-generation')
})

t.test('a configuration that is not there names no load', async (t) => {
  const phone = new Phone(SIP_6_3, null)
  phone.ask(1, 'OS79XX.TXT', 'absent').ask(2, 'SIPDefault.cnf', 'absent').ask(2.5, SIP, 'absent')
  phone.wait(60)
  t.equal(phone.confirmedAt, null)
})

t.test('a phone that never gets its image whole has not refused .loads', async (t) => {
  const phone = new Phone(SIP_8_12, 'P00308000500')
  for (let atS = 10; atS < 600; atS += 60) {
    phone
      .ask(atS, `CTLSEP${MAC}.tlv`, 'absent')
      .ask(atS + 0.5, SEP)
      .ask(atS + 1, 'P0S3-8-12-00.loads')
    phone.ask(atS + 3, 'P0S3-8-12-00.sb2', 'broken')
  }
  t.equal(phone.diagnosis, 'transfer-broken')
  t.equal(phone.told.filter((event) => event === 'conversion.stalled').length, 1)
})

t.test('a start counts that ended by a power-cycle which DHCP saw', async (t) => {
  const phone = new Phone(SCCP_5_0, 'P00303030300')
  const start = (atS: number) =>
    phone
      .dhcp(atS)
      .ask(atS + 1, 'OS79XX.TXT')
      .ask(atS + 2, SEP)
  start(1).ask(10, 'P00305000300.bin')
  start(60)
  start(75).wait(80)
  t.equal(phone.confirmedAt, null)
  phone.wait(82)
  t.equal(phone.confirmedAt, 81, 'the second start that asks for no image')
})
