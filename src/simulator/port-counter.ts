import type { PhoneSoftware } from './boot-sequences/boot-step.ts'
import type { PseudoRandom } from './pseudo-random.ts'

/** First ports that loaders were seen to begin with: 49 845 to 52 406 (traces jh-…). */
const FIRST_LOADER_PORT = 49_845
const LOADER_PORTS = 2_562

/** How far below the last start a loader begins: three times the same port, then others (eight conversions). */
const LOADER_STEPS = [0, 0, 0, 200, 200, 201, 956, 2_104]

/** How far below its loader an application begins: SIP 8 to 11 (eight conversions), SCCP 60 or 61 (trace jh-b). */
const APPLICATION_STEPS = { sip: [8, 9, 10, 11], sccp: [60, 61] } as const

/**
 * The phone's ports as the universal loader and its applications take them: each request has the next one, and each
 * start of software begins elsewhere, not far from the last. Phones from before count as loaders do; no trace shows them.
 */
export class PortCounter {
  readonly #random: PseudoRandom
  #loaderPort: number
  #next: number

  constructor(random: PseudoRandom) {
    this.#random = random
    this.#loaderPort = FIRST_LOADER_PORT + random.below(LOADER_PORTS)
    this.#next = this.#loaderPort
  }

  /** Other software begins. */
  begin(software: PhoneSoftware): void {
    if (software === 'sip' || software === 'sccp') {
      this.#next = this.#loaderPort - this.#oneOf(APPLICATION_STEPS[software])
      return
    }
    const steps = LOADER_STEPS.filter((step) => this.#loaderPort - step >= FIRST_LOADER_PORT)
    this.#loaderPort -= this.#oneOf(steps)
    this.#next = this.#loaderPort
  }

  /** The port of the next request, or of something else that takes one. */
  take(): number {
    return this.#next++
  }

  #oneOf(steps: readonly number[]): number {
    return steps[this.#random.below(steps.length)] as number
  }
}
