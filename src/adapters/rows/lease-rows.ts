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
import { SharedTexts } from './shared-texts.ts'

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

/**
 * Bindings of rows with the fields of one: the rows themselves. One that makes no sense is left out and
 * reported.
 *
 * @param texts - Where rows are read in several parts: the same for all of them.
 */
export function readBindings(
  rows: readonly StoredRow[],
  texts = new SharedTexts(),
): {
  readonly bindings: readonly Binding[]
  readonly faults: readonly string[]
} {
  const bindings: Binding[] = []
  const faults: string[] = []
  for (const row of rows) {
    const fault = findShapeFault<Binding>(row, BINDING)
    if (fault === undefined) bindings.push(withSharedTexts(row as Binding, texts))
    else faults.push(`lease of ${shown(row['address'])}: ${fault}`)
  }
  return { bindings, faults }
}

function withSharedTexts(
  row: { -readonly [Field in keyof Binding]: Binding[Field] },
  texts: SharedTexts,
): Binding {
  row.scope = texts.of(row.scope)
  row.vendorClass = texts.of(row.vendorClass)
  return row
}

function shown(address: unknown): unknown {
  return isAddress(address) ? formatIpv4(address as Ipv4) : address
}
