import { parseFirmwareName } from '../../../phones/firmware-name.ts'
import { byteOrderMark } from '../file-text.ts'
import { type Finding, finding } from '../finding.ts'
import { readOs79xx } from '../read-os79xx.ts'
import type { RootView } from '../root-view.ts'
import { document5455, FIELD_REPORTS } from '../sources.ts'

/**
 * The bytes of `OS79XX.TXT`: a name without its extension and nothing else.
 *
 * @see Cisco document 5455, sections "Enable SIP Functionality" and "IP Phones go to
 *   Unprovisioned State"
 */
export function findOs79xxByteFaults({ os79xx, anyCase }: RootView): readonly Finding[] {
  if (os79xx === null) return []
  const { bytes } = os79xx
  const mark = byteOrderMark(bytes)
  if (mark === 'UTF-16') return [bad('os79xx-encoding', 0, 'is UTF-16 text', GARBLED)]
  const { name, nameAt, isIndented, trailingAt, furtherLine } = readOs79xx(bytes)
  if (name === '') {
    return [bad('os79xx-empty', 0, 'names no image', 'finds no name and keeps the load it has')]
  }
  const parsed = parseFirmwareName(name)
  const found: Finding[] = []
  if (mark !== undefined) {
    found.push(bad('os79xx-encoding', 0, 'begins with a UTF-8 byte order mark', GARBLED))
  }
  if (isIndented) found.push(bad('os79xx-blank', 0, 'begins with a blank', WRONG_NAME))
  if (parsed.kind === 'bad') {
    const faults = nameFaults(name, nameAt, parsed)
    const isThere = ['bin', 'sbn'].some((end) => anyCase.has(`${name.toLowerCase()}.${end}`))
    found.push(...faults.map((fault) => (isThere ? onSomeServers(fault) : fault)))
  }
  if (trailingAt !== null) found.push(trailing(bytes, trailingAt))
  if (furtherLine !== null) {
    const phone = 'may take all of it for one name, asks for a file of that name and gets none'
    found.push({ ...bad('os79xx-lines', null, 'has more than one line', phone), line: furtherLine })
  }
  return found
}

/** A file of that name is here, in some letter case: a server may have it for the phone. */
function onSomeServers(fault: Finding): Finding {
  if (fault.rule !== 'os79xx-case') return fault
  return {
    ...fault,
    severity: 'warns',
    phone:
      'A phone without the universal application loader asks for exactly that name, and gets it where the server ' +
      'does not look at letter case.',
  }
}

const GARBLED = 'reads a name with foreign bytes in it, asks for that file and gets none'
const WRONG_NAME = 'asks for a file of exactly that name and gets none, so it keeps the load it has'

function bad(rule: string, offset: number | null, found: string, phone: string): Finding {
  return finding({
    severity: 'fails',
    rule,
    file: 'OS79XX.TXT',
    offset,
    found,
    phone: `A phone without the universal application loader ${phone}.`,
    remedy: 'Write the name of the image without its extension and one line end, as plain ASCII.',
    source: document5455('IP Phones go to Unprovisioned State'),
  })
}

/** Cisco's own archives ship a blank and CR LF, so most loads must bear it. */
function trailing(bytes: Uint8Array, offset: number): Finding {
  const isBlank = bytes[offset] !== CARRIAGE_RETURN
  return {
    ...bad('os79xx-line-end', offset, isBlank ? 'has a blank after the name' : 'ends in CR LF', ''),
    severity: 'warns',
    phone:
      'An old load takes the byte for a part of the name, asks for a file that does not exist and ' +
      'keeps its load (Cisco bug CSCdv19260); later loads bear it.',
    remedy: 'End the file with the last character of the name, or with a single newline.',
    source: FIELD_REPORTS,
  }
}

const CARRIAGE_RETURN = 0x0d

/** Each mistake of its own, at the byte where it is; the rule's own words where none is known. */
function nameFaults(
  name: string,
  nameAt: number,
  { fault, suggestion }: { readonly fault: string; readonly suggestion: string | null },
): readonly Finding[] {
  const remedy =
    suggestion === null
      ? 'Write the name of a load that is there, without its extension.'
      : `Write ${suggestion} and one line end.`
  const of = (rule: string, offset: number, why: string) => ({
    ...bad(rule, nameAt + offset, `"${shown(name)}" ${why}`, WRONG_NAME),
    remedy,
  })
  const stem = name.replace(EXTENSION, '')
  const known = MISTAKES.flatMap(({ rule, pattern, why }) => {
    const at = stem.search(pattern)
    return at < 0 ? [] : [of(rule, at, why)]
  })
  if (stem !== name) {
    known.push(of('os79xx-extension', stem.length, 'has an extension; phones add it themselves'))
  }
  return known.length > 0 ? known : [of('os79xx-name', 0, fault)]
}

const EXTENSION = /\.(?:bin|sbn|sb2|loads)$/i

const MISTAKES = [
  { rule: 'os79xx-letter-o', pattern: /O/i, why: 'has the letter O for the digit zero' },
  {
    rule: 'os79xx-case',
    pattern: /[a-z]/,
    why: 'has lower-case letters; phones ask for the name as it stands',
  },
] as const

function shown(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 64)
}
