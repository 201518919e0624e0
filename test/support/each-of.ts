/** Does it to each of them, so many at a time. */
export async function eachOf<Item>(
  items: readonly Item[],
  atOnce: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  // All share one iterator: each takes the next item that is left.
  const rest = items.values()
  const inTurn = async () => {
    for (const item of rest) await act(item)
  }
  await Promise.all(Array.from({ length: atOnce }, inTurn))
}
