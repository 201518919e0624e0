import type { Conversion, Phone } from '../data/types.ts'

/** A phone and its conversion, if it ever had one. */
export type PhoneRow = { readonly phone: Phone; readonly conversion: Conversion | undefined }

/**
 * The rows of the list that fit all words of the filter, in the order of the API. A word fits where
 * a word that the row shows begins with it; a number fits that number alone, so that `desk 4` is not
 * `desk 42`. Of a MAC address four digits in any spelling are enough.
 */
export function phoneRows(
  phones: readonly Phone[],
  conversions: ReadonlyMap<string, Conversion>,
  filter: string,
): PhoneRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean).map(readWord)
  return phones
    .map((phone) => ({ phone, conversion: conversions.get(phone.mac) }))
    .filter((row) => words.length === 0 || fitsAll(row, words))
}

/** A word of a filter: how it shows in text, and its digits where it may be part of a MAC address. */
type FilterWord = {
  readonly text: string
  readonly shown: RegExp
  readonly digits: string | null
}

const LEAST_MAC_DIGITS = 4

function readWord(word: string): FilterWord {
  const isNumber = /\d$/.test(word)
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const shown = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}${isNumber ? '(?!\\p{N})' : ''}`, 'u')
  const digits = word.replace(/[:.-]/g, '').toUpperCase()
  const isMac = digits.length >= LEAST_MAC_DIGITS && /^[0-9A-F]+$/.test(digits)
  return { text: word, shown, digits: isMac ? digits : null }
}

function fitsAll({ phone, conversion }: PhoneRow, words: readonly FilterWord[]): boolean {
  const { mac, label, model, network, profile } = phone
  const { state, to, diagnosis } = conversion ?? {}
  const text = [label, model, network, profile, state, diagnosis?.code]
    .filter(Boolean)
    .join(' ')
    .toLowerCase()
  return words.every(
    (word) =>
      word.shown.test(text) ||
      // A load is one word, whatever numbers are in it.
      to?.toLowerCase().startsWith(word.text) === true ||
      (word.digits !== null && mac.includes(word.digits)),
  )
}
