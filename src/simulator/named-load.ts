import { type Ipv4, parseIpv4 } from '../net/ipv4.ts'
import { readSignedImage } from './signed-image.ts'

/** Models as they stand in load information, and the number that CallManager gives them. */
const MODEL_NUMBER = { '7940': '8', '7960': '7' } as const

/** The phones that are simulated. */
export type PhoneModel = keyof typeof MODEL_NUMBER

/**
 * Reads the load that `OS79XX.TXT` names; null for an empty file.
 *
 * @param literally - As old firmware does: only the last LF is no part of the name.
 */
export function loadInOs79xx(bytes: Uint8Array, literally: boolean): string | null {
  const line = textOf(bytes).split('\n', 1)[0] ?? ''
  const name = literally ? line : line.trim()
  return name === '' ? null : name
}

/** The parameters of `SIPDefault.cnf` or `SIP<MAC>.cnf` by name; the last of a name counts. */
export function readSipParameters(bytes: Uint8Array): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const line of textOf(bytes).split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon < 0 || line.startsWith('#')) continue
    parameters.set(line.slice(0, colon).trim(), parameterValue(line.slice(colon + 1)))
  }
  return parameters
}

/** The load in SIP parameters; null where `image_version` is missing or empty. */
export function loadInSipParameters(parameters: ReadonlyMap<string, string>): string | null {
  return parameters.get('image_version') || null
}

/** Every part is bounded, so that a file of nothing but beginnings is read in linear time. */
const LOAD_INFORMATION = /<loadInformation(\d{0,6})([^<>]{0,99})>([^<]{0,99})<\/loadInformation/g

/** What stands in an XML file that a phone can use. */
export type LoadInformationRead = {
  readonly kind: 'read'
  readonly load: string | null
  /** Folders of the files of its language and of its country's tones. */
  readonly userLocale: string | null
  readonly networkLocale: string | null
  readonly namesCallManager: boolean
  /** Those that it names by address: names need DNS, which is not here. In the order of the file. */
  readonly callManagers: readonly { readonly address: Ipv4; readonly port: number }[]
}

/** What a phone finds in an XML file. */
export type LoadInformation =
  | LoadInformationRead
  /** Empty, cut, or lacking what the phone insists on. */
  | { readonly kind: 'unusable' }

/**
 * Reads `SEP<MAC>.cnf.xml` or `XMLDefault.cnf.xml`: a `device` whose only load information is the phone's,
 * or a `Default` with one for each model, which must also name a CallManager and its port.
 */
export function readLoadInformation(bytes: Uint8Array, model: PhoneModel): LoadInformation {
  const text = textOf(bytes)
  const root = /<(device|Default)[\s>]/.exec(text)?.[1]
  if (root === undefined || !text.includes(`</${root}>`)) return { kind: 'unusable' }
  const isDefault = root === 'Default'
  const rest = {
    ...localesIn(text),
    namesCallManager: namesCallManager(text),
    callManagers: callManagersIn(text),
  }
  if (isDefault && !rest.namesCallManager) return { kind: 'unusable' }
  for (const match of text.matchAll(LOAD_INFORMATION)) {
    const [, number = '', attributes = '', load = ''] = match
    if (isDefault && !isForModel(model, number, attributes)) continue
    return { kind: 'read', load: load.trim() || null, ...rest }
  }
  return { kind: 'read', load: null, ...rest }
}

/** The element of `syncinfo.xml` that is for a load, or for all of them. */
const SYNC = /<IMAGE VERSION="([^"<>]{0,99})" SYNC="([^"<>]{0,32})"/g

/** The value that `syncinfo.xml` has for a load; null where it has none. */
export function readSync(bytes: Uint8Array, load: string): string | null {
  for (const [, version, sync = ''] of textOf(bytes).matchAll(SYNC)) {
    if (version === '*' || version === load) return sync
  }
  return null
}

/** The two files that a `.loads` file names, without extension. */
export type LoadsContent = { readonly loader: string; readonly application: string }

/**
 * Reads a `.loads` file: signed, under its own name, loader (`.sbn`) and application (`.sb2`) on two lines.
 *
 * @param fileName - The name that was asked for; a renamed file fails.
 */
export function readLoadsFile(bytes: Uint8Array, fileName: string): LoadsContent | undefined {
  const signed = readSignedImage(bytes)
  if (signed === undefined || !signed.intact || signed.fileName !== fileName) return undefined
  const [loader = '', application = ''] = textOf(signed.content).split(/\r?\n/)
  if (!loader.endsWith('.sbn') || !application.endsWith('.sb2')) return undefined
  return { loader: loader.slice(0, -4), application: application.slice(0, -4) }
}

/** Quotes are optional, `;` begins a comment after the value. */
function parameterValue(text: string): string {
  const value = text.trim()
  const quoted = /^"([^"]*)"/.exec(value)
  return quoted?.[1] ?? value.split(/[;#]/, 1)[0]?.trim() ?? ''
}

function localesIn(text: string) {
  const start = text.indexOf('<userLocale>')
  const user = start < 0 ? undefined : /<name>([^<]{1,99})<\/name>/.exec(text.slice(start))?.[1]
  const network = /<networkLocale>([^<]{1,99})<\/networkLocale>/.exec(text)?.[1]
  return { userLocale: user ?? null, networkLocale: network ?? null }
}

function namesCallManager(text: string): boolean {
  return text.includes('<ethernetPhonePort>') && text.includes('<processNodeName>')
}

/** The port of a member stands before its name; every part is bounded, as above. */
const MEMBER = /<ethernetPhonePort>(\d{1,5})<|<processNodeName>([^<>]{1,64})</g

function callManagersIn(text: string): LoadInformationRead['callManagers'] {
  const found: { readonly address: Ipv4; readonly port: number }[] = []
  let port = DEFAULT_SCCP_PORT
  for (const [, portText, name] of text.matchAll(MEMBER)) {
    if (portText !== undefined) port = Number(portText)
    const address = parseIpv4(name?.trim() ?? '')
    if (address !== undefined && port > 0 && port < 65536) found.push({ address, port })
  }
  return found
}

const DEFAULT_SCCP_PORT = 2000

function isForModel(model: PhoneModel, number: string, attributes: string): boolean {
  return number === MODEL_NUMBER[model] || attributes.includes(model)
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes)
}
