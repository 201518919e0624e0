import { bareName, findTextFault, phoneText, quotedText, xmlText } from './phone-text.ts'
import { parameterPosition } from './sip-parameters.ts'

/** What stands in the file that all SIP phones read. */
export type SipDefault = {
  /** The load that the phone shall run; null leaves the line out. */
  readonly imageVersion: string | null
  /** By parameter name; `image_version` in here is passed over. */
  readonly parameters: Readonly<Record<string, string>>
  /**
   * Nothing but `image_version`: SIP 2.x drops a larger file (W210 TFTP Error, buffer full).
   */
  readonly oneLine: boolean
}

/**
 * `SIPDefault.cnf`: one `name: "value"` a line.
 *
 * @see Cisco document 5455, section "W210 TFTP Error : buffer full"
 */
export function renderSipDefault({ imageVersion, parameters, oneLine }: SipDefault): string {
  const image = imageVersion === null ? '' : imageLine(imageVersion)
  return oneLine ? image : image + orderedLines(parameters)
}

/** One line of a SIP phone. What is left out is not written, and the phone keeps what it has. */
export type SipLine = {
  readonly name: string
  /** Where it is left out, the line's name serves. */
  readonly authName?: string
  readonly password?: string
  readonly displayName?: string
  readonly shortName?: string
  readonly contact?: string
}

/** What stands in one phone's own file. */
export type SipPhone = {
  /** The load that the phone shall run; null leaves the line out. */
  readonly imageVersion: string | null
  /** Two at most on a 7940, six on a 7960. */
  readonly lines: readonly SipLine[]
  /** By parameter name; these stand after the lines. */
  readonly parameters: Readonly<Record<string, string>>
}

/** `SIP<MAC>.cnf`: one `name: "value"` a line. It holds passwords. */
export function renderSipPhone({ imageVersion, lines, parameters }: SipPhone): string {
  const image = imageVersion === null ? '' : imageLine(imageVersion)
  const own = lines.slice(0, MOST_LINES).map((line, index) => renderLine(line, index + 1))
  return image + own.join('') + orderedLines(parameters)
}

const MOST_LINES = 6

function renderLine(line: SipLine, number: number): string {
  const parameters: readonly (readonly [string, string | undefined])[] = [
    ['name', line.name],
    ['authname', line.authName ?? line.name],
    ['password', line.password],
    ['shortname', line.shortName],
    ['displayname', line.displayName],
    ['contact', line.contact],
  ]
  return parameters
    .map(([name, value]) =>
      value === undefined ? '' : parameterLine(`line${number}_${name}`, value),
    )
    .join('')
}

/** One rule of a dial plan. */
export type DialTemplate = {
  /** Digits; `.` is any digit, `*` any number of them, `,` sounds the second dial tone. */
  readonly match: string
  /** Seconds after the last digit before the phone dials; 0 dials at once. */
  readonly timeoutSeconds: number
}

/** Dials five seconds after the last digit. Without any plan the user must press Dial or `#`. */
export const DIAL_ANYTHING: readonly DialTemplate[] = [{ match: '*', timeoutSeconds: 5 }]

/** `dialplan.xml`. */
export function renderDialplan(templates: readonly DialTemplate[]): string {
  const lines = templates.map(
    ({ match, timeoutSeconds }) =>
      `  <TEMPLATE MATCH="${xmlText(match)}" Timeout="${timeoutSeconds}"/>\n`,
  )
  return `<DIALTEMPLATE>\n${lines.join('')}</DIALTEMPLATE>\n`
}

/** A ring tone: what the phone's menu shows, and its file (`.pcm` or `.raw`, 8 kHz u-law). */
export type RingTone = { readonly name: string; readonly file: string }

/**
 * `RINGLIST.DAT`, for SIP: name, tab, file, one tone a line. A tone whose file has a name that
 * phones cannot ask for is left out.
 */
export function renderRinglistDat(tones: readonly RingTone[]): string {
  return tones
    .filter(hasFileName)
    .map(({ name, file }) => `${phoneText(name)}\t${file}\n`)
    .join('')
}

function hasFileName({ file }: RingTone): boolean {
  return findTextFault(file, 'free') === undefined
}

/**
 * Parameters as lines, in the order of the catalogue and then of the alphabet. A name that could
 * not be one is left out, and so is `image_version`, which the conversion decides.
 */
export function orderedLines(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .filter(([name]) => PARAMETER_NAME.test(name) && name.toLowerCase() !== 'image_version')
    .sort(([a], [b]) => parameterPosition(a) - parameterPosition(b) || (a < b ? -1 : 1))
    .map(([name, value]) => parameterLine(name, value))
    .join('')
}

/** One line of a SIP configuration file, whatever the value is. The name is one of the table. */
export function parameterLine(name: string, value: string): string {
  return `${name}: "${quotedText(value)}"\n`
}

/** `image_version` stands without quotes, as document 5455 writes it. */
export function imageLine(imageVersion: string): string {
  return `image_version: ${bareName(imageVersion)}\n`
}

const PARAMETER_NAME = /^[A-Za-z0-9_]+$/
