import type { Phone } from '../../../src/inventory/phone.ts'
import type { Mac } from '../../../src/net/mac.ts'
import type { PhoneListRow } from '../../../src/services/phone-list/phone-row.ts'
import { aPhone } from '../../support/conversion-builders.ts'

/** A row of the list: the phone with this last octet, which has no conversion and was not seen. */
export function aRow(
  last: string,
  phone: Partial<Phone> = {},
  known: Partial<Omit<PhoneListRow, 'phone'>> = {},
): PhoneListRow {
  const mac = `000E84C060${last}` as Mac
  const unknown = { conversion: undefined, registration: undefined, seen: undefined }
  return { phone: aPhone({ mac, ...phone }), ...unknown, ...known }
}

/** The last octets of the phones of rows. */
export function octetsOf(rows: readonly PhoneListRow[]): readonly string[] {
  return rows.map(({ phone }) => phone.mac.slice(-2))
}
