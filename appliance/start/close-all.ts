/** Closes one part. */
export type Closer = () => Promise<void> | void

/**
 * Closes all, one after another, whatever some of them say: a socket that cannot be closed must not
 * keep the database from being written.
 *
 * @throws What the one that failed threw; an `AggregateError` where there were several.
 */
export async function closeAll(closers: readonly Closer[]): Promise<void> {
  const faults: unknown[] = []
  for (const closer of closers) {
    try {
      await closer()
    } catch (fault) {
      faults.push(fault)
    }
  }
  if (faults.length === 1) throw faults[0]
  if (faults.length > 1)
    throw new AggregateError(faults, `${faults.length} parts could not be closed`)
}
