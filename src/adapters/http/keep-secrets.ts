import type { EntryProblem } from '../../inventory/inventory-outcome.ts'
import { isSecretName } from './secrets.ts'

/**
 * The stored values of secrets that a request names instead of sending them, because whoever read
 * the entry could not read those; and a problem for each that is not stored.
 */
export function keepSecrets(
  names: readonly string[] | undefined,
  stored: Readonly<Record<string, string>>,
): { readonly kept: Record<string, string>; readonly unknown: EntryProblem[] } {
  const kept: Record<string, string> = {}
  const unknown: EntryProblem[] = []
  for (const [index, name] of (names ?? []).entries()) {
    const value = isSecretName(name) && Object.hasOwn(stored, name) ? stored[name] : undefined
    if (value !== undefined) kept[name] = value
    else {
      const message = `${name} has no stored value; send one`
      unknown.push({ path: `/secretSettings/${index}`, message })
    }
  }
  return { kept, unknown }
}
