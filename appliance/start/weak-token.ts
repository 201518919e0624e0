/** A random token of fewer characters could be found by trying. */
const SHORTEST = 16
/** Sixteen random hexadecimal digits have ten different ones. */
const FEWEST_DIFFERENT = 8

/** Why a token could be guessed, in words without it; undefined where nothing speaks for that. */
export function weaknessOf(token: string): string | undefined {
  if (token.length < SHORTEST) {
    return `it has ${token.length} characters, wanted at least ${SHORTEST}`
  }
  const different = new Set(token).size
  if (different < FEWEST_DIFFERENT) {
    return `it has ${different} different characters, wanted at least ${FEWEST_DIFFERENT}`
  }
  return /^(.+?)\1+$/s.test(token.slice(0, LONGEST_LOOK))
    ? 'it repeats the same characters'
    : undefined
}

/** What follows makes nothing weaker. */
const LONGEST_LOOK = 256
