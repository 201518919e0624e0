/** A counter's labels, as Prometheus has them. */
export type Labels = Readonly<Record<string, string>>

type Series = { readonly labels: Labels; value: number }

/**
 * How often each thing happened since the start.
 *
 * Labels come from configuration and from unions in the source, never from the network: the number
 * of series is bounded by them.
 */
export class Counters {
  readonly #families = new Map<string, Map<string, Series>>()

  /** Adds to a counter, making it where it is new. */
  add(name: string, labels: Labels, by = 1): void {
    const family = this.#families.get(name) ?? new Map<string, Series>()
    this.#families.set(name, family)
    const key = Object.values(labels).join('\u0000')
    const series = family.get(key)
    if (series === undefined) family.set(key, { labels, value: by })
    else series.value += by
  }

  /** All series of one name. */
  series(name: string): readonly Readonly<Series>[] {
    return [...(this.#families.get(name)?.values() ?? [])]
  }

  /** All names, in the order in which they were first counted. */
  names(): readonly string[] {
    return [...this.#families.keys()]
  }
}
