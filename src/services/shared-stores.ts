import type { Registration, RegistrationStore } from '../call-control/registration.ts'
import type { ConversionStore } from '../conversion/conversion.ts'
import type { RolloutStore } from '../conversion/rollout.ts'
import type { SeenStore } from '../conversion/seen-table.ts'
import type { Mac } from '../net/mac.ts'
import type { SharedDocuments } from './shared-documents.ts'

/** Stores of what goes on. */
export type GoingOnStores = {
  readonly conversions: ConversionStore
  readonly rollouts: RolloutStore
  readonly seen: SeenStore
  readonly registrations: RegistrationStore
}

/**
 * The same stores, shared with other appliances: they read what this machine has, which
 * `SharedDocuments` keeps up to date, and write by way of it.
 */
export function sharedStores(local: GoingOnStores, documents: SharedDocuments): GoingOnStores {
  return {
    conversions: {
      load: () => local.conversions.load(),
      save: (conversions) =>
        documents.save('conversion', new Map(conversions.map((one) => [one.mac, one]))),
    },
    rollouts: {
      load: () => local.rollouts.load(),
      save: (changes) => documents.save('rollout', changes),
    },
    seen: {
      load: () => local.seen.load(),
      save: (changes) => documents.save('seen', changes),
    },
    registrations: {
      // A phone that registers elsewhere is looked up in `ForeignRegistrations`.
      load: async () => {
        const { registrations, faults } = await local.registrations.load()
        const ours = registrations.filter(({ mac }) => documents.drives('registration', mac))
        return { registrations: ours, faults }
      },
      save: (changes) => documents.save('registration', changes),
    },
  }
}

/** Registrations of phones with other appliances, to be shown. */
export class ForeignRegistrations {
  readonly #byMac = new Map<Mac, Registration>()

  /** Null: it has ended. */
  put(mac: Mac, registration: Registration | null): void {
    if (registration === null) this.#byMac.delete(mac)
    else this.#byMac.set(mac, registration)
  }

  get(mac: Mac): Registration | undefined {
    return this.#byMac.get(mac)
  }
}
