import { readConversions } from '../../src/adapters/sqlite/conversion-store.ts'
import { readRegistrations } from '../../src/adapters/sqlite/registration-store.ts'
import { readRollouts } from '../../src/adapters/sqlite/rollout-store.ts'
import { readSeen } from '../../src/adapters/sqlite/seen-store.ts'
import type { Mac } from '../../src/net/mac.ts'
import type { Conversions } from '../../src/services/conversions/conversions.ts'
import type { LoadedRollouts } from '../../src/services/conversions/load-rollouts.ts'
import type { SharedDocument } from '../../src/services/shared-document.ts'
import type { SharedDocuments } from '../../src/services/shared-documents.ts'
import type { ForeignRegistrations } from '../../src/services/shared-stores.ts'

/** Those who show what other appliances have stored. */
export type DocumentFollowers = {
  readonly conversions: Conversions
  readonly rollouts: LoadedRollouts
  readonly registrations: ForeignRegistrations
  readonly onFault: (fault: string) => void
}

/** Shows what other appliances store from now on. */
export function followDocuments(documents: SharedDocuments, to: DocumentFollowers): void {
  const { conversions, rollouts, registrations, onFault } = to
  const report = (faults: readonly string[]) => {
    for (const fault of faults) onFault(fault)
  }
  documents.follow('conversion', (changed) => {
    const faults: string[] = []
    faults.push(...conversions.adopt(readConversions(presentOf(changed), faults)))
    report(faults)
  })
  documents.follow('seen', (changed) => {
    const faults: string[] = []
    conversions.engine.restoreSeen(readSeen(presentOf(changed), faults))
    report(faults)
  })
  documents.follow('rollout', (changed) => {
    const faults: string[] = []
    for (const rollout of readRollouts(presentOf(changed), faults)) rollouts.engine.adopt(rollout)
    for (const id of goneOf(changed)) rollouts.engine.adoptDeleted(id)
    for (const { key } of changed) rollouts.changes.announce(key)
    report(faults)
  })
  documents.follow('registration', (changed) => {
    const faults: string[] = []
    const present = readRegistrations(presentOf(changed), faults)
    for (const one of present) registrations.put(one.mac, one)
    for (const mac of goneOf(changed)) registrations.put(mac as Mac, null)
    report(faults)
  })
}

function presentOf(documents: readonly SharedDocument[]) {
  return documents.filter(({ document }) => document !== null)
}

function goneOf(documents: readonly SharedDocument[]): readonly string[] {
  return documents.filter(({ document }) => document === null).map(({ key }) => key)
}
