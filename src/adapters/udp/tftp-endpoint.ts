import type { Ipv4 } from '../../net/ipv4.ts'
import type { TftpEffect } from '../../tftp/effect.ts'
import type { TftpEvent } from '../../tftp/events.ts'
import type { TftpServer } from '../../tftp/tftp-server.ts'
import type { TidPool } from '../../tftp/tid-pool.ts'
import { chooseSockets, openWithin, type PortRange, type SocketChoice } from './choose-sockets.ts'
import { loadLibc } from './native/libc.ts'
import { SystemCallError } from './native/system-call-error.ts'
import { TftpSocketPool, type TransferSocket } from './tftp-socket-pool.ts'
import type { SocketWish, UdpSocket, UdpSockets } from './udp-socket.ts'

/** Where the TFTP server listens and sends from. */
export type TftpEndpointSettings = {
  /** One listening socket for each. Port 0: a free one, for tests. */
  readonly listeners: readonly TftpListener[]
  /** Ports of transfers; null: any that the system has free. */
  readonly transferPorts: PortRange | null
  /** Transfer sockets on each address, 1 or more: as many as a client may run transfers. */
  readonly transferSockets: number
  /** `auto` unless told otherwise. */
  readonly sockets?: SocketChoice
}

/** An address of ours and the port on it. */
export type TftpListener = { readonly address: Ipv4; readonly port: number }

/** Whom the endpoint tells. */
export type TftpEndpointCallbacks = {
  readonly onEvent: (event: TftpEvent) => void
  /** A socket failed to send, to receive or to open; the server goes on. */
  readonly onFault: (fault: unknown) => void
  /** Whole milliseconds since the epoch, by a clock that does not step. */
  readonly clockMs: () => number
}

/** Wanted receive buffers, in octets: the requests of a storm, and what transfers have under way. */
const LISTENER_BUFFER_BYTES = 8_388_608
const TRANSFER_BUFFER_BYTES = 2_097_152

/** Longer than a request may be (RFC 2347), so that what was cut off is still too long. */
const MAX_DATAGRAM_BYTES = 1024

/**
 * The sockets of the TFTP server: one listening on each of our addresses, and a pool for transfers.
 * It feeds the engine datagrams and the time, and carries out what the engine answers. It keeps
 * nothing outside of itself, so that it can live in a worker.
 */
export class TftpEndpoint {
  readonly #settings: TftpEndpointSettings
  readonly #callbacks: TftpEndpointCallbacks
  readonly #pool: TftpSocketPool
  readonly #server: TftpServer
  readonly #listeners: UdpSocket[] = []
  #sockets: UdpSockets | undefined
  #plainBecause: string | null = null
  #nextChannel: number
  #timer: NodeJS.Timeout | undefined

