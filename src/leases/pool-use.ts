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
  leases: ScopeLeases,
  byAddress: ReadonlyMap<Ipv4, Binding>,
  nowMs: number,
): PoolUse {
  const { pool, scope, holds } = leases
  const live = [...byAddress.values()].filter(({ expiresAtMs }) => expiresAtMs > nowMs)
  const inside = live.filter(({ address }) => pool.contains(address))
  const bound = inside.filter(({ state }) => state === 'bound').length
  const declined = inside.length - bound
  const boundOutside = live.filter(
    ({ address, state }) =>
      state === 'bound' && !pool.contains(address) && isHostAddress(scope.subnet, address),
  ).length
  const isFree = (address: Ipv4) => (byAddress.get(address)?.expiresAtMs ?? 0) <= nowMs
  const offered = [...holds.all()].filter(
    ({ address, heldUntilMs }) => heldUntilMs > nowMs && pool.contains(address) && isFree(address),
  ).length
  const free = Math.max(0, pool.size - bound - declined - offered)
  return { size: pool.size, bound, offered, declined, free, boundOutside }
}
