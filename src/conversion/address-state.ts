/** What the DHCP server did with one message of a phone. */
export type AddressEvent =
  | { readonly kind: 'offered' }
  | { readonly kind: 'granted' }
  /** The phone found the address in use. */
  | { readonly kind: 'declined' }
  /** No answer; `reason` as the DHCP engine names it. */
  | { readonly kind: 'ignored'; readonly reason: string }

/** How DHCP went in one boot of one phone. Plain data. */
export type AddressState = {
  /** OFFERs that no grant has followed. */
  readonly offers: number
  readonly granted: boolean
  readonly declined: number
  /** Messages in a row without an answer, and why the last one got none. */
  readonly ignored: number
  readonly ignoredBecause: string | null
}

/** Before the first message. */
export const NO_ADDRESS_YET: AddressState = {
  offers: 0,
  granted: false,
  declined: 0,
  ignored: 0,
  ignoredBecause: null,
}

/** The state once the phone is no longer ignored. */
export function served(state: AddressState): AddressState {
  return { ...state, ignored: 0, ignoredBecause: null }
}

/** The state after one more event. */
export function readAddress(state: AddressState, event: AddressEvent): AddressState {
  switch (event.kind) {
    case 'offered':
      return { ...served(state), offers: state.offers + 1 }
    case 'granted':
      return { ...served(state), offers: 0, granted: true }
    case 'declined':
      return { ...state, granted: false, declined: state.declined + 1 }
    case 'ignored':
      return { ...state, ignored: state.ignored + 1, ignoredBecause: event.reason }
    /* c8 ignore next 2 -- the compiler proves that there is no other value */
    default:
      return event satisfies never
  }
}
