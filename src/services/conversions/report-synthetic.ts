import type { Inventory } from '../../inventory/inventory.ts'
import { formatIpv4 } from '../../net/ipv4.ts'
import type { EventLog } from '../event-log.ts'
import { LineLimit } from '../line-limit.ts'
import type { ServedNetwork } from '../served-network.ts'
import type { SyntheticRefusal } from './synthetic-guard.ts'
import type { SyntheticRule } from './synthetic-rule.ts'

/**
 * Says at the start which firmware is synthetic where that matters, and afterwards each time that it
 * is kept from a client, within the limit of what a client may write to the log.
 */
export function reportSynthetic(
  { networks }: { readonly networks: readonly Pick<ServedNetwork, 'name'>[] },
  {
    inventory,
    synthetic,
  }: { readonly inventory: Pick<Inventory, 'firmwareLoads'>; readonly synthetic: SyntheticRule },
  log: EventLog,
): (refusal: SyntheticRefusal) => void {
  const loads = inventory
    .firmwareLoads()
    .filter((load) => networks.some(({ name }) => synthetic.vetoOn(name, load) !== undefined))
  if (loads.length > 0) log.warn({ event: 'firmware.synthetic', loads, why: WHY })
  const limit = new LineLimit()
  return ({ name, client, atMs }) => {
    const leftOut = limit.take(atMs)
    if (leftOut === null) return
    const file = { name, client: formatIpv4(client), ...(leftOut > 0 ? { leftOut } : {}) }
    log.warn({ event: 'firmware.synthetic.refused', ...file, why: WHY })
  }
}

const WHY = 'made for simulated phones; served on loopback networks only, or with serve --rehearsal'
