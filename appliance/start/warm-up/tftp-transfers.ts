import { type CachedFile, makeCachedFile } from '../../../src/files/file-cache.ts'
import { type Ipv4, ipv4Plus } from '../../../src/net/ipv4.ts'
import { encodePacket } from '../../../src/wire/tftp/encode-packet.ts'
import type { SilentSockets } from './silent-sockets.ts'

const SMALL = 'warm-up-small'
const LARGE = 'warm-up-large'
const ABSENT = 'warm-up-absent'
const BLOCK_OCTETS = 512
const LARGE_BLOCKS = 32

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

  /** A file of one block, one of many, and one that is absent. */
  play(): void {
    this.#read(SMALL, 1)
    this.#read(ABSENT, 0)
    if (this.#played % 8 === 0) this.#read(LARGE, LARGE_BLOCKS)
    this.#played++
  }

  #read(name: keyof typeof REQUESTS, blocks: number): void {
    const client = ipv4Plus(this.#firstClient, this.#played % CLIENTS)
    const sender = { client, clientPort: FIRST_PORT + (this.#played % PORTS) }
    this.#sockets.receive(this.#listener, sender, REQUESTS[name])
    for (let block = 0; block < blocks; block++) {
      const sent = this.#sockets.takeSent()
      if (sent === null) return
      this.#sockets.receive(sent.by, sender, ACKS[block] as Uint8Array)
    }
    this.#sockets.takeSent()
  }
}

function requestOf(name: string): Uint8Array {
  return new Uint8Array(encodePacket({ kind: 'read', name, mode: 'octet', options: new Map() }))
}
