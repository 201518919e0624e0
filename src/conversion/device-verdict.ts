import type { PhoneModel } from '../phones/family/family.ts'
import type { RequestedFile } from '../phones/requested-file.ts'
import { readVendorClass } from '../phones/vendor-class.ts'

/** What an unknown device on a network that enrols by itself turns out to be. */
export type DeviceVerdict =
  | { readonly kind: 'phone'; readonly model: PhoneModel | null }
  /** Its vendor class is that of old phones of the family, and of others: its first file tells. */
  | { readonly kind: 'perhaps' }
  | { readonly kind: 'other'; readonly why: string }

/** Judges a device by its vendor class (DHCP option 60, printable). */
export function judgeByVendorClass(vendorClass: string): DeviceVerdict {
  const read = readVendorClass(vendorClass)
  switch (read.kind) {
    case 'family':
      return read.model === null ? { kind: 'perhaps' } : { kind: 'phone', model: read.model }
    case 'other-phone':
      return { kind: 'other', why: `it is a ${read.model}, and its firmware is another` }
    case 'not-a-phone': {
      const said = vendorClass === '' ? 'it names no vendor class' : `it says "${vendorClass}"`
      return { kind: 'other', why: `it is no phone: ${said}` }
    }
    /* c8 ignore next 2 -- the compiler proves that there is no other value */
    default:
      return read satisfies never
  }
}

/** Judges a device that may be one of ours by the first file that it asks for. */
export function judgeByRequest(file: RequestedFile): DeviceVerdict {
  // No other model asks for OS79XX.TXT; each begins with a file of its own.
  if (file.kind === 'os79xx') return { kind: 'phone', model: null }
  if (file.kind === 'other-model') {
    return { kind: 'other', why: `it is a ${file.model}: it ${file.why}` }
  }
  return { kind: 'perhaps' }
}
