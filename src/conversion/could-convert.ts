import { type RequestedFile, readRequestedFile } from '../phones/requested-file.ts'

/** Names that make a phone load something, wherever they come from. */
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
 * of it: one such file on a server that all phones use converts all phones. Folders do not count,
 * because a phone asks for its own file in the folder that `tftp_cfg_dir` names.
 */
export function couldConvert(name: string): boolean {
  const bare = name.slice(name.lastIndexOf('/') + 1)
  return [name, bare].some((one) => TRIGGERS.has(readRequestedFile(one).kind))
}
