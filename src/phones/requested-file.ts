import { family } from './family/family.ts'
import { rememberNames } from './remember-names.ts'

/** What a requested name tells about who asks; MAC addresses are 12 upper-case hex digits. */
export type RequestedFile =
  | { readonly kind: 'os79xx' }
  | { readonly kind: 'ctlsep'; readonly mac: string }
  | { readonly kind: 'sep-xml'; readonly mac: string }
  | { readonly kind: 'sep-cnf'; readonly mac: string }
  | { readonly kind: 'sip-phone'; readonly mac: string }
  | { readonly kind: 'mgc-phone'; readonly mac: string }
  | { readonly kind: 'sip-default' }
  | { readonly kind: 'xml-default' }
  | { readonly kind: 'sep-default' }
  | { readonly kind: 'mgc-default' }
  | { readonly kind: 'loads'; readonly load: string }
  | {
      readonly kind: 'image'
      readonly stem: string
      readonly extension: 'bin' | 'sbn' | 'sb2'
    }
  | { readonly kind: 'ringlist-dat' }
  /** `RINGLIST.XML` or `DISTINCTIVERINGLIST.XML`: an SCCP application. */
  | { readonly kind: 'ringlist-xml' }
  | { readonly kind: 'dialplan' }
  | { readonly kind: 'locale' }
  | { readonly kind: 'syncinfo' }
  /** Asked by a phone whose firmware is not that of this family. */
  | { readonly kind: 'other-model'; readonly model: string; readonly why: string }
  | { readonly kind: 'other' }

/**
 * Reads a requested name, with or without a leading `./` or `/`, in any letter case: some 7.x
 * loads ask for `xmlDefault.CNF.XML`, and `tftp_cfg_dir` puts `./` before the phone's own file.
 */
export const readRequestedFile: (name: string) => RequestedFile = rememberNames(readName)

function readName(name: string): RequestedFile {
  const bare = name.replace(/^(?:\.?\/)+/, '')
  for (const { pattern, read } of family.requestPatterns) {
    const match = pattern.exec(bare)
    if (match !== null) return read(match[1] ?? '', match[2] ?? '')
  }
  return { kind: 'other' }
}

/**
 * The firmware generation that a phone shows by its first request after power-up: every load
 * before the universal application loader begins with `OS79XX.TXT`, and the loader with its
 * certificate trust list. Null where the request leaves it open.
 */
export function generationOfFirstRequest(file: RequestedFile): 'pre-ual' | 'ual' | null {
  if (file.kind === 'os79xx') return 'pre-ual'
  return file.kind === 'ctlsep' ? 'ual' : null
}
