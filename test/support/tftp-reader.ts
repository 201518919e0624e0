import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { TftpListener } from '../../src/adapters/udp/tftp-endpoint.ts'
import { formatIpv4 } from '../../src/net/ipv4.ts'
import { decodePacket } from '../../src/wire/tftp/decode-packet.ts'
import { encodePacket } from '../../src/wire/tftp/encode-packet.ts'
import type { TftpPacket } from '../../src/wire/tftp/packet.ts'

/** Longest wait for a packet, in milliseconds: a lost one fails the test instead of hanging it. */
const PATIENCE_MS = 10_000

/** A packet and where it came from. */
export type Heard = { readonly packet: TftpPacket; readonly from: RemoteInfo }

/** A client on a real socket that does what the test says, packet by packet. */
export class TftpReader {
  readonly #socket: Socket
  readonly #server: TftpListener
  readonly #heard: Heard[] = []

  private constructor(socket: Socket, server: TftpListener) {
    this.#socket = socket
    this.#server = server
    socket.on('message', (bytes, from) => {
      this.#heard.push({ packet: decodePacket(bytes), from })
      socket.emit('heard')
    })
  }

  static async open(server: TftpListener, localAddress = '127.0.0.1'): Promise<TftpReader> {
    const socket = createSocket('udp4')
    const isBound = once(socket, 'listening')
    socket.bind(0, localAddress)
    await isBound
    return new TftpReader(socket, server)
  }

  /** To the listener, or to a port of a transfer. */
  send(packet: TftpPacket | Uint8Array, port = this.#server.port): void {
    const bytes = packet instanceof Uint8Array ? packet : encodePacket(packet)
    this.#socket.send(bytes, port, formatIpv4(this.#server.address))
  }

  /** The next packet. Rejects where none comes. */
  async next(): Promise<Heard> {
    if (this.#heard.length === 0) {
      await once(this.#socket, 'heard', { signal: AbortSignal.timeout(PATIENCE_MS) })
    }
    return this.#heard.shift() as Heard
  }

  /** Reads a whole file by request, in lockstep, and tells from which port it came. */
  async read(request: TftpPacket, blockSize = 512): Promise<{ bytes: Uint8Array; port: number }> {
    const parts: Uint8Array[] = []
    this.send(request)
    for (;;) {
      const { packet, from } = await this.next()
      if (packet.kind === 'options-ack') {
        this.send({ kind: 'ack', block: 0 }, from.port)
        continue
      }
      if (packet.kind !== 'data') throw new Error(`${packet.kind} where DATA was expected`)
      if (packet.block !== ((parts.length + 1) & 0xffff)) continue
      parts.push(packet.payload)
      this.send({ kind: 'ack', block: packet.block }, from.port)
      if (packet.payload.length < blockSize) return { bytes: Buffer.concat(parts), port: from.port }
    }
  }

  /** Lets the server deal with whatever was sent before. */
  async settle(): Promise<void> {
    this.send({ kind: 'read', name: 'no such file', mode: 'octet', options: new Map() })
    await this.next()
  }

  close(): void {
    this.#socket.close()
  }
}
