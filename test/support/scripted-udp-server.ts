import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { ipv4Plus, UNSPECIFIED } from '../../src/net/ipv4.ts'
import { hexOf } from '../../src/net/mac.ts'
import { decodeMessage } from '../../src/wire/dhcp/decode-message.ts'
import { encodeMessage } from '../../src/wire/dhcp/encode-message.ts'
import type { DhcpMessage } from '../../src/wire/dhcp/message.ts'
import { decodePacket } from '../../src/wire/tftp/decode-packet.ts'
import { encodePacket } from '../../src/wire/tftp/encode-packet.ts'
import { addresses, ip } from './scripted-bench.ts'

/** A read request as it came in. */
export type SeenRequest = { readonly client: string; readonly port: number; readonly name: string }

/**
 * A DHCP and a TFTP server on loopback that answer everybody: addresses from 127.77.0.50 on, files from a
 * table. Written from the RFCs for tests alone.
 */
export class ScriptedUdpServer {
  readonly requests: SeenRequest[] = []
  readonly relayed: DhcpMessage[] = []
  /** Each RELEASE, and whom it came from. */
  readonly released: (DhcpMessage & { readonly from: string })[] = []
  readonly #files: ReadonlyMap<string, Uint8Array | string>
  readonly #dhcp = createSocket('udp4')
  readonly #tftp = createSocket('udp4')
  readonly #transfers = new Set<Socket>()
  readonly #leases = new Map<string, number>()

  constructor(files: ReadonlyMap<string, Uint8Array | string>) {
    this.#files = files
  }

  get dhcpPort(): number {
    return this.#dhcp.address().port
  }

  get tftpPort(): number {
    return this.#tftp.address().port
  }

  async start(): Promise<void> {
    this.#dhcp.on('message', (bytes, { address, port }) => this.#onDhcp(bytes, address, port))
    this.#tftp.on('message', (bytes, { address, port }) => this.#onRead(bytes, address, port))
    this.#dhcp.bind(0, '127.0.0.1')
    this.#tftp.bind(0, '127.77.0.2')
    await Promise.all([once(this.#dhcp, 'listening'), once(this.#tftp, 'listening')])
  }

  stop(): void {
    for (const socket of [this.#dhcp, this.#tftp, ...this.#transfers]) socket.close()
  }

  #onDhcp(bytes: Uint8Array, from: string, port: number): void {
    const message = decodeMessage(bytes)
    if (message.options.get(53)?.[0] === 7) {
      this.released.push({ ...message, from })
      return
    }
    this.relayed.push(message)
    const key = hexOf(message.chaddr)
    const lease = this.#leases.get(key) ?? this.#leases.size
    this.#leases.set(key, lease)
    const type = message.options.get(53)?.[0] === 1 ? 2 : 5
    const reply = encodeMessage(
      { ...message, op: 2, yiaddr: ipv4Plus(ip('127.77.0.50'), lease), siaddr: UNSPECIFIED },
      [
        [53, Uint8Array.of(type)],
        [54, addresses('127.0.0.1')],
        [51, Uint8Array.of(0, 0, 14, 16)],
        [1, addresses('255.255.0.0')],
        [150, addresses('127.77.0.2')],
        [82, message.options.get(82) ?? new Uint8Array(0)],
      ],
    )
    const octets = [24, 16, 8, 0].map((shift) => (message.giaddr >>> shift) & 255)
    this.#dhcp.send(reply.bytes, port, octets.join('.'))
  }

  #onRead(bytes: Uint8Array, client: string, port: number): void {
    const packet = decodePacket(bytes)
    if (packet.kind !== 'read') return
    this.requests.push({ client, port, name: packet.name })
    const file = this.#files.get(packet.name)
    if (file === undefined) {
      this.#tftp.send(encodePacket({ kind: 'error', code: 1, message: 'none' }), port, client)
      return
    }
    const content = typeof file === 'string' ? new TextEncoder().encode(file) : file
    const socket = createSocket('udp4')
    this.#transfers.add(socket)
    const send = (block: number) => {
      const payload = content.subarray((block - 1) * 512, block * 512)
      socket.send(encodePacket({ kind: 'data', block, payload }), port, client)
    }
    socket.on('message', (reply) => {
      const answer = decodePacket(reply)
      if (answer.kind === 'ack' && answer.block * 512 <= content.length) send(answer.block + 1)
    })
    socket.bind(0, '127.77.0.2', () => send(1))
  }
}
