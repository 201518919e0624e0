import { Observers } from '../../src/services/observers.ts'
import type { Settings } from '../../src/settings/settings.ts'

/** The settings in force: those of the start, until a reload replaces their networks. */
export class InForce {
  /** Tells of edited settings, in the order in which parts subscribed. */
  readonly replaced = new Observers<[edited: Settings]>()
  #settings: Settings

  constructor(settings: Settings) {
    this.#settings = settings
  }

  get settings(): Settings {
    return this.#settings
  }

  get networks(): Settings['networks'] {
    return this.#settings.networks
  }

  /** Puts edited settings in force. */
  replace(edited: Settings): void {
    this.#settings = edited
    this.replaced.notify(edited)
  }
}
