// The parser recurses, and at the end of the stack it does not always fail in an orderly way: the
// regular expression engine may end the process. No configuration comes near these depths.
const MAX_OPEN_BRACKETS = 50
const MAX_INDENTATION = 200

/** Options of a network are the largest mapping there is: 254 codes. Doubled keys cost the square. */
const MAX_KEYS = 300

/** Keys and items of the whole text: 4096 networks have some 80,000, and take a second or two. */
const MAX_NODES = 100_000

/** Comments and blank lines cost time as well. */
const MAX_LINES = 100_000

/** Anchors, aliases, tags, keys that begin with a question mark: no operator writes more than a few. */
const MAX_MARKS = 300

/**
 * Why a YAML text would cost the parser too much, in words; undefined where it would not. Counts what
 * looks like brackets, keys and marks without regard to quotes, in one pass and little time: no
 * configuration comes near the bounds, so a wrong count does no harm.
 */
export function findExcess(text: string): string | undefined {
  const lines = countOf(text, /\r\n?|\n/g)
  if (lines > MAX_LINES) return tooMany(lines, 'lines', MAX_LINES)
  const marks = countOf(text.replace(/^[ \t]*#.*$/gm, ''), /(?<![^\s[{,:?-])[&*!?]/g)
  if (marks > MAX_MARKS) return tooMany(marks, 'anchors, aliases and tags', MAX_MARKS)
  const flow = excessOfFlow(text)
  if (typeof flow === 'string') return flow
  const block = excessOfBlock(text)
  if (typeof block === 'string') return block
  const nodes = flow + block
  return nodes > MAX_NODES ? tooMany(nodes, 'keys and items', MAX_NODES) : undefined
}

/** The number of entries between brackets, or what is too much about them. */
function excessOfFlow(text: string): number | string {
  const open: Bracket[] = []
  let commas = 0
  for (const [character] of text.matchAll(/[[\]{},]/g)) {
    if (character === ',') commas++
    const excess = trackBrackets(open, character)
    if (excess !== undefined) return excess
  }
  return commas
}

/** A bracket that is open. */
type Bracket = { readonly isMap: boolean; entries: number }

/** Opens, closes or goes on with the innermost bracket; what is too much then. */
function trackBrackets(open: Bracket[], character: string): string | undefined {
  if (character === '[' || character === '{') {
    open.push({ isMap: character === '{', entries: 1 })
    return open.length > MAX_OPEN_BRACKETS ? TOO_DEEP : undefined
  }
  if (character !== ',') {
    open.pop()
    return undefined
  }
  const innermost = open.at(-1)
  if (innermost === undefined) return undefined
  innermost.entries++
  return innermost.isMap && innermost.entries > MAX_KEYS ? TOO_MANY_KEYS : undefined
}

/** The number of lines with a key or an item, or what is too much about them. */
function excessOfBlock(text: string): number | string {
  const open: Mapping[] = []
  let nodes = 0
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    const lead = (LEAD.exec(line) as RegExpExecArray)[0]
    if (lead.length > MAX_INDENTATION) return TOO_DEEP
    const rest = line.slice(lead.length, lead.length + LONGEST_KEY)
    if (rest === '' || rest.startsWith('#')) continue
    closeInner(open, lead)
    nodes += lead.split('-').length - 1
    if (!KEY.test(rest)) continue
    nodes++
    if (keysWith(open, lead.length) > MAX_KEYS) return TOO_MANY_KEYS
  }
  return nodes
}

/** A mapping that the line before was in, the outermost first: where its keys begin. */
type Mapping = { readonly column: number; keys: number }

/** An item begins a mapping of its own, which ends all that lie further in. */
function closeInner(open: Mapping[], lead: string): void {
  const dash = lead.indexOf('-')
  const outermost = dash < 0 ? lead.length : dash
  while ((open.at(-1)?.column ?? -1) > outermost) open.pop()
}

/** How many keys the innermost mapping has with the one that begins at a column. */
function keysWith(open: Mapping[], column: number): number {
  const innermost = open.at(-1)
  if (innermost?.column === column) return ++innermost.keys
  open.push({ column, keys: 1 })
  return 1
}

/** Lists and keys that begin on one line nest as indentation does. */
const LEAD = /^[ \t?:-]*/
const KEY = /^(?:"[^"]*"|'[^']*'|[^:]*):(?:\s|$)/
const LONGEST_KEY = 1_024

const TOO_DEEP = `found nesting that is too deep, wanted at most ${MAX_OPEN_BRACKETS} brackets and ${MAX_INDENTATION} columns`
const TOO_MANY_KEYS = `found a mapping of more than ${MAX_KEYS} keys, which none here has`

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

function tooMany(found: number, what: string, most: number): string {
  return `found ${found} ${what}, wanted at most ${most}`
}
