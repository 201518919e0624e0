import type { Mac } from '../../src/net/mac.ts'
import type { Scenario, ScenarioPhone } from '../../src/settings/parse-scenario.ts'
import type { PhoneEvent } from '../../src/simulator/events.ts'
import { flashRunning, NO_MANUAL_SETTINGS } from '../../src/simulator/phone-flash.ts'
import type { PhoneQuirks } from '../../src/simulator/phone-quirks.ts'
import type { PhoneTiming } from '../../src/simulator/phone-timing.ts'
import { type PhoneOutcome, PhoneWatch } from '../../src/simulator/phone-watch.ts'
import type { SimulatedPhoneConfig } from '../../src/simulator/simulated-phone.ts'

/** Where the phones of a scenario are plugged in. */
export interface PhoneSockets {
  add(config: SimulatedPhoneConfig, switchPort: number | null): void
  remove(mac: Mac): void
  powerCycle(mac: Mac): void
  factoryReset(mac: Mac): void
  checkSync(mac: Mac): void
}

/** What became of one phone of a scenario. */
export type ScenarioOutcome = PhoneOutcome & {
  readonly phone: ScenarioPhone
  /** From power to the verdict, on the clock; null where there was none before the end. */
  readonly decidedAfterMs: number | null
}

type Watched = {
  readonly phone: ScenarioPhone
  readonly watch: PhoneWatch
  pluggedInAtMs: number
  readonly acts: readonly { readonly seconds: number; readonly act: () => void }[]
  /** What the file has still in store for it. */
  actsLeft: number
  decidedAfterMs: number | null
}

/**
 * A scenario under way: plugs the phones in, does to them what the file says, and is done
 * when every phone's end is decided, or at the timeout.
 */
export class ScenarioRun {
  readonly #scenario: Scenario
  readonly #sockets: PhoneSockets
  readonly #watched = new Map<Mac, Watched>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #done: Promise<void>
  #end: () => void = () => {}

  constructor(scenario: Scenario, sockets: PhoneSockets) {
    this.#scenario = scenario
    this.#sockets = sockets
    this.#done = new Promise((resolve) => {
      this.#end = resolve
    })
    for (const phone of scenario.phones) {
      const acts = this.#actsOn(phone)
      this.#watched.set(phone.mac, {
        phone,
        watch: new PhoneWatch({
          end: phone.expect,
          shows: phone.shows ?? null,
          registers: phone.registers,
        }),
        pluggedInAtMs: 0,
        acts,
        actsLeft: acts.length,
        decidedAfterMs: null,
      })
    }
  }

  /** Begins, and resolves at the end with what became of each phone, in the order of the file. */
  async run(): Promise<readonly ScenarioOutcome[]> {
    const staggerSeconds = this.#scenario.stagger?.seconds ?? 0
    const first = [...this.#watched.values()].filter(({ phone }) => phone.replaces === undefined)
    for (const [index, watched] of first.entries()) {
      this.#after(this.#phoneMs(index * staggerSeconds), () => this.#plugIn(watched))
    }
    this.#after(this.#scenario.timeout.seconds * 1_000, () => this.#end())
    await this.#done
    for (const timer of this.#timers) clearTimeout(timer)
    return [...this.#watched.values()].map(({ phone, watch, decidedAfterMs }) => ({
      phone,
      decidedAfterMs,
      ...verdictOf(watch, decidedAfterMs),
    }))
  }

  /** Ends it now; what is undecided is not as expected. */
  stop(): void {
    this.#end()
  }

  onEvent(event: PhoneEvent): void {
    const watched = this.#watched.get(event.mac)
    if (watched === undefined || watched.decidedAfterMs !== null) return
    watched.watch.onNews(event, watched.actsLeft > 0)
    if (watched.watch.isDecided) this.#decide(watched)
    else if (watched.watch.isAtRest && watched.actsLeft === 0) this.#decideAtRest(watched)
  }

  /** A phone that rests does nothing more by itself: after a while without a new boot this is its end. */
  #decideAtRest(watched: Watched): void {
    const { boots } = watched.watch
    this.#after(this.#phoneMs(this.#scenario.watch.seconds), () => {
      if (watched.watch.boots === boots) this.#decide(watched)
    })
  }

  #plugIn(watched: Watched): void {
    const { mac, model, load, alternateTftp, behaviour, knobs, timing } = watched.phone
    const { expect, switchPort } = watched.phone
    const manual = { ...NO_MANUAL_SETTINGS, ...(alternateTftp && { alternateTftp }) }
    watched.pluggedInAtMs = performance.now()
    for (const { seconds, act } of watched.acts) {
      this.#after(this.#phoneMs(seconds), () => {
        watched.actsLeft--
        if (watched.decidedAfterMs === null) act()
      })
    }
    if (expect.kind === 'unchanged' || expect.kind === 'no-address') {
      this.#after(this.#phoneMs(this.#scenario.watch.seconds), () => this.#decide(watched))
    }
    const config = {
      mac,
      model: `${model}`,
      flash: flashRunning(load, manual),
      ...(behaviour && { behaviour }),
      // What is left out is absent, not undefined; the compiler cannot know.
      quirks: knobs as Partial<PhoneQuirks>,
      timing: timing as Partial<PhoneTiming>,
    } as const
    this.#sockets.add(config, switchPort ?? null)
  }

  #actsOn(phone: ScenarioPhone) {
    const sockets = this.#sockets
    const at = (times: readonly { readonly seconds: number }[], act: (mac: Mac) => void) =>
      times.map(({ seconds }) => ({ seconds, act: () => act(phone.mac) }))
    return [
      ...at(phone.powerCycles, (mac) => sockets.powerCycle(mac)),
      ...at(phone.factoryResets, (mac) => sockets.factoryReset(mac)),
      ...at(phone.checkSyncs, (mac) => sockets.checkSync(mac)),
    ]
  }

  #decide(watched: Watched): void {
    if (watched.decidedAfterMs !== null) return
    watched.decidedAfterMs = performance.now() - watched.pluggedInAtMs
    this.#replace(watched.phone.mac)
    const all = [...this.#watched.values()]
    if (all.every(({ decidedAfterMs }) => decidedAfterMs !== null)) this.#end()
  }

  /** Unplugs a phone whose end is decided where another is to come in its place. */
  #replace(mac: Mac): void {
    const next = [...this.#watched.values()].find(({ phone }) => phone.replaces === mac)
    if (next === undefined) return
    // Its sockets are told when it has done what it is at.
    this.#after(0, () => {
      this.#sockets.remove(mac)
      this.#plugIn(next)
    })
  }

  #phoneMs(seconds: number): number {
    return (seconds * 1_000) / this.#scenario.speed
  }

  #after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act()
    }, ms)
    this.#timers.add(timer)
  }
}

/** A phone that was to be left alone was not watched for long enough if the end came first. */
function verdictOf({ outcome }: PhoneWatch, decidedAfterMs: number | null): PhoneOutcome {
  if (decidedAfterMs !== null || !outcome.asExpected) return outcome
  return {
    ...outcome,
    asExpected: false,
    why: 'the end came before it was watched for long enough',
  }
}
