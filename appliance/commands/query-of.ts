/** The query of a request; what was not given is not part of it. */
export function queryOf(
  wanted: Readonly<Record<string, string | number | boolean | undefined>>,
): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(wanted)) {
    if (value !== undefined) query.set(name, `${value}`)
  }
  return query
}
