import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'

/** TCP connections that say nothing. */
export type IdleConnections = {
  /** How many of them the server has not closed. */
  readonly held: () => number
  /** Ends all of them. */
  readonly end: () => void
}

/** Opens so many to a port of loopback, from one address or several, and waits until the server has decided on each. */
export async function idleConnections(
  t: Pick<Test, 'teardown'>,
  port: number,
  count: number,
  localAddress: (index: number) => string = () => '127.0.0.1',
): Promise<IdleConnections> {
  let decided = performance.now()
  const open = Array.from({ length: count }, (_, index) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: localAddress(index) })
    // Refused is closed, too.
    socket.on('error', () => {})
    const change = () => {
      decided = performance.now()
    }
    return socket.on('connect', change).on('close', change)
  })
  const end = () => {
    for (const socket of open) socket.destroy()
  }
  t.teardown(end)
  while (performance.now() - decided < 500) await pause(50)
  return { held: () => open.filter(({ readyState }) => readyState === 'open').length, end }
}
