import { PHONE_MODELS, type PhoneModel } from './family/family.ts'

/** What DHCP option 60 tells about its sender. */
export type VendorClass =
  | {
      readonly kind: 'family'
      /** Null where the class does not say: images before the universal application loader. */
      readonly model: PhoneModel | null
      readonly generation: 'pre-ual' | 'ual'
    }
  | { readonly kind: 'other-phone'; readonly model: string }
  | { readonly kind: 'not-a-phone' }

const PREFIX = 'Cisco Systems, Inc. IP Phone'
const OURS = new RegExp(`^(?:CP-)?(${PHONE_MODELS.join('|')})G?$`)
const MODEL = /^(?:CP-)?([0-9A-Z][0-9A-Z-]{2,15})$/

/**
 * Reads a vendor class identifier (RFC 2132 section 9.13).
 *
 * The bare text marks a load before the universal application loader; one that names the model
 * has the loader on board. Both may end in a NUL byte, so trailing NULs and blanks are dropped.
 *
 * @param text - Option 60 as text, any length.
 */
export function readVendorClass(text: string): VendorClass {
  const stripped = stripEnd(text)
  if (!stripped.startsWith(PREFIX)) return { kind: 'not-a-phone' }
  if (stripped === PREFIX) return { kind: 'family', model: null, generation: 'pre-ual' }
  // Without a blank the text is some other device's.
  if (stripped[PREFIX.length] !== ' ') return { kind: 'not-a-phone' }
  const said = stripped.slice(PREFIX.length + 1)
  const model = OURS.exec(said)?.[1]
  if (model !== undefined) {
    return { kind: 'family', model: model as PhoneModel, generation: 'ual' }
  }
  const other = MODEL.exec(said)?.[1]
  return other === undefined ? { kind: 'not-a-phone' } : { kind: 'other-phone', model: other }
}

function stripEnd(text: string): string {
  let end = text.length
  while (end > 0 && (text[end - 1] === '\0' || text[end - 1] === ' ')) end--
  return text.slice(0, end)
}
