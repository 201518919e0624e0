import { SaxesParser } from 'saxes'

/** An element as it stands in a file; elements that begin in the file are listed in their order. */
export type XmlElement = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** What stands in it outside of other elements, without blanks around it. */
  readonly text: string
  /** Where it begins, counted from 1. */
  readonly line: number
  /** 0 for the root. */
  readonly depth: number
  readonly isClosed: boolean
}

/** A file of XML, as far as it could be read. */
export type XmlDocument = {
  /** Those before and after a fault. */
  readonly elements: readonly XmlElement[]
  /** The first thing that makes it no well-formed XML; null where there is none. */
  readonly fault: { readonly line: number; readonly fault: string } | null
}

/** Configuration files have some hundred elements, one within another some ten deep. */
const MOST_ELEMENTS = 20_000
const DEEPEST = 64
/** Longer texts are neither names nor numbers. */
const LONGEST_TEXT = 1_024

/**
 * Reads a file of XML by the rules of XML 1.0. Entities are the five of section 4.6: what a document
 * type declares is not looked at, and nothing is fetched.
 *
 * @param text - Byte by byte, as configuration files are read here; UTF-8 where they are that.
 */
export function readXml(text: string): XmlDocument {
  const reader = new XmlReader()
  const plain = decoded(text)
  reader.read(plain.replace(BARE_AMPERSAND, (found) => (found === '&' ? '&amp;' : found)))
  const bare = bareAmpersandIn(plain)
  const isFirst = bare !== null && (reader.fault === null || bare.line <= reader.fault.line)
  return { elements: reader.elements, fault: isFirst ? bare : reader.fault }
}

/**
 * An ampersand that begins no entity, and what may hold one. A parser reads on from it to the next semicolon,
 * which may stand many lines below, or nowhere.
 */
const BARE_AMPERSAND =
  /<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|&(?!(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z_][\w.-]{0,64});)/gs

function bareAmpersandIn(text: string): XmlDocument['fault'] {
  for (const { 0: found, index } of text.matchAll(BARE_AMPERSAND)) {
    if (found !== '&') continue
    const line = text.slice(0, index).split('\n').length
    return { line, fault: 'has an "&" that is not written as "&amp;"' }
  }
  return null
}

/** A mark of UTF-8 is no text before the root. */
function decoded(text: string): string {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return text
  }
}

type OpenElement = { -readonly [Key in keyof XmlElement]: XmlElement[Key] }

class XmlReader {
  readonly elements: OpenElement[] = []
  fault: XmlDocument['fault'] = null
  readonly #open: OpenElement[] = []
  readonly #parser = new SaxesParser()
  #closed: OpenElement | undefined

  read(text: string): void {
    const parser = this.#parser
    parser.on('error', ({ message }) => this.#refuse(message.replace(/^\d+:\d+: /, '')))
    parser.on('opentag', ({ name, attributes }) => this.#begin(name, attributes))
    parser.on('text', (piece) => this.#add(piece))
    parser.on('cdata', (piece) => this.#add(piece))
    parser.on('closetag', () => this.#end())
    try {
      parser.write(text).close()
    } catch (error) {
      this.#refuse((error as TooMuch).message)
    }
  }

  #begin(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.elements.length >= MOST_ELEMENTS)
      throw new TooMuch(`more than ${MOST_ELEMENTS} elements`)
    if (this.#open.length >= DEEPEST)
      throw new TooMuch(`more than ${DEEPEST} elements in each other`)
    const depth = this.#open.length
    const { line } = this.#parser
    const element = { name, attributes, text: '', line, depth, isClosed: false }
    this.elements.push(element)
    this.#open.push(element)
  }

  #end(): void {
    // The parser refuses an end without a beginning before it tells of it.
    const element = this.#open.pop() as OpenElement
    this.#closed = element
    element.isClosed = true
    element.text = element.text.trim()
  }

  #add(piece: string): void {
    const element = this.#open.at(-1)
    if (element === undefined || element.text.length >= LONGEST_TEXT) return
    element.text = (element.text + piece).trimStart().slice(0, LONGEST_TEXT)
  }

  #refuse(fault: string): void {
    this.fault ??= { line: this.#parser.line, fault: this.#inWords(fault.replace(/\.$/, '')) }
  }

  /** The parser tells neither which element it was, nor where that began. */
  #inWords(fault: string): string {
    const open = this.#closed
    if (fault !== 'unexpected close tag' || open === undefined) return fault
    return `an end tag of another name than <${open.name}> of line ${open.line}, which is open`
  }
}

class TooMuch extends Error {}
