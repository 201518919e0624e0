import { setTimeout as pause } from 'node:timers/promises'
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import type { Subnet } from '../../net/subnet.ts'
import type { TftpEffect } from '../../tftp/effect.ts'
import type { TftpEvent } from '../../tftp/events.ts'
import type { TftpServer } from '../../tftp/tftp-server.ts'
import type { TidPool } from '../../tftp/transfers.ts'
import { chooseSockets, type SocketChoice } from './choose-sockets.ts'
import type { SocketFault } from './dhcp-sockets.ts'
import { loadLibc } from './native/libc.ts'
import { commonOptions, type TransferSocketSettings, TransferSockets } from './transfer-sockets.ts'
import type { UdpSocket, UdpSockets } from './udp-socket.ts'

/** Where the TFTP server listens and sends from. */
export type TftpEndpointSettings = Omit<TransferSocketSettings, 'addresses'> & {
  /** One listening socket for each. Port 0: a free one, for tests. */
  readonly listeners: readonly TftpListener[]
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

/** Wanted receive buffer, in bytes: the requests of a storm. */
const LISTENER_BUFFER_BYTES = 8_388_608

/** How often a drain looks whether transfers have ended, in milliseconds. */
const DRAIN_LOOK_MS = 50

/** How often sockets that are gone are looked for, in milliseconds. */
const FOLLOW_MS = 3000

/** Longer than a request may be (RFC 2347), so that what was cut off is still too long. */
const MAX_DATAGRAM_BYTES = 1024

/**
 * The sockets of the TFTP server: one listening on each of our addresses, and a pool for transfers.
 * It feeds the engine datagrams and the time, and carries out what the engine answers.
 */
export class TftpEndpoint {
  readonly #settings: TftpEndpointSettings
  readonly #callbacks: TftpEndpointCallbacks
  readonly #transferSockets: TransferSockets
  readonly #server: TftpServer
  /** By channel, which is the place in the settings. */
  readonly #listeners = new Map<number, UdpSocket>()
  #sockets: UdpSockets | undefined
  #plainBecause: string | null = null
  #timer: NodeJS.Timeout | undefined
  #follow: NodeJS.Timeout | undefined

  /** @param createServer - Makes the engine on the sockets of this endpoint; called at once. */
  constructor(
    settings: TftpEndpointSettings,
    callbacks: TftpEndpointCallbacks,
    createServer: (tids: TidPool) => TftpServer,
  ) {
    this.#settings = settings
    this.#callbacks = callbacks
    const { transferPorts, transferSockets, listeners } = settings
    const addresses = listeners.map(({ address }) => address)
    const sockets = { addresses, transferPorts, transferSockets }
    this.#transferSockets = new TransferSockets(sockets, {
      onDatagram: (datagram) =>
        this.#perform(this.#server.onTransferPacket(datagram, this.#clockMs())),
      onFault: callbacks.onFault,
    })
    this.#server = createServer(this.#transferSockets.pool)
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
   * @param given - Sockets in place of the system's.
   * @returns The listeners with the ports that they have.
   * @throws {@link SocketError} that says what was found and what to do, with everything closed again.
   */
  async open(given: { readonly sockets?: UdpSockets } = {}): Promise<readonly TftpListener[]> {
    const { listeners, sockets: choice = 'auto' } = this.#settings
    const needs = { choice, maxDatagramBytes: MAX_DATAGRAM_BYTES, onFault: this.#callbacks.onFault }
    const chosen =
      given.sockets === undefined
        ? await chooseSockets(needs, await loadLibc())
        : { sockets: given.sockets, plainBecause: null }
    this.#sockets = chosen.sockets
    this.#plainBecause = chosen.plainBecause
    try {
      await this.#transferSockets.open(chosen.sockets)
      const opened: TftpListener[] = []
      for (const [channel, listener] of listeners.entries()) {
        opened.push(await this.#listen(listener, channel))
      }
      this.#follow = setInterval(() => void this.#openLost(), FOLLOW_MS).unref()
      return opened
    } catch (error) {
      this.close()
      throw error
    }
  }

  /**
   * Hears no more requests, and resolves when the transfers under way have ended, after so many
   * milliseconds at the latest. To be closed afterwards.
   */
  async drain(withinMs: number): Promise<void> {
    this.#closeListeners()
    const untilMs = this.#clockMs() + withinMs
    while (this.#server.counters().running > 0 && this.#clockMs() < untilMs) {
      await pause(DRAIN_LOOK_MS)
    }
  }

  /** Ends all transfers and closes all sockets; a second time it does nothing. */
  close(): void {
    this.#perform(this.#server.stop(this.#clockMs()))
    clearTimeout(this.#timer)
    this.#closeListeners()
    this.#transferSockets.close()
    this.#sockets?.close()
    this.#sockets = undefined
  }

  /** Whose requests are answered from now on; transfers that run go on to their end. */
  replaceClientSubnets(clientSubnets: readonly Subnet[]): void {
    this.#server.replaceClientSubnets(clientSubnets)
  }

  /** Which sockets are not there now: asked of the system. */
  faults(): readonly SocketFault[] {
    const faults: SocketFault[] = []
    for (const [channel, { address, port }] of this.#settings.listeners.entries()) {
      if (this.#listeners.get(channel)?.isBound() === true) continue
      const where = formatIpv4(address)
      const message = `the TFTP socket on ${where} port ${port} is gone: it is reopened within seconds`
      faults.push({ where, message })
    }
    const lost = this.#transferSockets.pool.lost
    if (lost > 0) {
      const message = `${lost} sockets of TFTP transfers are gone: they are reopened within seconds`
      faults.push({ where: 'transfers', message })
    }
    return faults
  }

  async #listen({ address, port }: TftpListener, channel: number): Promise<TftpListener> {
    const socket = await this.#openSockets().open({
      ...commonOptions(this.#callbacks.onFault),
      // One of ours: replies leave from it, and broadcasts are not heard (RFC 1123 section 4.2.3.5).
      address,
      channel,
      port,
      bufferBytes: LISTENER_BUFFER_BYTES,
      isListener: true,
      onDatagram: (datagram) => {
        // Closed by what came before it.
        if (this.#sockets === undefined) return
        this.#perform(this.#server.onRequest(datagram, this.#clockMs()))
      },
    })
    this.#listeners.set(channel, socket)
    return { address, port: socket.port }
  }

  #closeListeners(): void {
    clearInterval(this.#follow)
    for (const listener of this.#listeners.values()) listener.close()
    this.#listeners.clear()
  }

  /** Sockets that the system has no more are opened again. */
  async #openLost(): Promise<void> {
    this.#transferSockets.pool.replaceLost()
    for (const [channel, socket] of this.#listeners) {
      const listener = this.#settings.listeners[channel]
      if (socket.isBound() || listener === undefined) continue
      socket.close()
      await this.#listen({ ...listener, port: socket.port }, channel).catch(this.#callbacks.onFault)
    }
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
      case 'send':
        this.#transferSockets.send(effect)
        break
      case 'event':
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
      Math.max(0, Math.ceil(nextWakeAtMs - this.#clockMs())),
    )
  }

  #onTimer(): void {
    this.#timer = undefined
    this.#perform(this.#server.onWake(this.#clockMs()))
    // After a datagram the sockets send what waits; after a timer nothing else does.
    this.#sockets?.flush()
  }

  #clockMs(): number {
    return this.#callbacks.clockMs()
  }
}
