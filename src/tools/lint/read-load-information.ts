import { family, isPhoneModel, type PhoneModel } from '../../phones/family/family.ts'

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
  readonly hasPort: boolean
  readonly hasNode: boolean
}

/**
 * Reads what a phone looks for in an XML configuration file. Phones read it by looking for
 * elements, so nothing here depends on the rest of it being well-formed.
 */
export function readXmlConfiguration(text: string): XmlConfiguration {
  const plain = text.replace(/<!--.*?-->/gs, (comment) => comment.replace(/[^\n]/g, ' '))
  const root = ROOT.exec(plain)?.[1]
  return {
    root: root !== undefined && plain.includes(`</${root}>`) ? (root as 'device') : undefined,
    loads: [...plain.matchAll(LOAD)].flatMap((match) => loadIn(plain, match)),
    strays: [...plain.matchAll(LOAD)].flatMap((match) => strayIn(plain, match)),
    hasPort: /<ethernetPhonePort>\s*\d+\s*</.test(plain),
    hasNode: /<processNodeName>\s*[^\s<][^<]*</.test(plain),
  }
}

const ROOT = /<(device|Default)\b[^<>]{0,200}>/
const LOAD = /<loadInformation(\d{0,6})\b([^<>]{0,200})>([^<]{0,200})<\/loadInformation\1>/g

/** The models, by the numbers by which Cisco's call control knows them. */
const MODELS: Readonly<Record<string, PhoneModel>> = Object.fromEntries(
  family.models.map(({ loadNumber, model }) => [loadNumber, model]),
)

function strayIn(text: string, match: RegExpExecArray): readonly StrayLoad[] {
  const [, number = '', attributes = '', content = ''] = match
  const named = modelIn(attributes)
  const isOurs =
    named === undefined ? number === '' || MODELS[number] !== undefined : isPhoneModel(named)
  const load = content.trim()
  if (isOurs || !family.loads.begin.test(load)) return []
  return [{ load, model: named ?? `model of number ${number}`, line: lineOf(text, match, content) }]
}

function modelIn(attributes: string): string | undefined {
  return /model\s*=\s*["'][^"']*?(\d{4})\w?["']/.exec(attributes)?.[1]
}

function lineOf(text: string, { index, 0: whole }: RegExpExecArray, content: string): number {
  return text.slice(0, index + whole.indexOf(content)).split('\n').length
}

function loadIn(text: string, match: RegExpExecArray): readonly LoadInformation[] {
  const [, number = '', attributes = '', content = ''] = match
  const model = modelIn(attributes) ?? MODELS[number] ?? null
  const load = content.trim()
  if (load === '' || (number !== '' && MODELS[number] === undefined)) return []
  if (model !== null && !isPhoneModel(model)) return []
  return [{ load, model, line: lineOf(text, match, content) }]
}
