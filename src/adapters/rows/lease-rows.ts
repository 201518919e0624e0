import type { Binding } from '../../leases/binding.ts'
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import {
  findShapeFault,
  isAddress,
  isMac,
  matching,
  oneOf,
  orNull,
  type StoredRow,
  text,
  whole,
} from './row-shape.ts'

/** No tighter than what the stores accept: a lease that was acknowledged must come back. */
const BINDING = {
  scope: text(),
  address: isAddress,
  client: matching(/^(?:id|hw):./),
  mac: orNull(isMac),
  state: oneOf('bound', 'released', 'declined'),
  grantedAtMs: whole(),
  expiresAtMs: whole(),
  vendorClass: text(),
  hostName: text(),
  relayAgent: matching(/^[0-9A-Fa-f]*$/),
}

/** Bindings of rows with the fields of one. A row that makes no sense is left out and reported. */
export function readBindings(rows: readonly StoredRow[]): {
  readonly bindings: readonly Binding[]
  readonly faults: readonly string[]
} {
  const bindings: Binding[] = []
  const faults: string[] = []
  for (const row of rows) {
    const fault = findShapeFault<Binding>(row, BINDING)
    if (fault === undefined) bindings.push(row as Binding)
    else faults.push(`lease of ${shown(row['address'])}: ${fault}`)
  }
  return { bindings, faults }
}

function shown(address: unknown): unknown {
  return isAddress(address) ? formatIpv4(address as Ipv4) : address
}
