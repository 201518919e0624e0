import type { Phone } from '../../inventory/phone.ts'
import { formatIpv4 } from '../../net/ipv4.ts'
import { parseMac } from '../../net/mac.ts'
import { type ListedState, type PhoneListRow, stateOf } from './phone-row.ts'

/** Which phones of a list. What is left out does not matter. */
export type PhoneFilter = {
  readonly network?: string
  readonly profile?: string
  /** Any of these. */
  readonly states?: readonly ListedState[]
  /** That the phone was seen to run, in any case. */
  readonly load?: string
  readonly isRegistered?: boolean
  /** Words that all fit; see {@link fitsWords}. */
  readonly words?: string
}

/** The phones that fit all of the filter. */
export function phoneFilter(filter: PhoneFilter): (row: PhoneListRow) => boolean {
  const { network, profile, states, load, isRegistered, words } = filter
  const tests: ((row: PhoneListRow) => boolean)[] = []
  if (network !== undefined) tests.push(({ phone }) => phone.network === network)
  if (profile !== undefined) tests.push(({ phone }) => phone.profile === profile)
  if (states !== undefined) tests.push((row) => states.includes(stateOf(row)))
  const wanted = load?.toLowerCase()
  if (wanted !== undefined) tests.push(({ seen }) => seen?.load?.toLowerCase() === wanted)
  if (isRegistered !== undefined) {
    tests.push(({ registration }) => (registration !== undefined) === isRegistered)
  }
  const fits = fitsWords(words ?? '')
  return (row) => tests.every((test) => test(row)) && fits(row)
}

/**
 * Whether all words fit the phone. A word fits where a word of the phone begins with it; a number fits
 * whole numbers alone, so that `desk 42` is not `desk 420`. Words of a phone are those of its label and
 * of its lines, its model, network, profile, address, switch port, state, loads and diagnosis; of its
 * MAC address any spelling, and from four digits on a part at its beginning or its end.
 */
function fitsWords(text: string): (row: PhoneListRow) => boolean {
  const tests = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(wordTest)
  if (tests.length === 0) return () => true
  return (row) => {
    const words = wordsOf(row)
    return tests.every((test) => test(words, row.phone.mac))
  }
}

/** The shortest part of a MAC address that is looked for. */
const SHORTEST_MAC_PART = 4

function wordTest(word: string): (words: readonly string[], mac: string) => boolean {
  const whole = parseMac(word)
  const digits = /^[0-9a-f:.-]+$/.test(word) ? word.replaceAll(/[:.-]/g, '').toUpperCase() : ''
  const isPart = digits.length >= SHORTEST_MAC_PART
  const isNumber = /^\d+$/.test(word)
  return (words, mac) =>
    mac === whole ||
    (isPart && (mac.startsWith(digits) || mac.endsWith(digits))) ||
    words.some((one) => (isNumber ? one === word : one.startsWith(word)))
}

function wordsOf({ phone, conversion, seen }: PhoneListRow): readonly string[] {
  const moving = [conversion?.state, conversion?.to, conversion?.diagnosis?.code, seen?.load]
  return [...enteredWords(phone), ...moving.flatMap(inLowerCase)]
}

/** Entries are never changed, only replaced: their words are made once. */
const entered = new WeakMap<Phone, readonly string[]>()

function enteredWords(phone: Phone): readonly string[] {
  const known = entered.get(phone)
  if (known !== undefined) return known
  const { model, network, profile, address, switchPort, label, lines } = phone
  const texts = [label, ...lines.flatMap(({ name, displayName }) => [name, displayName])]
  const place = address === null ? null : formatIpv4(address)
  const words = [
    ...[model, network, profile, switchPort, place].flatMap(inLowerCase),
    ...texts.flatMap(inLowerCase).flatMap(partsOf),
  ]
  entered.set(phone, words)
  return words
}

function inLowerCase(text: string | null | undefined): readonly string[] {
  return typeof text === 'string' ? [text.toLowerCase()] : []
}

/** Words between blanks, and what these are made of: `desk-42` is found as `desk-42` and as `42`. */
function partsOf(text: string): readonly string[] {
  return [...text.split(/\s+/), ...text.split(/[^\p{L}\p{N}]+/u)]
}
