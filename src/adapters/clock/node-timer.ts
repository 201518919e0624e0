/** Starts a timer of Node, as `services/start-timer.ts` asks for it. */
export function startNodeTimer(call: () => void, delayMs: number, keepsAlive: boolean): () => void {
  const timer = setTimeout(call, delayMs)
  if (!keepsAlive) timer.unref()
  return () => clearTimeout(timer)
}
