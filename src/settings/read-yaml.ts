import { LineCounter, parseDocument } from 'yaml'
import { type Place, placeOfPath } from './place-of-path.ts'
import type { Problem } from './problem.ts'
import { findExcess } from './yaml-bounds.ts'

/** The largest configuration that is read, in characters: far above 4096 networks. */
const MAX_CHARACTERS = 4 * 1024 * 1024

/** Faults that are reported for one text; after the first, the rest is often noise. */
const MAX_FAULTS = 20

/** How often an alias may be expanded before the file counts as an attack on memory. */
const MAX_ALIASES = 1000

/** What a YAML text says, or why it says nothing. */
export type YamlResult =
  | {
      readonly kind: 'ok'
      readonly document: unknown
      /** Where the thing stands that a problem's path names. */
      readonly placeOf: (path: string) => Place
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
  const excess = findExcess(text)
  if (excess !== undefined) return refused(excess)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const faults = [...document.errors, ...document.warnings].slice(0, MAX_FAULTS)
  if (faults.length > 0) {
    const problems = faults.map(({ message, pos }) => {
      const { line, col } = lines.linePos(pos[0])
      return { path: '', message: `line ${line}, column ${col}: ${message}`, line, column: col }
    })
    return { kind: 'refused', problems }
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    JSON.stringify(value)
    const placeOf = (path: string) => placeOfPath(document.contents, lines, path)
    return { kind: 'ok', document: value, placeOf }
  } catch (error) {
    // Aliases that multiply or point nowhere are found by the parser, those that lead round in a
    // circle by JSON; all three are the file's fault.
    return refused((error as Error).message.replace(/\n.*/s, ''))
  }
}

function refused(message: string): YamlResult {
  return { kind: 'refused', problems: [{ path: '', message }] }
}
