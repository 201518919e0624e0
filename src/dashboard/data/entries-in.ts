/** The entries of a list that is one field: one a line, or with commas or spaces between them. */
export function entriesIn(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}
