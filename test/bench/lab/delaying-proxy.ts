import { connect, createServer, type Socket } from 'node:net'
import type { Teardown } from './teardown.ts'

/**
 * Passes connections of one Unix socket on to another, and everything that is said there so much
 * later: a database that is far away, without a limit of its throughput. Some machines have no
 * `tc netem`.
 *
 * @param delayMs - In each direction.
 */
export function startDelayingProxy(
  teardown: Teardown,
  { from, to, delayMs }: { readonly from: string; readonly to: string; readonly delayMs: number },
): void {
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: to, allowHalfOpen: true })
    passOn(near, far, delayMs)
    passOn(far, near, delayMs)
  })
  server.listen(from)
  server.unref()
  teardown.add(() => {
    server.close()
  })
}

/** Timers of one length end in the order in which they began, so nothing overtakes. */
function passOn(source: Socket, target: Socket, delayMs: number): void {
  source.on('data', (bytes) => setTimeout(() => target.write(bytes), delayMs))
  source.on('end', () => setTimeout(() => target.end(), delayMs))
  // What becomes of it shows at the ends.
  source.on('error', () => target.destroy())
}
