/** What came of one phone. */
export type BulkResult = { readonly mac: string; readonly ok: boolean; readonly text: string }

/** So many requests at once: quick for hundreds of phones, and light for the appliance. */
const AT_ONCE = 4

/** What is done with each phone, and who is told. */
export type BulkWork = {
  /** For one phone; says in words what it did. */
  readonly work: (mac: string) => Promise<string>
  /** What was thrown, in words. */
  readonly wordsOf: (error: unknown) => string
  /** Called for each phone as it ends. */
  readonly onResult: (result: BulkResult) => void
}

/** Does the same with several phones. What one of them refuses stops no other. */
export async function runForAll(
  macs: readonly string[],
  { work, wordsOf, onResult }: BulkWork,
): Promise<void> {
  const waiting = [...macs]
  const runOne = async (): Promise<void> => {
    for (;;) {
      const mac = waiting.shift()
      if (mac === undefined) return
      onResult(
        await work(mac).then(
          (text) => ({ mac, ok: true, text }),
          (error: unknown) => ({ mac, ok: false, text: wordsOf(error) }),
        ),
      )
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, runOne))
}
