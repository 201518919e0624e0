import { flashRunning } from './phone-flash.ts'

/** How a rehearsal with a simulated phone is to end. */
export type Expectation =
  /** The phone runs this load. */
  | { readonly kind: 'runs'; readonly load: string }
  /** It is left as it was: nothing is written to its flash. */
  | { readonly kind: 'unchanged' }
  /** It stands still, with a message on its display. */
  | { readonly kind: 'stopped' }
  /** No DHCP server gives it an address. */
  | { readonly kind: 'no-address' }

const WITHOUT_LOAD = ['unchanged', 'stopped', 'no-address'] as const

/** Reads an expectation: a load, or one of `unchanged`, `stopped` and `no-address`. */
export function parseExpectation(text: string): Expectation | undefined {
  const kind = WITHOUT_LOAD.find((one) => one === text)
  if (kind !== undefined) return { kind }
  return canRun(text) ? { kind: 'runs', load: text } : undefined
}

/** Prints an expectation as it may be written. */
export function formatExpectation(expectation: Expectation): string {
  return expectation.kind === 'runs' ? expectation.load : expectation.kind
}

/** Whether a simulated phone can run a load of this name. */
export function canRun(load: string): boolean {
  try {
    flashRunning(load)
    return true
  } catch {
    return false
  }
}
