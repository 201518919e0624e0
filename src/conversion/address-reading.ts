/** What the DHCP server did with one message of a phone. */
export type AddressSign =
  | { readonly kind: 'offered' }
  | { readonly kind: 'granted' }
  /** The phone found the address in use. */
  | { readonly kind: 'declined' }
  /** No answer; `reason` as the DHCP engine names it. */
  | { readonly kind: 'ignored'; readonly reason: string }

/** How DHCP went in one boot of one phone. Plain data. */
export type AddressReading = {
  /** OFFERs that no grant has followed. */
  readonly offers: number
  readonly granted: boolean
  readonly declined: number
  /** Messages in a row without an answer, and why the last one got none. */
  readonly ignored: number
  readonly ignoredBecause: string | null
}

/** Before the first message. */
export const NO_ADDRESS_YET: AddressReading = {
  offers: 0,
  granted: false,
  declined: 0,
  ignored: 0,
  ignoredBecause: null,
}

/** The reading once the phone is no longer ignored. */
export function served(reading: AddressReading): AddressReading {
  return { ...reading, ignored: 0, ignoredBecause: null }
}

/** The reading after one more sign. */
export function readAddress(reading: AddressReading, sign: AddressSign): AddressReading {
  switch (sign.kind) {
    case 'offered':
      return { ...served(reading), offers: reading.offers + 1 }
    case 'granted':
      return { ...served(reading), offers: 0, granted: true }
    case 'declined':
      return { ...reading, granted: false, declined: reading.declined + 1 }
    case 'ignored':
      return { ...reading, ignored: reading.ignored + 1, ignoredBecause: sign.reason }
    /* c8 ignore next 2 -- the compiler proves that there is no other value */
    default:
      return sign satisfies never
  }
}
