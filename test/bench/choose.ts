/**
 * Those of `known` that were asked for, in the order of `known`; all where nobody asked.
 *
 * @throws Where a name is none of them; the message lists them.
 */
export function chosenFrom<Item extends { readonly name: string }>(
  known: readonly Item[],
  asked: readonly string[],
  what: string,
): readonly Item[] {
  const strange = asked.filter((name) => !known.some((one) => one.name === name))
  if (strange.length > 0) {
    const all = known.map(({ name }) => name).join(', ')
    throw new Error(`no ${what} ${strange.join(', ')}; wanted of: ${all}`)
  }
  return asked.length === 0 ? known : known.filter(({ name }) => asked.includes(name))
}
