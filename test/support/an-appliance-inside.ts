import { ConversionEngine } from '../../src/conversion/conversion-engine.ts'
import type { ConversionEffect } from '../../src/conversion/events.ts'
import { FileView } from '../../src/conversion/file-view.ts'
import type { PhoneDraft } from '../../src/inventory/phone-draft.ts'
import { LeaseTable } from '../../src/leases/lease-table.ts'
import type { Mac } from '../../src/net/mac.ts'
import { clientLookup } from '../../src/services/clients/client-lookup.ts'
import { viewMaterial } from '../../src/services/conversions/view-material.ts'
import { Counters } from '../../src/services/events/counters.ts'
import { Journal } from '../../src/services/events/journal.ts'
import { Recorder } from '../../src/services/events/recorder.ts'
import { Tracking } from '../../src/services/tracking/tracking.ts'
import { scopesOf } from '../../src/settings/scopes.ts'
import { aLog } from './a-log.ts'
import { anInventory, ipOf } from './an-inventory.ts'
import { aConfiguration, settingsOf } from './configuration.ts'
import { MAC } from './conversion-builders.ts'

/** When everything in it happens, unless said otherwise. */
export const NOW_MS = 1_700_000_000_000

/**
 * Tracking and what it needs, in memory: network `bench`, and the phone `MAC` enrolled there with a
 * fixed address and a password. Besides the recorder nothing follows tracking: a test adds what it
 * looks at. The appliance in memory has all followers, as the appliance itself has them.
 */
export async function anApplianceInside(options: { readonly logLevel?: string } = {}) {
  const { inventory, cache, store } = await anInventory()
  await inventory.putPhone(aDraft())
  const settings = settingsOf(aConfiguration())
  const leaseTable = new LeaseTable(scopesOf(settings), { ownerOf: () => undefined })
  const effects: ConversionEffect[] = []
  const engine = new ConversionEngine(inventory, (more) => effects.push(...more))
  const journal = new Journal({ append: async () => undefined }, 0, () => undefined)
  const counters = new Counters()
  const lookup = clientLookup(settings.networks, { leaseTable, inventory })
  const { log, lines } = aLog(options.logLevel)
  const isEnrolled = (mac: Mac) => inventory.phone(mac) !== undefined
  const recorder = new Recorder(log, journal, counters, isEnrolled)
  const material = viewMaterial({
    inventory,
    cache,
    folder: () => new Map(),
    sharedTriggers: false,
  })
  const view = new FileView(material, engine)
  const tracking = new Tracking({ engine, view, clients: lookup, inventory })
  recorder.follow(tracking)
  const parts = { inventory, cache, store, settings, leaseTable, engine, journal, counters, lookup }
  return { ...parts, log, lines, recorder, tracking, effects }
}

/** The enrolled phone. */
export const PHONE_ADDRESS = ipOf('10.20.0.60')

function aDraft(): PhoneDraft {
  return {
    mac: MAC,
    model: '7960',
    label: 'desk 12',
    network: 'bench',
    profile: null,
    address: PHONE_ADDRESS,
    lines: [{ name: '1201', password: 'Sesame-1201' }],
    settings: {},
  }
}
