import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Test } from 'tap'

/** A client of a loopback bench. */
const CLIENT = '127.84.0.7'

/** A DATA packet, and the port of the transfer. */
export type Block = { readonly block: number; readonly length: number; readonly port: number }

/** A TFTP client that does what a test says, packet by packet; on octets, without our codec. */
export class LockstepClient {
  readonly #socket: Socket
  readonly #serverPort: number
  readonly #heard: Block[] = []
  #isClosed = false

  private constructor(socket: Socket, serverPort: number, isLost: () => boolean) {
    this.#socket = socket
    this.#serverPort = serverPort
    socket.on('message', (packet, { port }) => {
      if (packet.readUInt16BE(0) !== 3 || isLost()) return
      this.#heard.push({ block: packet.readUInt16BE(2), length: packet.length - 4, port })
      socket.emit('block')
    })
  }

  /** @param isLost - Asked of each block that comes; one that is lost is as if it never came. */
  static async open(
    t: Pick<Test, 'teardown'>,
    serverPort: number,
    isLost: () => boolean = () => false,
  ): Promise<LockstepClient> {
    const socket = createSocket('udp4')
    socket.bind(0, CLIENT)
    await once(socket, 'listening')
    const client = new LockstepClient(socket, serverPort, isLost)
    t.teardown(() => client.close())
    return client
  }

  /** Blocks that came and were not taken yet. */
  get waiting(): number {
    return this.#heard.length
  }

  ask(name: string): void {
    this.#socket.send(
      Buffer.from(`\0\x01${name}\0octet\0`, 'latin1'),
      this.#serverPort,
      '127.0.0.1',
    )
  }

  /** The next block; rejects where none comes in time. */
  async next(withinMs = 10_000): Promise<Block> {
    if (this.#heard.length === 0) {
      await once(this.#socket, 'block', { signal: AbortSignal.timeout(withinMs) })
    }
    return this.#heard.shift() as Block
  }

  /** Resolves when the system has it: a socket that is closed before takes it along. */
  acknowledge({ block, port }: Block): Promise<void> {
    const packet = Buffer.from([0, 4, block >> 8, block & 255])
    return new Promise((resolve) => this.#socket.send(packet, port, '127.0.0.1', () => resolve()))
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#socket.close()
  }

  /** Acknowledges from this block on until the short one has come; the octets from there on. */
  async finish(from: Block): Promise<number> {
    let octets = from.length
    for (let last = from; last.length === 512; ) {
      void this.acknowledge(last)
      const next = await this.next()
      if (next.block !== ((last.block + 1) & 0xffff)) continue
      octets += next.length
      last = next
      if (last.length < 512) await this.acknowledge(last)
    }
    return octets
  }
}
