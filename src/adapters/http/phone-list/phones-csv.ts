import { formatIpv4 } from '../../../net/ipv4.ts'
import { csvRows } from '../../../phones/csv-field.ts'
import type { PhoneListRow } from '../../../services/phone-list/phone-row.ts'
import { EXPORT_COLUMNS, LINE_COLUMNS, lineColumn } from './phone-columns.ts'

/** A phone of a list, as far as an export has it. */
type ExportedPhone = Pick<PhoneListRow, 'phone' | 'conversion'>

/**
 * Phones as CSV, in the columns of an import and with what came of their conversions; no passwords.
 * A conversion that was cancelled names no load: an import of the file would start it again.
 */
export function phonesCsv(phones: readonly ExportedPhone[]): string {
  const rows = phones.map((phone) => {
    const cells = cellsOf(phone)
    return EXPORT_COLUMNS.map((column) => cells.get(column) ?? '')
  })
  return csvRows([EXPORT_COLUMNS, ...rows])
}

function cellsOf({
  phone,
  conversion,
}: ExportedPhone): ReadonlyMap<string, string | null | undefined> {
  const { mac, model, network, profile, label, address, switchPort, lines } = phone
  const isWanted = conversion !== undefined && conversion.state !== 'cancelled'
  return new Map<string, string | null | undefined>([
    ...Object.entries({ mac, model, network, profile, label, switchPort }),
    ['address', address === null ? null : formatIpv4(address)],
    ...lines.flatMap((line, place) =>
      LINE_COLUMNS.map((field) => {
        const value = field === 'password' ? '' : line[field]
        return [lineColumn(place, field), value] as const
      }),
    ),
    ['to', isWanted ? conversion.to : null],
    ['from', isWanted ? conversion.from : null],
    ['state', conversion?.state],
    ['evidence', conversion?.confirmedBy],
  ])
}
