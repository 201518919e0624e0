/**
 * Wall-clock milliseconds that never step: the time of the start plus a monotonic clock. Setting
 * the machine's clock neither ends nor prolongs a lease, a hold or a stage.
 */
export function steadyClock(): () => number {
  const startedAtMs = Date.now() - performance.now()
  return () => Math.round(startedAtMs + performance.now())
}
