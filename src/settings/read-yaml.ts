import { LineCounter, parseDocument } from 'yaml'
import { lineOfPath } from './line-of-path.ts'
import type { Problem } from './problem.ts'

/** The largest configuration that is read, in characters: far above 4096 networks. */
const MAX_CHARACTERS = 4 * 1024 * 1024

/** Faults that are reported of one text; behind the first, the rest is often noise. */
const MAX_FAULTS = 20

// The parser recurses, and at the end of the stack it does not always fail in an orderly way: the
// regular expression engine may end the process. No configuration comes near these depths.
const MAX_OPEN_BRACKETS = 50
const MAX_INDENTATION = 200

/** How often an alias may be expanded before the file counts as an attack on memory. */
const MAX_ALIASES = 1000

/** What a YAML text says, or why it says nothing. */
export type YamlResult =
  | {
      readonly kind: 'ok'
      readonly document: unknown
      /** The line on which the thing stands that a problem's path names. */
      readonly lineOf: (path: string) => number
    }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }

/**
 * Reads one YAML 1.2 document, core schema. Syntax errors and doubled keys are reported with line
 * and column.
 */
export function readYaml(text: string): YamlResult {
  if (text.length > MAX_CHARACTERS) {
    return refused(`found ${text.length} characters, wanted at most ${MAX_CHARACTERS}`)
  }
  if (isTooDeep(text)) {
    const limits = `${MAX_OPEN_BRACKETS} brackets and ${MAX_INDENTATION} columns`
    return refused(`found nesting that is too deep, wanted at most ${limits}`)
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const faults = [...document.errors, ...document.warnings].slice(0, MAX_FAULTS)
  if (faults.length > 0) {
    const problems = faults.map(({ message, pos }) => {
      const { line, col } = lines.linePos(pos[0])
      return { path: '', message: `line ${line}, column ${col}: ${message}` }
    })
    return { kind: 'refused', problems }
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    JSON.stringify(value)
    const lineOf = (path: string) => lineOfPath(document.contents, lines, path)
    return { kind: 'ok', document: value, lineOf }
  } catch (error) {
    // Aliases that multiply or point nowhere are found by the parser, those that lead round in a
    // circle by JSON; all three are the file's fault.
    return refused((error as Error).message.replace(/\n.*/s, ''))
  }
}

function refused(message: string): YamlResult {
  return { kind: 'refused', problems: [{ path: '', message }] }
}

/** Counts brackets without regard to quotes: fifty are never open at a time. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (const [character] of text.matchAll(/[[\]{}]/g)) {
    depth += character === '[' || character === '{' ? 1 : -1
    if (depth > MAX_OPEN_BRACKETS) return true
  }
  // Lists and keys that begin on one line nest as indentation does.
  return text
    .split(/[\r\n]/)
    .some((line) => (/^[ \t?:-]*/.exec(line)?.[0].length as number) > MAX_INDENTATION)
}
