/**
 * The text that phones can read: the character set, and the grammar of the lines and elements that
 * text stands in. Input is checked against it (`findTextFault`), and whatever writes a file uses the
 * functions below, which leave out what is not allowed there. So text that is stored from before these
 * rules can neither end its line nor begin a parameter.
 *
 * Character set: ISO 8859-1 without its control characters. Files are written one byte a character
 * (`phoneOctets`); a code point above U+00FF would lose its upper bits and become another character,
 * U+010A for one a line feed and U+0122 a quote.
 *
 * Line of a SIP file: `name: "value"` and a line feed. No source names an escape for a quote.
 *
 * @see Cisco SIP IP phone administrator guide 7.5, appendix D, for the form of the lines; that the
 *   phones show ISO 8859-1 is inferred from their Western European locales
 */

/** Where text is to stand: between the quotes of a SIP file, or where a quote ends nothing. */
export type TextPlace = 'quoted' | 'free'

/**
 * What keeps text from a phone's file, or undefined where it can stand there.
 *
 * @returns The first character that is at fault, by its code point and, where it can be seen, as it
 *   looks; and what is wanted.
 */
export function findTextFault(text: string, place: TextPlace): string | undefined {
  if (FAULTLESS.test(text)) return undefined
  for (const character of text) {
    if (character === '"' && place === 'quoted') {
      return 'U+0022 """ is a quote, which would end the value; wanted text without quotes'
    }
    if (!isPhoneCharacter(character)) return faultOfCharacter(character)
  }
  return undefined
}

/**
 * What keeps text from a DHCP option, which is NVT ASCII (RFC 2132 section 2); undefined where it
 * can stand there.
 */
export function findAsciiFault(text: string): string | undefined {
  const fault = findTextFault(text, 'free')
  const beyond = fault === undefined ? firstBeyondAscii(text) : undefined
  return beyond === undefined ? fault : `${beyond} is not ASCII; wanted ASCII`
}

/** The first character that is not printable ASCII, by code point and glyph or name. */
export function firstBeyondAscii(text: string): string | undefined {
  const beyond = /[^ -~]/u.exec(text)
  return beyond === null ? undefined : nameOf(beyond[0])
}

/** Whether phones have the character: ISO 8859-1 without its control characters. */
export function isPhoneCharacter(character: string): boolean {
  const code = codeOf(character)
  return (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= LAST_CODE)
}

/** Text without the characters that phones do not have. */
export function phoneText(text: string): string {
  return [...text].filter(isPhoneCharacter).join('')
}

/** A value as it may stand between the quotes of a SIP file. */
export function quotedText(text: string): string {
  return phoneText(text).replaceAll('"', '')
}

/** A load or file name as it may stand alone in its line: ASCII letters, digits, `.`, `_` and `-`. */
export function bareName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/gu, '')
}

/** Text for an XML element or attribute: markup characters escaped, others as `phoneText`. */
export function xmlText(text: string): string {
  return phoneText(text).replace(/[&<>"']/g, (character) => XML_ESCAPES[character] as string)
}

/** The text of a file as phones read it: one byte a character. Others than theirs are left out. */
export function phoneOctets(text: string): Uint8Array {
  return Uint8Array.from([...text].map(codeOf).filter((code) => code <= LAST_CODE))
}

/** Nearly every text: what phones have, without the quote. A start looks at those of all phones. */
const FAULTLESS = /^[ !#-~\xa0-\xff]*$/

/** The last of ISO 8859-1. */
const LAST_CODE = 0xff

const XML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

function codeOf(character: string): number {
  return character.codePointAt(0) as number
}

function faultOfCharacter(character: string): string {
  const named = nameOf(character)
  if (isLineEndOrControl(codeOf(character))) {
    return `${named} is a line break or control character; wanted ISO 8859-1 without those`
  }
  const remedy = REMEDIES.find(({ pattern }) => pattern.test(character))?.remedy ?? ''
  return `${named} cannot be shown by the phone; wanted ISO 8859-1${remedy}`
}

function nameOf(character: string): string {
  const digits = codeOf(character).toString(16).toUpperCase().padStart(4, '0')
  return `U+${digits}${looksOf(character)}`
}

/** C0, DEL and C1 controls, the line separators of Unicode. */
function isLineEndOrControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029
}

/** The character itself where a terminal shows it and nothing else happens; otherwise its name. */
function looksOf(character: string): string {
  if (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)) return ` "${character}"`
  const name = NAMES.find(({ pattern }) => pattern.test(character))?.name
  return name === undefined ? '' : ` (${name})`
}

const NAMES: readonly { readonly pattern: RegExp; readonly name: string }[] = [
  { pattern: /^\0$/, name: 'NUL' },
  { pattern: /^\t$/, name: 'tab' },
  { pattern: /^\n$/, name: 'line feed' },
  { pattern: /^\r$/, name: 'carriage return' },
  { pattern: /^\u0085$/, name: 'next line' },
  { pattern: /^\u2028$/, name: 'line separator' },
  { pattern: /^\u2029$/, name: 'paragraph separator' },
  { pattern: /^\p{Cs}$/u, name: 'half of a surrogate pair' },
  { pattern: /^\p{M}$/u, name: 'combining mark' },
  { pattern: /^\p{Cf}$/u, name: 'invisible' },
]

const REMEDIES: readonly { readonly pattern: RegExp; readonly remedy: string }[] = [
  { pattern: /^\p{M}$/u, remedy: ', letter and accent as one character' },
  { pattern: /^[\u2018-\u201f]$/, remedy: ', such as a straight apostrophe' },
]
