import { cutAt, parametersOf, type SipParameters } from './field-list.ts'

/** Where a response goes, as far as the message tells (RFC 3261 section 20.42). */
export type Via = {
  /** In upper case: `UDP`, `TCP`. */
  readonly transport: string
  readonly host: string
  /** 1 to 65535; 5060 where none is named (RFC 3261 section 18.2.2). */
  readonly port: number
  readonly parameters: SipParameters
}

const SENT_BY =
  /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z0-9-]+)\s+(\[[0-9A-Fa-f:.]+\]|[^\s:;,]+)(?:\s*:\s*(\d{1,5}))?$/i

const DEFAULT_PORT = 5060

/** Reads the topmost value of a Via field; undefined where it is not one. */
export function parseVia(value: string): Via | undefined {
  const [sentBy = '', ...rest] = cutAt(cutAt(value, ',')[0] as string, ';')
  const match = SENT_BY.exec(sentBy)
  if (match === null) return undefined
  const [, transport = '', host = '', portText] = match
  const port = portText === undefined ? DEFAULT_PORT : Number(portText)
  if (port < 1 || port > 65535) return undefined
  return { transport: transport.toUpperCase(), host, port, parameters: parametersOf(rest) }
}
