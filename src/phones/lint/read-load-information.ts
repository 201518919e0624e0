/** A load that an XML configuration file names for a 7940 or 7960. */
export type LoadInformation = {
  readonly load: string
  /** Null where the element does not say. */
  readonly model: '7940' | '7960' | null
  /** Counted from 1. */
  readonly line: number
}

/** What the XML of `SEP<MAC>.cnf.xml` or `XMLDefault.cnf.xml` says, as far as a loader wants it. */
export type XmlConfiguration = {
  /** `device`, `Default`, or undefined where the root element is neither, or is not closed. */
  readonly root: 'device' | 'Default' | undefined
  /** Of a 7940 or 7960; elements of other models are passed over. */
  readonly loads: readonly LoadInformation[]
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
    hasPort: /<ethernetPhonePort>\s*\d+\s*</.test(plain),
    hasNode: /<processNodeName>\s*[^\s<][^<]*</.test(plain),
  }
}

const ROOT = /<(device|Default)\b[^<>]{0,200}>/
const LOAD = /<loadInformation(\d{0,6})\b([^<>]{0,200})>([^<]{0,200})<\/loadInformation\1>/g

/** The numbers by which Cisco's call control knows the models. */
const MODELS: Readonly<Record<string, '7940' | '7960'>> = { '7': '7960', '8': '7940' }

function loadIn(text: string, match: RegExpExecArray): readonly LoadInformation[] {
  const [whole, number = '', attributes = '', content = ''] = match
  const named = /model\s*=\s*["'][^"']*?(\d{4})\w?["']/.exec(attributes)?.[1]
  const model = named ?? MODELS[number] ?? null
  const load = content.trim()
  if (load === '' || (number !== '' && MODELS[number] === undefined)) return []
  if (model !== null && model !== '7940' && model !== '7960') return []
  const line = text.slice(0, match.index + whole.indexOf(content)).split('\n').length
  return [{ load, model, line }]
}
