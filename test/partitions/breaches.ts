/** What is watched, by the name that stands in front of a breach. */
export const INVARIANTS = {
  I1: 'no address in two unexpired leases',
  I2: 'no acknowledged lease forgotten',
  I3: 'no write with a token that was replaced',
  I4: 'no NAK to a valid holder',
  I5: 'one appliance answers, and none with what it held back (R3)',
  I6: 'no unknown device gets a file that could change it',
  I7: 'no acknowledged edit lost, conversions never go back, waves within their size',
  I8: 'no event that was read is missing, told twice or changed',
  I9: 'a fresh client is served in time, and everything heals',
} as const

export type Invariant = keyof typeof INVARIANTS

/** A promise that was found broken. */
export type Breach = { readonly invariant: Invariant; readonly text: string }

/** What a text of the ledger is about: it names no invariant of its own where it is shared. */
export function breachOf(text: string): Breach {
  const [first = ''] = text.split(' ')
  if (first in INVARIANTS) {
    return { invariant: first as Invariant, text: text.slice(first.length + 1) }
  }
  const isTwice = / is held by .* and was given to /.test(text)
  return { invariant: isTwice ? 'I1' : 'I2', text }
}
