import { family, isPhoneModel, type PhoneModel } from '../../phones/family/family.ts'
import type { XmlDocument, XmlElement } from './read-xml.ts'

/** A load that an XML configuration file names for a model of the family. */
export type LoadInformation = {
  readonly load: string
  /** Null where the element does not say. */
  readonly model: PhoneModel | null
  /** Counted from 1. */
  readonly line: number
}

/** A load of the family that an element for another model names. */
export type StrayLoad = {
  readonly load: string
  /** As the element says it: a model, or its number. */
  readonly model: string
  /** Counted from 1. */
  readonly line: number
}

/** What the XML of `SEP<MAC>.cnf.xml` or `XMLDefault.cnf.xml` says, as far as a loader wants it. */
export type XmlConfiguration = {
  /** `device`, `Default`, or undefined where the root element is neither, or is not closed. */
  readonly root: 'device' | 'Default' | undefined
  /** Of the family; elements of other models are passed over. */
  readonly loads: readonly LoadInformation[]
  /** Loads of the family that are named for other models, which take none of them. */
  readonly strays: readonly StrayLoad[]
  /** Elements whose name a phone would know in another letter case. */
  readonly misspelt: readonly {
    readonly name: string
    readonly wanted: string
    readonly line: number
  }[]
  readonly hasPort: boolean
  readonly hasNode: boolean
  /** The first thing that makes it no well-formed XML; null where there is none. */
  readonly fault: XmlDocument['fault']
}

/**
 * Reads what a phone looks for in an XML configuration file. Some loads read it by looking for elements, so
 * what stands before and after a fault counts as well.
 */
export function readXmlConfiguration({ elements, fault }: XmlDocument): XmlConfiguration {
  const root = elements.find(({ depth }) => depth === 0)
  const isKnown = root?.isClosed === true && (root.name === 'device' || root.name === 'Default')
  return {
    root: isKnown ? (root.name as 'device' | 'Default') : undefined,
    loads: elements.flatMap(loadIn),
    strays: elements.flatMap(strayIn),
    misspelt: elements.flatMap(misspeltIn),
    hasPort: elements.some(({ name, text: port }) => name === PORT && /^\d+$/.test(port)),
    hasNode: elements.some(({ name, text: node }) => name === NODE && node !== ''),
    fault,
  }
}

const PORT = 'ethernetPhonePort'
const NODE = 'processNodeName'
const LOAD = /^loadInformation(\d{0,6})$/

/** The models, by the numbers by which Cisco's call control knows them. */
const MODELS: Readonly<Record<string, PhoneModel>> = Object.fromEntries(
  family.models.map(({ loadNumber, model }) => [loadNumber, model]),
)

function loadIn({ name, attributes, text, line }: XmlElement): readonly LoadInformation[] {
  const number = LOAD.exec(name)?.[1]
  const model = modelIn(attributes) ?? MODELS[number ?? ''] ?? null
  if (number === undefined || text === '') return []
  if (number !== '' && MODELS[number] === undefined) return []
  if (model !== null && !isPhoneModel(model)) return []
  return [{ load: text, model, line }]
}

function strayIn({ name, attributes, text, line }: XmlElement): readonly StrayLoad[] {
  const number = LOAD.exec(name)?.[1]
  if (number === undefined) return []
  const named = modelIn(attributes)
  const isOurs =
    named === undefined ? number === '' || MODELS[number] !== undefined : isPhoneModel(named)
  if (isOurs || !family.loads.begin.test(text)) return []
  return [{ load: text, model: named ?? `model of number ${number}`, line }]
}

function misspeltIn({ name, line }: XmlElement): XmlConfiguration['misspelt'] {
  const wanted = WANTED.find(
    (known) => name.toLowerCase().replace(/\d+$/, '') === known.toLowerCase(),
  )
  if (wanted === undefined || name.replace(/\d+$/, '') === wanted) return []
  const number = name.slice(wanted.length)
  return [{ name, wanted: wanted + number, line }]
}

const WANTED = ['loadInformation', PORT, NODE, 'device', 'Default']

function modelIn(attributes: Readonly<Record<string, string>>): string | undefined {
  return /(\d{4})\w?$/.exec(attributes['model']?.trim() ?? '')?.[1]
}
