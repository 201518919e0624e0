/** A parameter after a semicolon; names are in lower case, a value without its quotes. */
export type SipParameters = ReadonlyMap<string, string>

/**
 * Cuts a field's value at a separator that stands neither within quotes nor within angle brackets
 * (RFC 3261 section 7.3.1 for commas, section 25.1 for semicolons). One pass, so its time is bounded.
 */
export function cutAt(value: string, separator: ',' | ';'): readonly string[] {
  const parts: string[] = []
  let from = 0
  let isBracketed = false
  for (let at = 0; at < value.length; at++) {
    const character = value[at]
    if (character === '"') at = endOfQuotes(value, at)
    else if (character === '<' || character === '>') isBracketed = character === '<'
    else if (character === separator && !isBracketed) {
      parts.push(value.slice(from, at).trim())
      from = at + 1
    }
  }
  return [...parts, value.slice(from).trim()]
}

/** Where the quotes close that open here, or the value ends (RFC 3261 section 25.1, quoted-string). */
function endOfQuotes(value: string, opensAt: number): number {
  let at = opensAt + 1
  while (at < value.length && value[at] !== '"') at += value[at] === '\\' ? 2 : 1
  return at
}

/** Reads `name=value` and `name`; of a name that comes twice the first counts. */
export function parametersOf(parts: readonly string[]): SipParameters {
  const parameters = new Map<string, string>()
  for (const part of parts) {
    const equals = part.indexOf('=')
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase()
    const value = equals < 0 ? '' : part.slice(equals + 1).trim()
    if (name !== '' && !parameters.has(name)) parameters.set(name, withoutQuotes(value))
  }
  return parameters
}

/** RFC 3261 section 25.1, quoted-string: a backslash takes the next character as it is. */
function withoutQuotes(value: string): string {
  if (!/^".*"$/.test(value)) return value
  return value.slice(1, -1).replaceAll(/\\(.)/g, '$1')
}
