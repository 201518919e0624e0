const UNIT_BYTES: Readonly<Record<string, number>> = {
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
}
const WHOLE = /^(\d{1,6}) ?([KMG]iB)$/

/**
 * Reads a size with its unit: `512KiB`, `64MiB`, `1 GiB`.
 *
 * A bare number is refused, because nobody can tell octets from megabytes in it.
 *
 * @returns Octets, 1 KiB at least; undefined where the text is no size.
 */
export function parseSize(text: string): number | undefined {
  const [, count = '0', unit = ''] = WHOLE.exec(text) ?? []
  const bytes = Number(count) * (UNIT_BYTES[unit] ?? 0)
  return bytes > 0 ? bytes : undefined
}

/** Prints a size as it may be written in a configuration: the largest unit that divides it. */
export function formatSize(bytes: number): string {
  const found = Object.entries(UNIT_BYTES).findLast(([, length]) => bytes % length === 0)
  const [unit, length] = found ?? ['octets', 1]
  return found === undefined ? `${bytes} ${unit}` : `${bytes / length}${unit}`
}
