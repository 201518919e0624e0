import { parseFirmwareName } from '../phones/firmware-name.ts'
import type { StepFacts } from './step-facts.ts'

/**
 * Whether a phone that runs `load` takes signed images alone. It asks for an image by the extension
 * `.sbn` or `.sb2`, never for the unsigned `.bin`: one that does runs a load before 5.0, and what it
 * would be served could take it to where no way leads back.
 *
 * @param load - What the phone is said to run; null if unknown.
 * @see Cisco document 5455, section "Enable SIP Functionality"; Cisco document 68244 (load upgrades
 *   under Unified CME)
 */
export function takesSignedAlone(load: string | null): boolean {
  const parsed = load === null ? null : parseFirmwareName(load)
  return parsed?.kind === 'ok' && parsed.name.signed
}

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