  /** @param createServer - Makes the engine on the sockets of this endpoint; called at once. */
  constructor(
    settings: TftpEndpointSettings,
    callbacks: TftpEndpointCallbacks,
    createServer: (tids: TidPool) => TftpServer,
  ) {
    this.#settings = settings
    this.#callbacks = callbacks
    this.#pool = new TftpSocketPool(
      (listener) => this.#openTransferSocket(listener),
      callbacks.onFault,
    )
    this.#server = createServer(this.#pool)
    this.#nextChannel = settings.listeners.length
  }

  /** The engine, for its counters. */
  get server(): TftpServer {
    return this.#server
  }

  /** Why datagrams go one by one, at twice the cost; null where they go many at a time. */
  get plainBecause(): string | null {
    return this.#plainBecause
  }

  /**
   * Binds all sockets; requests are answered from then on.
   *
   * @returns The listeners with the ports that they have.
   * @throws {@link SocketError} that says what was found and what to do, with everything closed again.
   */
  async open(): Promise<readonly TftpListener[]> {
    const { listeners, transferSockets, sockets: choice = 'auto' } = this.#settings
    const needs = { choice, maxDatagramBytes: MAX_DATAGRAM_BYTES, onFault: this.#callbacks.onFault }
    const chosen = await chooseSockets(needs, await loadLibc())
    this.#sockets = chosen.sockets
    this.#plainBecause = chosen.plainBecause
    try {
      for (const channel of listeners.keys()) await this.#pool.fill(channel, transferSockets)
      const opened: TftpListener[] = []
      for (const [channel, listener] of listeners.entries()) {
        opened.push(await this.#listen(listener, channel))
      }
      return opened
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Ends all transfers and closes all sockets; a second time it does nothing. */
  close(): void {
    this.#perform(this.#server.stop(this.#callbacks.clockMs()))
    clearTimeout(this.#timer)
    for (const listener of this.#listeners.splice(0)) listener.close()
    this.#pool.close()
    this.#sockets?.close()
    this.#sockets = undefined
  }

  async #listen({ address, port }: TftpListener, channel: number): Promise<TftpListener> {
    const socket = await this.#openSockets().open({
      ...this.#wish(address, channel),
      port,
      bufferBytes: LISTENER_BUFFER_BYTES,
      isListener: true,
      onDatagram: (datagram) => {
        // Closed by what came before it.
        if (this.#sockets === undefined) return
        this.#perform(this.#server.onRequest(datagram, this.#callbacks.clockMs()))
      },
    })
    this.#listeners.push(socket)
    return { address, port: socket.port }
  }

  async #openTransferSocket(listener: number): Promise<TransferSocket> {
    const { listeners, transferPorts } = this.#settings
    const channel = this.#nextChannel++
    const { address } = listeners[listener] as TftpListener
    const socket = await openWithin(this.#openSockets(), transferPorts, {
      ...this.#wish(address, channel),
      bufferBytes: TRANSFER_BUFFER_BYTES,
      isListener: false,
      onDatagram: (datagram) =>
        this.#perform(this.#server.onTransferPacket(datagram, this.#callbacks.clockMs())),
    })
    return { channel, socket }
  }

  /** What all sockets of ours have in common. */
  #wish(address: Ipv4, channel: number) {
    const { onFault } = this.#callbacks
    return {
      // One of ours: replies leave from it, and broadcasts are not heard (RFC 1123 section 4.2.3.5).
      address,
      channel,
      interfaceName: null,
      broadcast: false,
      sharesPort: false,
      onFault,
      onSendFailed: (code: string) => {
        // A buffer that is full: the packet is sent again in its time, like any that is lost.
        if (code !== 'EAGAIN') onFault(new SystemCallError('send', code))
      },
    } satisfies Partial<SocketWish>
  }

  #openSockets(): UdpSockets {
    if (this.#sockets === undefined) throw new Error('the TFTP endpoint is closed')
    return this.#sockets
  }

  #perform(effects: readonly TftpEffect[]): void {
    for (const effect of effects) this.#performOne(effect)
    if (this.#timer === undefined) this.#armTimer()
  }

  #performOne(effect: TftpEffect): void {
    switch (effect.kind) {
      case 'send-blocks':
        this.#pool.socketOf(effect.channel)?.sendBlocks(effect)
        break
      case 'send':
        this.#pool.socketOf(effect.channel)?.sendPacket(effect)
        break
      case 'note':
        this.#callbacks.onEvent(effect.event)
        break
      default:
        effect satisfies never
    }
  }

  #armTimer(): void {
    const { nextWakeAtMs } = this.#server
    if (nextWakeAtMs === undefined) return
    // A timer may ring a little early; rounding up makes a second ring the exception.
    this.#timer = setTimeout(
      () => this.#onTimer(),
      Math.max(0, Math.ceil(nextWakeAtMs - this.#callbacks.clockMs())),
    )
  }

  #onTimer(): void {
    this.#timer = undefined
    this.#perform(this.#server.onWake(this.#callbacks.clockMs()))
    this.#sockets?.flush()
  }
}
