import type { Callers } from '../../call-control/callers.ts'
import type { RegistrationTable } from '../../call-control/registration-table.ts'
import { UNNAMED } from '../../clients/asked.ts'
import type { ConversionEngine } from '../../conversion/conversion-engine.ts'
import type { Mac } from '../../net/mac.ts'
import { parseFirmwareName } from '../../phones/firmware-name.ts'
import type { ClientDirectory } from '../clients/client-lookup.ts'
import type { ServedNetwork } from '../served-network.ts'

/** What tells enrolled phones from others. */
export type CallerSources = {
  readonly lookup: Pick<ClientDirectory, 'networkAt' | 'identify' | 'mayStayAt'>
  readonly engine: Pick<ConversionEngine, 'conversion'>
  readonly table: Pick<RegistrationTable, 'get' | 'macAt'>
  readonly networks: () => readonly Pick<ServedNetwork, 'name' | 'callControl'>[]
}

/** Asks who a client is by the one rule that decides which files it gets. */
export function phoneCallers({ lookup, networks, engine, table }: CallerSources): Callers {
  return {
    serves: (address) => {
      const name = lookup.networkAt(address)?.name
      return networks().some((network) => network.name === name && network.callControl)
    },
    callerAt: (address, nowMs) => {
      // What a message says of itself never identifies a device: its MAC address is compared with this.
      const identity = lookup.identify(address, UNNAMED, nowMs)
      if (identity.kind === 'wait') return { kind: 'wait' }
      // Without lease and hardware address a phone is known for ten minutes after its files: as long as
      // it registers again in time, no other device is known to be there and it is not known to be
      // elsewhere, it stays the one that it was.
      const registered = () => {
        const mac = identity.kind === 'unknown' ? table.macAt(address, nowMs) : undefined
        return mac !== undefined && lookup.mayStayAt(mac, address, nowMs) ? mac : undefined
      }
      const mac = identity.kind === 'phone' ? identity.mac : registered()
      if (mac === undefined) return { kind: 'unknown' }
      return { kind: 'phone', mac, sccpLoad: sccpLoadOf(mac, nowMs, { engine, table }) }
    },
  }
}

/** A phone that is to leave SCCP is told no load at all: it may take the word for an order. */
function sccpLoadOf(
  mac: Mac,
  nowMs: number,
  { engine, table }: Pick<CallerSources, 'engine' | 'table'>,
): string | null {
  const conversion = engine.conversion(mac)
  const isOpen = conversion !== undefined && conversion.state !== 'cancelled'
  const load = isOpen ? conversion.to : (table.get(mac, nowMs)?.load ?? null)
  if (load === null) return null
  const parsed = parseFirmwareName(load)
  return parsed.kind === 'ok' && parsed.name.protocol === 'sccp' ? load : null
}
