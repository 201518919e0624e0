import { readSignature } from './signed-image.ts'

/** What a `.loads` file says, or what is wrong with it. */
export type LoadsFile =
  | {
      readonly kind: 'ok'
      /** The universal application loader, without extension. */
      readonly loader: string
      /** The application, without extension. */
      readonly application: string
      /** Loader and application version, as `PAS30830`. */
      readonly laVersion: string
      /** The name under which the file was signed. */
      readonly fileName: string
    }
  | { readonly kind: 'bad'; readonly fault: string }

/**
 * Reads a `.loads` file: a signature header and three lines of text, ended by LF (8.x) or
 * CR LF (7.x): the loader's `.sbn`, the application's `.sb2`, and `LA_VERSION=`.
 */
export function readLoadsFile(bytes: Uint8Array): LoadsFile {
  const signature = readSignature(bytes)
  if (signature.kind === 'unsigned') return bad('it has no signature header')
  if (signature.kind === 'damaged') return bad(signature.fault)
  const body = bytes.subarray(signature.headerBytes)
  if (body.length > LONGEST_BODY) return bad(`its text has ${body.length} bytes; 60 are usual`)
  const lines = String.fromCharCode(...body).split(/\r?\n/)
  const loader = /^(.+)\.sbn$/.exec(lines[0] as string)?.[1]
  if (loader === undefined) return bad('its first line does not name a loader (.sbn)')
  const application = /^(.+)\.sb2$/.exec(lines[1] ?? '')?.[1]
  if (application === undefined) return bad('its second line does not name an application (.sb2)')
  const laVersion = /^LA_VERSION=(\w+)$/.exec(lines[2] ?? '')?.[1]
  if (laVersion === undefined) return bad('its third line is no LA_VERSION')
  return { kind: 'ok', loader, application, laVersion, fileName: signature.fileName }
}

/** Real ones have 54 to 57 bytes. */
const LONGEST_BODY = 1024

function bad(fault: string): LoadsFile {
  return { kind: 'bad', fault }
}
