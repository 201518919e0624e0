/** One `name: value` of a SIP configuration file. */
export type ParameterEntry = {
  readonly name: string
  /** Without quotes, without what follows a `;`. */
  readonly value: string
  /** Counted from 1. */
  readonly line: number
}

/** What a SIP configuration file says. */
export type ParameterFile = {
  readonly entries: readonly ParameterEntry[]
  /** Lines that are neither a parameter nor a comment. */
  readonly faults: readonly { readonly line: number; readonly fault: string }[]
}

/**
 * Reads `SIPDefault.cnf` or `SIP<MAC>.cnf`: one `name: value` a line, quotes around the value at
 * will, `#` at the beginning of a comment line, `;` before a comment at a line's end.
 */
export function readParameters(text: string): ParameterFile {
  const entries: ParameterEntry[] = []
  const faults: { line: number; fault: string }[] = []
  const lines = text.split('\n', MOST_LINES)
  for (const [index, raw] of lines.entries()) {
    const line = index + 1
    const bare = raw.trim()
    if (bare === '' || bare.startsWith('#') || bare.startsWith(';')) continue
    const match = PARAMETER.exec(bare)
    if (match === null) {
      faults.push({ line, fault: `${JSON.stringify(bare.slice(0, SHOWN))} is no "name: value"` })
      continue
    }
    const [, name = '', rest = ''] = match
    const value = readValue(rest)
    if (value === undefined)
      faults.push({ line, fault: `the value of ${name} has no closing quote` })
    else entries.push({ name, value, line })
  }
  return { entries, faults }
}

/** Far more than the parameters that there are. */
const MOST_LINES = 2_000
const SHOWN = 40

const PARAMETER = /^([A-Za-z0-9_]{1,64})[ \t]*:[ \t]*(.*)$/

function readValue(rest: string): string | undefined {
  const quote = rest[0]
  if (quote !== '"' && quote !== "'") return rest.replace(/[ \t]*;.*$/, '')
  const end = rest.indexOf(quote, 1)
  return end < 0 ? undefined : rest.slice(1, end)
}
