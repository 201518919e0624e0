import type { RemoteInfo } from 'node:dgram'
import { type Ipv4, parseIpv4, UNSPECIFIED } from '../../net/ipv4.ts'
import type { Datagram } from '../../tftp/datagram.ts'
import type { TftpEffect } from '../../tftp/effect.ts'
import type { TftpEvent } from '../../tftp/events.ts'
import type { TftpServer } from '../../tftp/tftp-server.ts'
import type { TidPool } from '../../tftp/tid-pool.ts'
import { sendBlocks, sendPacket } from './tftp-send.ts'
import { bindSocket, bindWithin, type PortRange, type TftpSocket } from './tftp-socket.ts'
import { TftpSocketPool } from './tftp-socket-pool.ts'

/** Where the TFTP server listens and sends from. */
export type TftpEndpointSettings = {
  /** One listening socket for each. Port 0: a free one, for tests. */
  readonly listeners: readonly TftpListener[]
  /** Ports of transfers; null: any that the system has free. */
  readonly transferPorts: PortRange | null
  /** Transfer sockets on each address, 1 or more: as many as a client may run transfers. */
  readonly transferSockets: number
}

/** An address of ours and the port on it. */
export type TftpListener = { readonly address: Ipv4; readonly port: number }

/** Whom the endpoint tells. */
export type TftpEndpointCallbacks = {
  readonly onEvent: (event: TftpEvent) => void
  /** A socket failed to send, to receive or to open; the server goes on. */
  readonly onFault: (fault: unknown) => void
}

/** Wanted receive buffers, in octets: requests of a storm wait here, acknowledgements of all there. */
const LISTENER_BUFFER_BYTES = 8_388_608
const TRANSFER_BUFFER_BYTES = 2_097_152

/**
 * The sockets of the TFTP server: one listening on each of our addresses, and a pool for transfers.
 * It feeds the engine datagrams and the time, and carries out what the engine answers.
 */
export class TftpEndpoint {
  readonly #settings: TftpEndpointSettings
  readonly #callbacks: TftpEndpointCallbacks
  readonly #pool: TftpSocketPool
  readonly #server: TftpServer
  readonly #listeners: TftpSocket[] = []
  readonly #datagram: { -readonly [Key in keyof Datagram]: Datagram[Key] } = {
    bytes: new Uint8Array(),
    length: 0,
    client: UNSPECIFIED,
    clientPort: 0,
    channel: 0,
  }
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

  /**
   * Binds all sockets; requests are answered from then on.
   *
   * @returns The listeners with the ports that they have.
   * @throws The operating system's error, with everything closed again: `EACCES` where the right to a
   *   port below 1024 is missing, `EADDRNOTAVAIL` where the address is none of ours, `EADDRINUSE`.
   */
  async open(): Promise<readonly TftpListener[]> {
    try {
      for (const channel of this.#settings.listeners.keys()) {
        await this.#pool.fill(channel, this.#settings.transferSockets)
      }
      return await Promise.all(
        this.#settings.listeners.map((listener, channel) => this.#listen(listener, channel)),
      )
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Ends all transfers and closes all sockets. */
  close(): void {
    this.#perform(this.#server.stop(now()))
    clearTimeout(this.#timer)
    for (const listener of this.#listeners) listener.close()
    this.#listeners.length = 0
    this.#pool.close()
  }

  async #listen({ address, port }: TftpListener, channel: number): Promise<TftpListener> {
    const dgram = await bindSocket(address, port, LISTENER_BUFFER_BYTES)
    this.#listeners.push({ channel, dgram, close: () => dgram.close() })
    dgram.on('error', this.#callbacks.onFault)
    dgram.on('message', (bytes, from) => {
      const datagram = this.#arrived(bytes, from, channel)
      if (datagram !== undefined) this.#perform(this.#server.onRequest(datagram, now()))
    })
    return { address, port: dgram.address().port }
  }

  async #openTransferSocket(listener: number): Promise<TftpSocket> {
    const { address } = this.#settings.listeners[listener] as TftpListener
    const { transferPorts } = this.#settings
    const dgram = await (transferPorts === null
      ? bindSocket(address, 0, TRANSFER_BUFFER_BYTES)
      : bindWithin(address, transferPorts, TRANSFER_BUFFER_BYTES))
    const channel = this.#nextChannel++
    dgram.on('error', this.#callbacks.onFault)
    dgram.on('message', (bytes, from) => {
      const datagram = this.#arrived(bytes, from, channel)
      if (datagram !== undefined) this.#perform(this.#server.onTransferPacket(datagram, now()))
    })
    return { channel, dgram, close: () => dgram.close() }
  }

  #arrived(bytes: Uint8Array, from: RemoteInfo, channel: number): Datagram | undefined {
    const client = parseIpv4(from.address)
    if (client === undefined) return undefined
    const datagram = this.#datagram
    datagram.bytes = bytes
    datagram.length = bytes.length
    datagram.client = client
    datagram.clientPort = from.port
    datagram.channel = channel
    return datagram
  }

  #perform(effects: readonly TftpEffect[]): void {
    for (const effect of effects) this.#performOne(effect)
    this.#armTimer()
  }

  #performOne(effect: TftpEffect): void {
    switch (effect.kind) {
      case 'send-blocks':
        sendBlocks(this.#pool.socketOf(effect.channel)?.dgram, effect)
        break
      case 'send':
        sendPacket(this.#pool.socketOf(effect.channel)?.dgram, effect)
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
    if (this.#timer !== undefined || nextWakeAtMs === undefined) return
    const waitMs = Math.max(0, Math.ceil(nextWakeAtMs - now()))
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#perform(this.#server.onWake(now()))
    }, waitMs)
  }
}

/** Milliseconds since 1970, by a clock that does not step. */
function now(): number {
  return performance.timeOrigin + performance.now()
}
