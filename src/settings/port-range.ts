/** UDP ports from `first` to `last`, both included. */
export type PortRange = { readonly first: number; readonly last: number }

/**
 * Reads `40000-40999`. Ports below 1024 are refused: other services expect to find them free.
 *
 * @returns The range, or undefined where the text is none or runs backwards.
 */
export function parsePortRange(text: string): PortRange | undefined {
  const [, from = '', to = ''] = /^(\d{4,5})-(\d{4,5})$/.exec(text) ?? []
  const first = Number(from)
  const last = Number(to)
  return first >= 1024 && first <= last && last <= 65535 ? { first, last } : undefined
}

/** Prints `40000-40999`. */
export function formatPortRange({ first, last }: PortRange): string {
  return `${first}-${last}`
}
