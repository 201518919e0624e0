import type { Mac } from '../net/mac.ts'
import { macInName } from '../phones/mac-in-name.ts'
import { rememberNames } from '../phones/remember-names.ts'
import { readRequestedFile } from '../phones/requested-file.ts'

/** What a client's request says about who it is. */
export type Asked =
  /** It carries this MAC address; `isPhoneForm`: in a name that only a 7940 or 7960 uses for its own. */
  | { readonly kind: 'named'; readonly mac: Mac; readonly isPhoneForm: boolean }
  /** `OS79XX.TXT`, which phones without a loader ask first, before any name of their own. */
  | { readonly kind: 'os79xx' }
  /** It carries no MAC address. */
  | { readonly kind: 'unnamed' }

/** Reads it from the name of a requested file, as it came over the wire. */
export const readAsked: (requestedName: string) => Asked = rememberNames(readName)

function readName(requestedName: string): Asked {
  const file = readRequestedFile(requestedName)
  if ('mac' in file) return { kind: 'named', mac: file.mac as Mac, isPhoneForm: true }
  if (file.kind === 'os79xx') return { kind: 'os79xx' }
  const mac = macInName(requestedName)
  return mac === null ? UNNAMED : { kind: 'named', mac: mac as Mac, isPhoneForm: false }
}

/** Says nothing about who asks. */
export const UNNAMED: Asked = { kind: 'unnamed' }
