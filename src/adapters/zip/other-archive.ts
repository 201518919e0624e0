/** What comes in place of a ZIP, by the bytes that it has in common. */
const KINDS: readonly { readonly at: number; readonly octets: string; readonly what: string }[] = [
  {
    at: 0,
    octets: 'MZ',
    what: 'a Windows program, such as an installer of Cisco CallManager: run or unpack it',
  },
  { at: 257, octets: 'ustar', what: 'a tar archive: unpack it' },
  { at: 0, octets: '\x1f\x8b', what: 'compressed with gzip: unpack it' },
  { at: 0, octets: 'Rar!', what: 'a RAR archive: unpack it' },
  { at: 0, octets: "7z\xbc\xaf'\x1c", what: 'a 7z archive: unpack it' },
  { at: 0, octets: '\x01\x00\x02\x01', what: 'one signed file of a set: add the other files too' },
]

/** A page may begin with blank lines. */
const HTML_WITHIN = 256

const HTML =
  'is a web page and no archive, such as the login page of a download site: ' +
  'download the archive again while you are logged in'

/**
 * The type of an upload that is not a ZIP archive, and what to do about it; undefined if unknown.
 *
 * @see Cisco document 5455, "Obtain SCCP Firmware": SCCP sets came as executable files
 */
export function otherArchive(bytes: Buffer): string | undefined {
  if (/^\s*<(?:!doctype html|html)/i.test(bytes.toString('latin1', 0, HTML_WITHIN))) return HTML
  const kind = KINDS.find(
    ({ at, octets }) => bytes.toString('latin1', at, at + octets.length) === octets,
  )
  return kind && `is ${kind.what}, and pack the files of one load as a ZIP or add their folder`
}
