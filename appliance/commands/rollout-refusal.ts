/** A problem of a roll-out that was refused, as the API lists it: one for each phone. */
type RolloutProblem = { readonly path: string; readonly message: string }

/** So many phones are named with one reason; the others are counted. */
const MAX_NAMED = 8

/**
 * The problems of a refused roll-out by their reasons: a hundred phones with the same fault are one
 * line. Problems that are not of a phone stay as they are.
 *
 * @returns `path` is the phones, the first of them by their MAC addresses.
 */
export function groupedByReason(problems: readonly unknown[]): readonly RolloutProblem[] {
  const groups = new Map<string, { readonly macs: string[]; readonly first: RolloutProblem }>()
  for (const problem of problems as readonly RolloutProblem[]) {
    const mac = /^phone ([0-9A-F]{12})\b/.exec(problem.message)?.[1]
    const reason =
      mac === undefined ? JSON.stringify(problem) : problem.message.replaceAll(mac, 'MAC')
    const group = groups.get(reason) ?? { macs: [], first: problem }
    groups.set(reason, group)
    if (mac !== undefined) group.macs.push(mac)
  }
  return [...groups].map(([reason, { macs, first }]) =>
    macs.length < 2
      ? first
      : { path: listOf(macs), message: reason.replace(/^phone MAC(:?) /, withEach) },
  )
}

/** A reason after a colon is a sentence of its own. */
function withEach(_name: string, colon: string): string {
  return colon === '' ? 'each ' : ''
}

function listOf(macs: readonly string[]): string {
  const more = macs.length - MAX_NAMED
  const named = macs.slice(0, MAX_NAMED).join(', ')
  return `${macs.length} phones (${named}${more > 0 ? ` and ${more} more` : ''})`
}
