import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { SccpEffect } from '../../call-control/effect.ts'
import type { SccpConnection } from '../../call-control/sccp/session.ts'
import { formatIpv4, type Ipv4, parseIpv4, UNSPECIFIED } from '../../net/ipv4.ts'

/** Whom the endpoint serves. */
export type SccpEndpointParts = {
  readonly onConnect: (connection: SccpConnection) => readonly SccpEffect[]
  /** The bytes are valid during the call. */
  readonly onBytes: (session: number, bytes: Uint8Array) => readonly SccpEffect[]
  readonly onClose: (session: number) => readonly SccpEffect[]
  /** What is not for sockets. */
  readonly onEffects: (effects: readonly SccpEffect[]) => void
  readonly onFault: (fault: unknown) => void
}

/**
 * Bytes that may wait for a client that does not read. All tables of a registration have less than
 * 1000, so this is a client that asks and never listens.
 */
const MAX_UNREAD_BYTES = 65_536

/** Connections that the kernel completes while the event loop is busy; more are tried again by TCP. */
const BACKLOG = 511

/** The SCCP sockets: one listener on each address of ours that has call control, and its connections. */
export class SccpEndpoint {
  readonly #parts: SccpEndpointParts
  readonly #servers = new Map<Ipv4, Server>()
  readonly #sockets = new Map<number, Socket>()
  #lastSession = 0
  #isClosing = false

  constructor(parts: SccpEndpointParts) {
    this.#parts = parts
  }

  /** Addresses that are listened to, and their ports. */
  get listeners(): readonly { readonly address: Ipv4; readonly port: number }[] {
    return [...this.#servers].map(([address, server]) => ({ address, port: portOf(server) }))
  }

  /** Open connections. */
  get connectionCount(): number {
    return this.#sockets.size
  }

  /**
   * Listens on one more address.
   *
   * @param port - 0: a free one, for tests.
   * @throws What the system says: `EADDRINUSE` where a call manager runs there already.
   */
  async open(address: Ipv4, port: number): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) =>
      this.#accept(socket, address, server),
    )
    // Asked for first: with an address that is a number already, listening may begin at once.
    const listening = once(server, 'listening')
    server.listen({ host: formatIpv4(address), port, backlog: BACKLOG })
    await listening
    server.on('error', this.#parts.onFault)
    this.#servers.set(address, server)
  }

  /** Does what the engine asks for, and hands on what is not for sockets. */
  run(effects: readonly SccpEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send') this.#send(effect.session, effect.bytes)
      else if (effect.kind === 'close') this.#drop(effect.session)
    }
    if (effects.length > 0) this.#parts.onEffects(effects)
  }

  /** Listens no more on an address; its connections stay until either side closes them. */
  close(address: Ipv4): void {
    this.#servers.get(address)?.close()
    this.#servers.delete(address)
  }

  /** Closes everything. Phones are not told: what they registered stands until it lapses. */
  closeAll(): void {
    this.#isClosing = true
    for (const address of [...this.#servers.keys()]) this.close(address)
    for (const session of [...this.#sockets.keys()]) this.#drop(session)
  }

  #accept(socket: Socket, local: Ipv4, server: Server): void {
    const session = ++this.#lastSession
    const client = parseIpv4(socket.remoteAddress ?? '') ?? UNSPECIFIED
    this.#sockets.set(session, socket)
    socket.on('data', (bytes) => this.run(this.#parts.onBytes(session, bytes)))
    // A reset by the client is one more way to end: 'close' follows, and there is nothing to tell.
    socket.on('error', () => {})
    socket.on('close', () => this.#onClose(session))
    const localPort = portOf(server)
    this.run(this.#parts.onConnect({ session, client, local, localPort }))
  }

  #onClose(session: number): void {
    this.#sockets.delete(session)
    if (!this.#isClosing) this.run(this.#parts.onClose(session))
  }

  #send(session: number, bytes: Uint8Array): void {
    const socket = this.#sockets.get(session)
    if (socket === undefined) return
    socket.write(bytes)
    if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy()
  }

  #drop(session: number): void {
    const socket = this.#sockets.get(session)
    this.#sockets.delete(session)
    socket?.destroy()
  }
}

function portOf(server: Server): number {
  const bound = server.address()
  return bound !== null && typeof bound === 'object' ? bound.port : 0
}
