/**
 * One copy of each text that many rows have: the vendor class of a model stands in the lease of every
 * phone of it. To be dropped when the rows are read.
 */
export class SharedTexts {
  readonly #texts = new Map<string, string>()

  /** The copy that was seen first. */
  of(text: string): string {
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    this.#texts.set(text, text)
    return text
  }
}
