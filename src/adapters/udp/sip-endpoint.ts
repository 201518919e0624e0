import type { Socket } from 'node:dgram'
import type { SipEffect } from '../../call-control/effect.ts'
import type { SipDatagram } from '../../call-control/sip/datagram.ts'
import { formatIpv4, type Ipv4, parseIpv4 } from '../../net/ipv4.ts'
import { openUdpSocket } from './open-socket.ts'

/** Whom the endpoint serves. */
export type SipEndpointParts = {
  /** The engine; what it wants sent leaves at once, the rest is the caller's. */
  readonly onDatagram: (datagram: SipDatagram) => readonly SipEffect[]
  readonly onEffects: (effects: readonly SipEffect[]) => void
  readonly onFault: (fault: unknown) => void
}

/** Requests wait here for the event loop; a flood fills it and nothing else. */
const RECEIVE_BUFFER_BYTES = 1_048_576

/** Bytes that may wait for the network on one socket; beyond it responses are left out, and clients ask again. */
const MAX_QUEUED_BYTES = 1_048_576

/** The SIP sockets: one on each address of ours that has call control. */
export class SipEndpoint {
  readonly #parts: SipEndpointParts
  readonly #sockets = new Map<Ipv4, Socket>()

  constructor(parts: SipEndpointParts) {
    this.#parts = parts
  }

  /** Addresses that are listened to, and their ports. */
  get listeners(): readonly { readonly address: Ipv4; readonly port: number }[] {
    return [...this.#sockets].map(([address, socket]) => ({ address, port: socket.address().port }))
  }

  /**
   * Listens on one more address.
   *
   * @param port - 0: a free one, for tests.
   * @throws `SocketError` that says what was found and what to do.
   */
  async open(address: Ipv4, port: number): Promise<void> {
    const socket = await openUdpSocket({
      address,
      port,
      interfaceName: null,
      broadcast: false,
      bufferBytes: RECEIVE_BUFFER_BYTES,
      sharesPort: false,
    })
    socket.on('error', this.#parts.onFault)
    socket.on('message', (bytes, from) => {
      const client = parseIpv4(from.address)
      if (client === undefined) return
      this.run(this.#parts.onDatagram({ bytes, client, clientPort: from.port, local: address }))
    })
    this.#sockets.set(address, socket)
  }

  /** Does what the engine asks for, and hands on what is not for sockets. */
  run(effects: readonly SipEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send-datagram') this.#send(effect)
    }
    if (effects.length > 0) this.#parts.onEffects(effects)
  }

  close(address: Ipv4): void {
    this.#sockets.get(address)?.close()
    this.#sockets.delete(address)
  }

  closeAll(): void {
    for (const address of [...this.#sockets.keys()]) this.close(address)
  }

  #send({ bytes, local, client, clientPort }: SipEffect & { kind: 'send-datagram' }): void {
    const socket = this.#sockets.get(local)
    if (socket === undefined || socket.getSendQueueSize() > MAX_QUEUED_BYTES) return
    socket.send(bytes, clientPort, formatIpv4(client), (error) => {
      if (error !== null) this.#parts.onFault(error)
    })
  }
}
