import type { RemoteInfo, Socket } from 'node:dgram'
import { type Ipv4, UNSPECIFIED } from '../../net/ipv4.ts'
import type { LoadedLibc } from './native/libc.ts'
import { openUdpSocket, type UdpSocketSettings } from './open-socket.ts'

/** An interface that is served directly, and our address on it. */
export type DhcpInterface = { readonly interfaceName: string; readonly localAddress: Ipv4 }

/** Where the DHCP server listens. */
export type DhcpListenSettings = {
  /** One for each network on an interface of ours; the address is option 54 of the network. */
  readonly interfaces: readonly DhcpInterface[]
  /**
   * Our addresses of the networks behind relay agents. One that is also an interface's is heard
   * there, and there alone.
   */
  readonly relayedAddresses: readonly Ipv4[]
  /** 67; 0 for a free one, for tests. */
  readonly port: number
}

/** What a socket belongs to: an interface, or with null an address that relay agents send to. */
export type DhcpSocketOwner = {
  readonly interfaceName: string | null
  readonly localAddress: Ipv4
}

/** Who hears of what the sockets receive. */
export type DhcpSocketHandlers = {
  readonly onMessage: (bytes: Uint8Array, from: RemoteInfo, owner: DhcpSocketOwner) => void
  /** A socket failed to receive; it stays open. */
  readonly onFault: (error: unknown) => void
}

/** Takes the requests of a few thousand clients that start at once. */
const RECEIVE_BUFFER_BYTES = 8_388_608

/**
 * The sockets of the DHCP server, all on one port.
 *
 * An interface has one on 0.0.0.0 that hears broadcasts, and one on each address of ours there, so
 * that what is sent comes from the address that option 54 names, also where the interface has more
 * than one. All are bound to the interface: a broadcast leaves by it without any route.
 */
export class DhcpSockets {
  readonly #loaded: LoadedLibc
  readonly #handlers: DhcpSocketHandlers
  readonly #all: Socket[] = []
  readonly #byOwner = new Map<string, Socket>()
  readonly #hearing = new Set<string>()
  #port: number

  private constructor(port: number, loaded: LoadedLibc, handlers: DhcpSocketHandlers) {
    this.#port = port
    this.#loaded = loaded
    this.#handlers = handlers
  }

  /** @throws `SocketError`, with everything closed again. */
  static async open(
    settings: DhcpListenSettings,
    loaded: LoadedLibc,
    handlers: DhcpSocketHandlers,
  ): Promise<DhcpSockets> {
    const sockets = new DhcpSockets(settings.port, loaded, handlers)
    try {
      for (const one of settings.interfaces) await sockets.#addInterface(one)
      const onInterfaces = settings.interfaces.map(({ localAddress }) => localAddress)
      const relayed = new Set(settings.relayedAddresses.filter((a) => !onInterfaces.includes(a)))
      for (const localAddress of relayed) await sockets.#add({ interfaceName: null, localAddress })
      return sockets
    } catch (error) {
      sockets.close()
      throw error
    }
  }

  /** The port that they share. */
  get port(): number {
    return this.#port
  }

  /** The socket to send from; undefined where the owner is none of those that were opened. */
  of({ interfaceName, localAddress }: DhcpSocketOwner): Socket | undefined {
    return this.#byOwner.get(keyOf(interfaceName, localAddress))
  }

  close(): void {
    for (const socket of this.#all) socket.close()
    this.#all.length = 0
    this.#byOwner.clear()
  }

  async #addInterface(owner: DhcpInterface): Promise<void> {
    if (!this.#hearing.has(owner.interfaceName)) {
      this.#hearing.add(owner.interfaceName)
      await this.#checkFree(owner)
      await this.#open(owner, UNSPECIFIED)
    }
    await this.#add(owner)
  }

  async #add(owner: DhcpSocketOwner): Promise<void> {
    const { interfaceName, localAddress } = owner
    const key = keyOf(interfaceName, localAddress)
    if (this.#byOwner.has(key)) return
    const socket = await this.#open(owner, localAddress)
    this.#byOwner.set(key, socket)
    // A reply to a relay agent may be asked for by address alone.
    const byAddress = keyOf(null, localAddress)
    if (!this.#byOwner.has(byAddress)) this.#byOwner.set(byAddress, socket)
  }

  /**
   * Our own sockets have to share the port, and so would not notice another server on it: it is
   * taken once without sharing, which fails where somebody is there already.
   */
  async #checkFree({ interfaceName }: DhcpInterface): Promise<void> {
    const settings = { ...this.#settings(UNSPECIFIED, interfaceName), sharesPort: false }
    const socket = await openUdpSocket(settings, this.#loaded)
    this.#port = socket.address().port
    socket.close()
  }

  async #open(owner: DhcpSocketOwner, address: Ipv4): Promise<Socket> {
    const settings = this.#settings(address, owner.interfaceName)
    const socket = await openUdpSocket(settings, this.#loaded)
    this.#all.push(socket)
    this.#port = socket.address().port
    socket.on('message', (bytes, from) => this.#handlers.onMessage(bytes, from, owner))
    socket.on('error', this.#handlers.onFault)
    return socket
  }

  #settings(address: Ipv4, interfaceName: string | null): UdpSocketSettings {
    return {
      address,
      port: this.#port,
      interfaceName,
      broadcast: true,
      receiveBufferBytes: RECEIVE_BUFFER_BYTES,
      sharesPort: true,
    }
  }
}

function keyOf(interfaceName: string | null, localAddress: Ipv4): string {
  return `${interfaceName ?? ''} ${localAddress}`
}
