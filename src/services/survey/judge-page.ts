import type { Mac } from '../../net/mac.ts'
import type { PhonePage } from '../../phones/phone-page.ts'

/** Whose page it is. */
export type PageJudgement =
  | { readonly kind: 'believed'; readonly mac: Mac }
  /** It names another phone than the one that is there. */
  | { readonly kind: 'other-phone'; readonly named: Mac }
  /** It names no phone, and could be any device's. */
  | { readonly kind: 'no-mac' }

/**
 * Whether a page is that of the phone at an address. It counts only where the MAC address that it
 * names is the one that is known to be there; where none is known, a page may tell of a phone that
 * nobody has enrolled, but never of one that is.
 *
 * @param there - By hardware address, recognition or lease; null if unknown.
 */
export function judgePage(
  page: PhonePage,
  there: Mac | null,
  isEnrolled: (mac: Mac) => boolean,
): PageJudgement {
  if (page.mac === null) return { kind: 'no-mac' }
  const named = page.mac as Mac
  const isRight = there === null ? !isEnrolled(named) : there === named
  return isRight ? { kind: 'believed', mac: named } : { kind: 'other-phone', named }
}
