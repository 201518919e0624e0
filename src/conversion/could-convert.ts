import { type RequestedFile, readRequestedFile } from '../phones/requested-file.ts'

/** Names that make a phone load something, whoever put them there. */
const TRIGGERS: ReadonlySet<RequestedFile['kind']> = new Set([
  'os79xx',
  'sep-xml',
  'sep-cnf',
  'sep-default',
  'sip-default',
  'sip-phone',
  'mgc-phone',
  'mgc-default',
  'xml-default',
  'ctlsep',
  'loads',
  'image',
  'other-model',
])

/**
 * Whether a shared file of this name could convert a phone that asks for it. Document 5455 warns
 * of it: one such file on a server that all phones use converts all phones.
 */
export function couldConvert(name: string): boolean {
  return TRIGGERS.has(readRequestedFile(name).kind)
}
