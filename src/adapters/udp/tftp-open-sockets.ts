import { loadBatchCalls } from './tftp-batch-calls.ts'
import { TftpBatchSockets } from './tftp-batch-sockets.ts'
import { TftpDgramSockets } from './tftp-dgram-sockets.ts'
import type { OnSocketFault, SocketWish, TftpSocket, TftpSockets } from './tftp-socket.ts'

/** How datagrams are moved: many with each system call, or one by one where that cannot be had. */
export type SocketChoice = 'auto' | 'plain'

/** Sockets, and what an operator may want to know about them. */
export type ChosenSockets = {
  readonly sockets: TftpSockets
  /** Why datagrams go one by one; null where they go many at a time. */
  readonly plainBecause: string | null
}

/** Takes the quickest sockets that this machine allows. */
export async function chooseSockets(
  choice: SocketChoice,
  onFault: OnSocketFault,
): Promise<ChosenSockets> {
  if (choice === 'plain') {
    return { sockets: new TftpDgramSockets(onFault), plainBecause: 'it was asked for' }
  }
  const loaded = await loadBatchCalls()
  if (loaded.kind === 'missing') {
    return { sockets: new TftpDgramSockets(onFault), plainBecause: loaded.reason }
  }
  const sockets = new TftpBatchSockets(loaded.libc, loaded.calls, onFault)
  return { sockets, plainBecause: null }
}

/** Ports that transfers may use, both ends included. */
export type PortRange = { readonly first: number; readonly last: number }

/** Ports of a range that are tried before giving up: others may hold some of them. */
const MAX_DRAWS = 64

/** Opens a socket on a random port of a range; null: any that the system has free. */
export async function openWithin(
  sockets: TftpSockets,
  range: PortRange | null,
  wish: Omit<SocketWish, 'port'>,
): Promise<TftpSocket> {
  if (range === null) return sockets.open({ ...wish, port: 0 })
  const { first, last } = range
  for (let draw = 1; ; draw++) {
    const port = first + Math.floor(Math.random() * (last - first + 1))
    try {
      return await sockets.open({ ...wish, port })
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!isTaken || draw === MAX_DRAWS) throw error
    }
  }
}
