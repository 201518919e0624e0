import type { Conversion } from '../../conversion/conversion.ts'
import { ConversionEngine } from '../../conversion/conversion-engine.ts'
import type { ConversionEffect } from '../../conversion/events.ts'
import type { AvailableFirmware } from '../../conversion/other-way.ts'
import type { PhoneTime } from '../../conversion/phone-time.ts'
import type { LoadVeto } from '../../conversion/plan-request.ts'
import type { Mac } from '../../net/mac.ts'
import { Observers } from '../observers.ts'
import { Subscribers } from '../subscribers.ts'
import { ConversionRunner, type ConversionRunnerParts } from './conversion-runner.ts'

/** What conversions are made of. */
export type ConversionsParts = Omit<ConversionRunnerParts, 'changes' | 'onWake'> & {
  readonly available: AvailableFirmware
  readonly veto: LoadVeto
  readonly time: PhoneTime
  /** The conversions that go on here; the others are shown alone. Left out: all go on. */
  readonly drives?: (mac: Mac) => boolean
}

/** The conversion engine with its store, its timer and those who follow conversions. */
export class Conversions {
  readonly engine: ConversionEngine
  /** Tells followers of one phone of every change, progress within a file included. */
  readonly changes = new Subscribers<Mac>()
  /** Tells of each change that is stored, after the effects of the call that made it. */
  readonly changed = new Observers<[mac: Mac]>()
  /** Tells of each phone whose own web page would show now whether it runs its target. */
  readonly pageWanted = new Observers<[mac: Mac]>()
  readonly #runner: ConversionRunner
  readonly #isDrivenHere: (mac: Mac) => boolean
  #actsFor: (mac: Mac) => boolean = () => true

  /** Whether the conversion of a phone goes on here. */
  readonly drives = (mac: Mac): boolean => this.#actsFor(mac) && this.#isDrivenHere(mac)

  constructor({ available, veto, time, drives = () => true, ...parts }: ConversionsParts) {
    this.#isDrivenHere = drives
    this.#runner = new ConversionRunner({
      ...parts,
      changes: this.changes,
      onWake: (atMs) => this.engine.onWake(atMs),
    })
    this.engine = new ConversionEngine(available, (effects) => this.run(effects), veto, time)
    this.engine.driveOnly(this.drives)
  }

  /** Another appliance has stored these: they are shown as they stand there. */
  adopt(conversions: readonly Conversion[]): readonly string[] {
    const faults = conversions.flatMap((conversion) => this.engine.adopt(conversion))
    for (const { mac } of conversions) this.changed.notify(mac)
    return faults
  }

  /** Acts for these phones alone: others are on networks that another appliance serves. */
  actOnlyFor(actsFor: (mac: Mac) => boolean): void {
    this.#actsFor = actsFor
  }

  /** Carries out what the engine asks for, in order. */
  run(effects: readonly ConversionEffect[]): void {
    this.#runner.run(effects)
    for (const effect of effects) {
      if (effect.kind === 'changed' && effect.durable) this.changed.notify(effect.conversion.mac)
      else if (effect.kind === 'ask-page') this.pageWanted.notify(effect.mac)
    }
  }

  /** Resolves when all that changed so far is on disk; rejects where it could not be written. */
  saved(): Promise<void> {
    return this.#runner.saved()
  }

  /** Ends the timer and writes what is left; rejects where it could not be written. */
  close(): Promise<void> {
    return this.#runner.close()
  }
}
