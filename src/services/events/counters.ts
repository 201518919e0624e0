/** A counter's labels, as Prometheus has them. */
export type Labels = Readonly<Record<string, string>>

type Series = { readonly labels: Labels; value: number }

/** A family's series by the value of one label, and below that of the next. */
type Branch = { readonly branches: Map<string, Branch>; series: Series | undefined }

/**
 * How often each thing happened since the start.
 *
 * Labels come from configuration and from unions in the source, never from the network: the number
 * of series is bounded by them.
 */
export class Counters {
  readonly #families = new Map<string, { readonly tree: Branch; readonly all: Series[] }>()

  /** Adds to a counter, making it where it is new. A name always comes with the same labels. */
  add(name: string, labels: Labels, by = 1): void {
    const family = this.#families.get(name) ?? this.#newFamily(name)
    let branch = family.tree
    // No key is put together: two of these calls are made for every DHCP exchange.
    for (const label in labels) branch = branchOf(branch, labels[label] as string)
    if (branch.series === undefined) {
      branch.series = { labels, value: by }
      family.all.push(branch.series)
    } else branch.series.value += by
  }

  /** All series of one name. */
  series(name: string): readonly Readonly<Series>[] {
    return [...(this.#families.get(name)?.all ?? [])]
  }

  /** All names, in the order in which they were first counted. */
  names(): readonly string[] {
    return [...this.#families.keys()]
  }

  #newFamily(name: string) {
    const family = { tree: newBranch(), all: [] }
    this.#families.set(name, family)
    return family
  }
}

function newBranch(): Branch {
  return { branches: new Map(), series: undefined }
}

function branchOf({ branches }: Branch, value: string): Branch {
  const known = branches.get(value)
  if (known !== undefined) return known
  const made = newBranch()
  branches.set(value, made)
  return made
}
