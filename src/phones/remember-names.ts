/** Names that are remembered: those of every phone of a building, and a bound for those who make them up. */
const MOST_NAMES = 4_096

/**
 * Remembers what each name tells. Phones ask for the same few names again and again, and what a name
 * tells never changes. Beyond 4,096 names it begins again.
 *
 * @param read - Depends on the name alone.
 */
export function rememberNames<Result>(read: (name: string) => Result): (name: string) => Result {
  const known = new Map<string, Result>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const result = read(name)
    if (known.size >= MOST_NAMES) known.clear()
    known.set(name, result)
    return result
  }
}
