import { loadBatchCalls } from './batch-calls.ts'
import { BatchSockets } from './batch-sockets.ts'
import { DgramSockets } from './dgram-sockets.ts'
import type { LoadedLibc } from './native/libc.ts'
import type { SocketOptions, UdpSocket, UdpSockets } from './udp-socket.ts'

/** How datagrams are moved: many with each system call, or one by one where that cannot be had. */
export type SocketChoice = 'auto' | 'plain'

/** What a server wants of its sockets. */
export type SocketNeeds = {
  readonly choice: SocketChoice
  /** Bytes of the longest datagram that is to be told from a longer one; that arrives cut off. */
  readonly maxDatagramBytes: number
  /** Something that all sockets have in common failed; the server goes on. */
  readonly onFault: (fault: unknown) => void
}

/** Sockets, and what an operator may want to know about them. */
export type ChosenSockets = {
  readonly sockets: UdpSockets
  /** Why datagrams go one by one; null where they go many at a time. */
  readonly plainBecause: string | null
}

/** Takes the quickest sockets that this machine allows. */
export async function chooseSockets(
  { choice, maxDatagramBytes, onFault }: SocketNeeds,
  libc: LoadedLibc,
): Promise<ChosenSockets> {
  if (choice === 'plain') {
    return { sockets: new DgramSockets(libc), plainBecause: 'it was asked for' }
  }
  const loaded = await loadBatchCalls(libc)
  if (loaded.kind === 'missing') {
    return { sockets: new DgramSockets(libc), plainBecause: loaded.reason }
  }
  const sockets = new BatchSockets(loaded, maxDatagramBytes, onFault)
  return { sockets, plainBecause: null }
}

/** Ports that transfers may use, both ends included. */
export type PortRange = { readonly first: number; readonly last: number }

/** Ports of a range that are tried before giving up: others may hold some of them. */
const MAX_DRAWS = 64

/** Opens a socket on a random port of a range; null: any that the system has free. */
export async function openWithin(
  sockets: UdpSockets,
  range: PortRange | null,
  options: Omit<SocketOptions, 'port'>,
): Promise<UdpSocket> {
  if (range === null) return sockets.open({ ...options, port: 0 })
  const { first, last } = range
  for (let draw = 1; ; draw++) {
    const port = first + Math.floor(Math.random() * (last - first + 1))
    try {
      return await sockets.open({ ...options, port })
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!isTaken || draw === MAX_DRAWS) throw error
    }
  }
}
