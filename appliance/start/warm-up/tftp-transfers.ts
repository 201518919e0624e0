import { type CachedFile, makeCachedFile } from '../../../src/files/file-cache.ts'
import { type Ipv4, ipv4Plus } from '../../../src/net/ipv4.ts'
import { encodePacket } from '../../../src/wire/tftp/encode-packet.ts'
import type { Sender, SilentSockets } from './silent-sockets.ts'

const SMALL = 'warm-up-small'
const LARGE = 'warm-up-large'
const ABSENT = 'warm-up-absent'
const BLOCK_OCTETS = 512
const LARGE_BLOCKS = 32
/** Files of one block for each large one. */
const SMALL_FOR_LARGE = 8

/** What is transferred: a file of one block, and one of many. */
export const WARM_UP_FILES: ReadonlyMap<string, CachedFile> = new Map([
  [SMALL, makeCachedFile(new Uint8Array(300))],
  [LARGE, makeCachedFile(new Uint8Array(LARGE_BLOCKS * BLOCK_OCTETS - 1))],
])

/** Clients that ask in turn, each from ports that it has not used before. */
const CLIENTS = 512
const FIRST_PORT = 1024
const PORTS = 60_000
const REQUESTS = {
  [SMALL]: requestOf(SMALL),
  [LARGE]: requestOf(LARGE),
  [ABSENT]: requestOf(ABSENT),
}
const ACKS = Array.from(
  { length: LARGE_BLOCKS },
  (_, index) => new Uint8Array(encodePacket({ kind: 'ack', block: index + 1 })),
)

/** TFTP transfers of clients that do not exist. */
export class TftpTransfers {
  readonly #sockets: SilentSockets
  readonly #firstClient: Ipv4
  /** The endpoint opens its one listener last. */
  readonly #listener: number
  #played = 0

  /** @param sockets - Those of an open endpoint that answers `WARM_UP_FILES`. */
  constructor(sockets: SilentSockets, firstClient: Ipv4) {
    this.#sockets = sockets
    this.#firstClient = firstClient
    this.#listener = sockets.count - 1
  }

  /** So many clients at once read a file of one block and one that is absent, a few a large one. */
  play(clients: number): void {
    this.#readAtOnce(clients, SMALL, 1)
    this.#readAtOnce(clients, ABSENT, 0)
    this.#readAtOnce(Math.ceil(clients / SMALL_FOR_LARGE), LARGE, LARGE_BLOCKS)
  }

  #readAtOnce(clients: number, name: keyof typeof REQUESTS, blocks: number): void {
    const first = this.#played
    const sockets: (number | undefined)[] = []
    for (let at = 0; at < clients; at++) {
      this.#sockets.receive(this.#listener, this.#sender(first + at), REQUESTS[name])
      sockets.push(this.#sockets.takeSent()?.by)
    }
    for (const ack of ACKS.slice(0, blocks)) {
      for (const [at, socket] of sockets.entries()) {
        if (socket !== undefined) this.#sockets.receive(socket, this.#sender(first + at), ack)
      }
    }
    this.#played += clients
  }

  #sender(number: number): Sender {
    const client = ipv4Plus(this.#firstClient, number % CLIENTS)
    return { client, clientPort: FIRST_PORT + (number % PORTS) }
  }
}

function requestOf(name: string): Uint8Array {
  return new Uint8Array(encodePacket({ kind: 'read', name, mode: 'octet', options: new Map() }))
}
