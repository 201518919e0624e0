import type { Conversion, Phone } from '../data/types.ts'
import { formatMac } from './format.ts'

/** A phone and its conversion, if it ever had one. */
export type PhoneRow = { readonly phone: Phone; readonly conversion: Conversion | undefined }

/**
 * The rows of the list that fit all words of the filter, in the order of the API. A word fits
 * anything that the row shows; of a MAC address, any spelling.
 */
export function phoneRows(
  phones: readonly Phone[],
  conversions: ReadonlyMap<string, Conversion>,
  filter: string,
): PhoneRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  return phones
    .map((phone) => ({ phone, conversion: conversions.get(phone.mac) }))
    .filter((row) => words.length === 0 || fitsAll(row, words))
}

function fitsAll({ phone, conversion }: PhoneRow, words: readonly string[]): boolean {
  const { mac, label, model, network, profile } = phone
  const { state, to, diagnosis } = conversion ?? {}
  const shown = [mac, formatMac(mac), label, model, network, profile, state, to, diagnosis?.code]
  const text = shown.filter(Boolean).join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}
