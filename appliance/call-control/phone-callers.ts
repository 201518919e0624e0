import type { Callers } from '../../src/call-control/callers.ts'
import type { RegistrationBook } from '../../src/call-control/registration-book.ts'
import type { ClientLookup } from '../../src/conversion/boot-view.ts'
import type { ConversionDesk } from '../../src/conversion/conversion-desk.ts'
import type { Inventory } from '../../src/inventory/inventory.ts'
import type { Mac } from '../../src/net/mac.ts'
import { parseFirmwareName } from '../../src/phones/firmware-name.ts'
import type { NetworkSettings } from '../../src/settings/settings.ts'

/** What tells enrolled phones from others. */
export type CallerKnowledge = {
  readonly lookup: Pick<ClientLookup, 'networkAt' | 'macAt'>
  readonly inventory: Pick<Inventory, 'phone'>
  readonly desk: Pick<ConversionDesk, 'conversion'>
  readonly book: Pick<RegistrationBook, 'get'>
  readonly networks: () => readonly Pick<NetworkSettings, 'name' | 'callControl'>[]
}

/** Asks who a client is by the one rule that decides which files it gets. */
export function phoneCallers({ lookup, inventory, networks, ...known }: CallerKnowledge): Callers {
  return {
    serves: (address) => {
      const name = lookup.networkAt(address)?.name
      return networks().some((network) => network.name === name && network.callControl)
    },
    callerAt: (address, nowMs) => {
      const mac = lookup.macAt(address, nowMs)
      if (mac === undefined || inventory.phone(mac) === undefined) return { kind: 'unknown' }
      return { kind: 'phone', mac, sccpLoad: sccpLoadOf(mac, nowMs, known) }
    },
  }
}

/** A phone that is to leave SCCP is told no load at all: it may take the word for an order. */
function sccpLoadOf(
  mac: Mac,
  nowMs: number,
  { desk, book }: Pick<CallerKnowledge, 'desk' | 'book'>,
): string | null {
  const conversion = desk.conversion(mac)
  const isOpen = conversion !== undefined && conversion.state !== 'cancelled'
  const load = isOpen ? conversion.to : (book.get(mac, nowMs)?.load ?? null)
  if (load === null) return null
  const parsed = parseFirmwareName(load)
  return parsed.kind === 'ok' && parsed.name.protocol === 'sccp' ? load : null
}
