import type { Conversion } from '../../src/conversion/conversion.ts'
import { ConversionJob } from '../../src/conversion/conversion-job.ts'
import type { ConversionEffect } from '../../src/conversion/events.ts'
import { NO_FACTS } from '../../src/conversion/step-facts.ts'
import type { Target } from '../../src/conversion/target.ts'
import { readRequestedFile } from '../../src/phones/requested-file.ts'
import { aConversion, aStep } from './conversion-builders.ts'

/** A request of a script: seconds, name, and the port where it matters. */
export type ScriptedRequest = readonly [atS: number, name: string, port?: number]

/** How a transfer ends. */
type How = 'whole' | 'absent' | 'broken'

/** A phone that plays what it is told to, before a job, and an appliance that can be started again. */
export class ScriptedPhone {
  job: ConversionJob
  readonly reported: string[] = []
  confirmedAt: number | null = null
  readonly #target: Target
  #nowMs = 0
  #stored: Conversion | null = null

  /** @param proved - What a step before has proved. */
  constructor(target: Target, from: string | null, proved?: { readonly load: string }) {
    const method = target.ual ? 'ual' : 'image_version'
    const before = { protocol: null, generation: null, load: null, ...proved }
    const steps = [aStep({ load: target.load, method, facts: { ...NO_FACTS, before } })]
    this.#target = target
    this.job = new ConversionJob(aConversion({ from, to: target.load, steps }), [target])
  }

  /** Requests in order; every file is there and arrives whole. */
  play(requests: readonly ScriptedRequest[]): this {
    for (const [atS, name, port] of requests) this.ask(atS, name, 'whole', port ?? null)
    return this
  }

  ask(atS: number, name: string, how: How = 'whole', port: number | null = null): this {
    this.wait(atS)
    this.#hear(this.job.onRequest(readRequestedFile(name), this.#nowMs, port))
    if (how === 'absent') this.#hear(this.job.onAbsent(name, this.#nowMs))
    else {
      const [bytes, outcome] =
        how === 'whole' ? ([9, 'completed'] as const) : ([4, 'failed'] as const)
      this.#hear(this.job.onTransfer({ file: name, bytes, of: 9, outcome }, this.#nowMs))
    }
    return this
  }

  /** The appliance starts again, with what it has stored. */
  restart(atS: number): this {
    this.wait(atS)
    const stored = JSON.parse(JSON.stringify(this.#stored ?? this.job.conversion))
    this.job = new ConversionJob(stored, [this.#target])
    this.#hear(this.job.onWake(this.#nowMs))
    return this
  }

  dhcp(atS: number): this {
    this.wait(atS)
    this.#hear(this.job.onBoot(this.#target.ual ? 'ual' : 'pre-ual', this.#nowMs))
    return this
  }

  /** Nothing is heard of the phone until then. */
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

  get state(): string {
    return this.job.conversion.state
  }

  #hear(effects: readonly ConversionEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'changed' && effect.durable) this.#stored = effect.conversion
      if (effect.kind !== 'event') continue
      this.reported.push(effect.event.event)
      if (effect.event.event === 'conversion.confirmed') this.confirmedAt = this.#nowMs / 1_000
    }
  }
}
