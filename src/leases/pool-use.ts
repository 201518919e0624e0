import type { Ipv4 } from '../net/ipv4.ts'
import { isHostAddress } from '../net/subnet.ts'
import type { Binding } from './binding.ts'
import type { ScopeLeases } from './scope-leases.ts'

/** How full the pools of a scope are. `free` is what new clients can get now. */
export type PoolUse = {
  readonly size: number
  readonly bound: number
  readonly offered: number
  readonly declined: number
  readonly free: number
  /** Live bindings outside the pools: reservations, and leases that a pool edit left behind. */
  readonly boundOutside: number
}

/** Counts what the pools of one scope are used for now; the cost grows with all records. */
export function countPoolUse(
  { pool, scope, holds }: ScopeLeases,
  byAddress: ReadonlyMap<Ipv4, Binding>,
  nowMs: number,
): PoolUse {
  let [bound, declined, boundOutside, offered] = [0, 0, 0, 0]
  for (const { address, state, expiresAtMs } of byAddress.values()) {
    if (expiresAtMs <= nowMs) continue
    if (!pool.contains(address)) {
      if (state === 'bound' && isHostAddress(scope.subnet, address)) boundOutside++
    } else if (state === 'bound') bound++
    else declined++
  }
  for (const { address, heldUntilMs } of holds.all()) {
    const isFree = (byAddress.get(address)?.expiresAtMs ?? 0) <= nowMs
    if (heldUntilMs > nowMs && isFree && pool.contains(address)) offered++
  }
  const free = Math.max(0, pool.size - bound - declined - offered)
  return { size: pool.size, bound, offered, declined, free, boundOutside }
}
