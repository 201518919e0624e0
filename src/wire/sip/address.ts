import { cutAt, parametersOf, type SipParameters } from './field-list.ts'

/** What From, To and Contact hold: a URI and the parameters of the field (RFC 3261 section 20.10). */
export type SipAddress = {
  readonly uri: string
  /** `tag`, `expires`, `+sip.instance`. */
  readonly parameters: SipParameters
}

/** A `sip:` URI as far as a registrar looks at it (RFC 3261 section 19.1). */
export type SipUri = {
  /** As written, escapes included; empty where there is none. */
  readonly user: string
  /** In lower case. */
  readonly host: string
  /** 1 to 65535; null where none is named. */
  readonly port: number | null
}

/** The name in front, in quotes or plain words, may be anything: it is not looked at. */
const BRACKETED = /^[^<]*<([^<>\s]+)>$/
const PLAIN = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"]+$/

/** Reads one name-addr or addr-spec with its parameters; undefined where it is not one. */
export function parseAddress(value: string): SipAddress | undefined {
  const [address = '', ...rest] = cutAt(value, ';')
  const unnamed = address.replace(/^"(?:[^"\\]|\\.)*"/, '')
  const uri = BRACKETED.exec(unnamed)?.[1] ?? PLAIN.exec(unnamed)?.[0]
  return uri === undefined ? undefined : { uri, parameters: parametersOf(rest) }
}

/** Reads all values of a Contact field; undefined where one of them is not an address. */
export function parseAddresses(value: string): readonly SipAddress[] | undefined {
  const addresses = cutAt(value, ',').map(parseAddress)
  return addresses.every((address) => address !== undefined) ? addresses : undefined
}

const SIP_URI =
  /^sip:(?:([^@:]*)(?::[^@]*)?@)?(\[[0-9A-Fa-f:.]+\]|[^:;?@[\]]+)(?::(\d{1,5}))?(?:[;?].*)?$/i

/** Reads a `sip:` URI; undefined where it is none, as with `sips:` and `tel:`. */
export function parseSipUri(uri: string): SipUri | undefined {
  const match = SIP_URI.exec(uri)
  if (match === null) return undefined
  const [, user = '', host = '', portText] = match
  const port = portText === undefined ? null : Number(portText)
  if (port !== null && (port < 1 || port > 65535)) return undefined
  return { user, host: host.toLowerCase(), port }
}
