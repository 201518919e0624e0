/** What of a file is shown. `isCut`: there is more. */
export type Preview = {
  readonly kind: 'text' | 'hex'
  readonly text: string
  readonly isCut: boolean
}

const MAX_TEXT_BYTES = 16_384
const MAX_HEX_BYTES = 256
const BYTES_A_LINE = 16

/** A file for the eye: as text where it is text, otherwise its first bytes in hexadecimal. */
export function previewOf(bytes: Uint8Array): Preview {
  const shown = bytes.subarray(0, MAX_TEXT_BYTES)
  if (shown.every(isTextOctet)) {
    const text = new TextDecoder().decode(shown)
    return { kind: 'text', text, isCut: bytes.length > MAX_TEXT_BYTES }
  }
  const first = bytes.subarray(0, MAX_HEX_BYTES)
  return { kind: 'hex', text: hexLines(first), isCut: bytes.length > MAX_HEX_BYTES }
}

/** Control characters other than tabs and line ends occur in images, not in configuration. */
function isTextOctet(octet: number): boolean {
  return octet >= 0x20 ? octet !== 0x7f : octet === 0x09 || octet === 0x0a || octet === 0x0d
}

function hexLines(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += BYTES_A_LINE) {
    const row = [...bytes.subarray(at, at + BYTES_A_LINE)]
    const hex = row.map((octet) => octet.toString(16).padStart(2, '0')).join(' ')
    const ascii = row.map((octet) => (octet >= 0x20 && octet < 0x7f ? toAscii(octet) : '.'))
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex.padEnd(47)}  ${ascii.join('')}`)
  }
  return lines.join('\n')
}

function toAscii(octet: number): string {
  return String.fromCharCode(octet)
}
