import { parseFirmwareName } from '../phones/firmware-name.ts'
import type { StepFacts } from './step-facts.ts'

/**
 * Whether a phone that is said to run `load`, behind a universal loader, has asked for `OS79XX.TXT`,
 * which no loader does (none of 1,279 requests of nine phones in the field traces).
 *
 * @param load - What the phone is said to run; null if unknown.
 */
export function lacksLoader(facts: StepFacts, load: string | null): boolean {
  if (load === null || facts.lastImageAtMs !== null) return false
  const parsed = parseFirmwareName(load)
  return parsed.kind === 'ok' && parsed.name.ual && facts.before.generation === 'pre-ual'
}
