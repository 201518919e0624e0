import { formatIpv4 } from '../net/ipv4.ts'
import type { Binding } from './binding.ts'

/** A stored binding after the look at it, and what was wrong; both may be null. */
export type CheckedBinding = { readonly binding: Binding | null; readonly fault: string | null }

/**
 * Judges a stored row when it is loaded. One bad row must never stop the start, and a clock that
 * was set back while we were off must not make leases last longer than they were granted for.
 */
export function checkBinding(row: Binding, nowMs: number): CheckedBinding {
  const { address, client, grantedAtMs, expiresAtMs } = row
  if (!Number.isInteger(address) || address <= 0 || address > 0xffffffff) {
    return { binding: null, fault: `lease of ${client}: ${address} is not an address` }
  }
  if (client === '')
    return { binding: null, fault: `lease of ${formatIpv4(address)} has no client` }
  if (!Number.isFinite(grantedAtMs) || !Number.isFinite(expiresAtMs)) {
    return { binding: null, fault: `lease of ${client}: its times are not numbers` }
  }
  if (grantedAtMs <= nowMs || expiresAtMs === Number.MAX_SAFE_INTEGER) {
    return { binding: row, fault: null }
  }
  // Granted in the future: the clock went back. It lasts at most as long as it was granted for.
  const lastsMs = Math.max(0, expiresAtMs - grantedAtMs)
  return {
    binding: { ...row, grantedAtMs: nowMs, expiresAtMs: nowMs + lastsMs },
    fault: `lease of ${client} was granted in the future; the clock went back`,
  }
}
