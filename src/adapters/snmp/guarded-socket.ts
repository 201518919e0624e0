import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { EventEmitter } from 'node:events'
import { readMessageHead } from './message-head.ts'

/** Whose answers are let through, and what they must be. */
export type GuardedPeer = {
  readonly address: string
  readonly port: number
  readonly version: 'v2c' | 'v3'
}

/** An answer with one value has some hundred bytes. */
const MOST_BYTES = 4_096

/**
 * The UDP socket of an SNMP session, with three checks that `net-snmp` 3.29 does not make:
 *
 * - a datagram that is not from the switch is dropped;
 * - an SNMPv3 message without authentication and privacy is dropped, unless it is a Report: otherwise
 *   any device that can send a datagram could answer in the switch's name (RFC 3414 section 3.2);
 * - what the library throws at a malformed message ends nothing but that message.
 */
export class GuardedSocket extends EventEmitter {
  readonly #socket: Socket

  constructor(peer: GuardedPeer) {
    super()
    this.#socket = createSocket('udp4')
    this.#socket.on('message', (bytes, from) => this.#onMessage(bytes, from, peer))
    this.#socket.on('error', (error) => this.emit('error', error))
    this.#socket.on('close', () => this.emit('close'))
  }

  send(...args: Parameters<Socket['send']>): void {
    this.#socket.send(...args)
  }

  close(): void {
    this.#socket.close()
  }

  ref(): void {
    this.#socket.ref()
  }

  unref(): void {
    this.#socket.unref()
  }

  #onMessage(bytes: Buffer, from: RemoteInfo, peer: GuardedPeer): void {
    if (from.address !== peer.address || from.port !== peer.port) return
    if (!isAcceptable(bytes, peer.version)) return
    try {
      this.emit('message', bytes, from)
    } catch {
      // The request goes on waiting for an answer that can be read, and times out without one.
    }
  }
}

/** Whether a datagram of the switch may reach the library. */
export function isAcceptable(bytes: Uint8Array, version: GuardedPeer['version']): boolean {
  if (bytes.length > MOST_BYTES) return false
  const head = readMessageHead(bytes)
  if (head?.version !== version) return false
  return head.version === 'v2c' || head.isProtected || head.isReport
}
