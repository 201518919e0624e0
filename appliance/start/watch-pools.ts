import type { LeaseTable } from '../../src/leases/lease-table.ts'
import { PoolHistory, SAMPLE_MS } from '../../src/services/pool-history.ts'

/** What is watched. */
export type WatchedPools = {
  /** The networks of the configuration as it is in force. */
  readonly names: () => readonly string[]
  readonly leaseTable: LeaseTable
  readonly nowMs: () => number
}

/** Samples how full the pools are, from now on until it is closed. */
export function watchPools({ names, leaseTable, nowMs }: WatchedPools): {
  readonly history: PoolHistory
  readonly close: () => void
} {
  const history = new PoolHistory()
  const sample = () => {
    const atMs = nowMs()
    const taken = names().map((name) => {
      const { size, free } = leaseTable.poolUse(name, atMs)
      return [name, size - free] as const
    })
    history.sample(new Map(taken), atMs)
  }
  sample()
  const timer = setInterval(sample, SAMPLE_MS)
  return { history, close: () => clearInterval(timer) }
}
