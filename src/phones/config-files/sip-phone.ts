import { imageLine, orderedLines, parameterLine } from './parameter-lines.ts'

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
  /** By parameter name; these stand behind the lines. */
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
