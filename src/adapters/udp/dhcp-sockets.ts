import { formatIpv4, type Ipv4, UNSPECIFIED } from '../../net/ipv4.ts'
import type { LoadedLibc } from './native/libc.ts'
import type { ReceivedDatagram, SocketOptions, UdpSocket, UdpSockets } from './udp-socket.ts'

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
  /** The datagram is valid during the call. */
  readonly onDatagram: (datagram: ReceivedDatagram, owner: DhcpSocketOwner) => void
  /** A datagram did not leave, for the system's reason. */
  readonly onSendFailed: (code: string, interfaceName: string | null) => void
  /** A socket failed to receive; it stays open. */
  readonly onFault: (error: unknown) => void
}

/** A socket that is not there: where, and in words why. */
export type SocketFault = { readonly where: string; readonly message: string }

/** Takes the requests of a few thousand clients that start at once. */
const BUFFER_BYTES = 8_388_608

/** Bytes of the longest message that is read whole: far beyond what fits into a frame. */
export const MAX_MESSAGE_BYTES = 4096

/** The sockets of one interface, bound to what it is now: one made again has another index. */
type InterfaceSockets = {
  readonly owners: DhcpInterface[]
  index: number
  sockets: UdpSocket[]
  /** Of the last try to open them again; each fault is told once. */
  fault: string
}

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
  readonly #interfaces = new Map<string, InterfaceSockets>()
  readonly #relayed = new Map<Ipv4, UdpSocket>()
  readonly #byOwner = new Map<string, UdpSocket>()
  readonly #sockets: UdpSockets
  #port: number
  #isClosed = false

  private constructor(
    port: number,
    loaded: LoadedLibc,
    sockets: UdpSockets,
    handlers: DhcpSocketHandlers,
  ) {
    this.#port = port
    this.#loaded = loaded
    this.#sockets = sockets
    this.#handlers = handlers
  }

  /**
   * @param ways - The C library, which knows when an interface was made again, and what opens the
   *   sockets; closed with them.
   * @throws `SocketError`, with everything closed again.
   */
  static async open(
    settings: DhcpListenSettings,
    ways: { readonly loaded: LoadedLibc; readonly sockets: UdpSockets },
    handlers: DhcpSocketHandlers,
  ): Promise<DhcpSockets> {
    const sockets = new DhcpSockets(settings.port, ways.loaded, ways.sockets, handlers)
    try {
      for (const [name, owners] of byInterface(settings.interfaces)) {
        await sockets.#addInterface(name, owners)
      }
      for (const localAddress of relayedOnly(settings)) await sockets.#addRelayed(localAddress)
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
  of({ interfaceName, localAddress }: DhcpSocketOwner): UdpSocket | undefined {
    return this.#byOwner.get(keyOf(interfaceName, localAddress))
  }

  /**
   * Opens the sockets of an interface again that was removed and made again, as VLANs and containers'
   * links are: the old ones would stay deaf. So are sockets that the system has no more. To be called
   * from time to time.
   */
  async followInterfaces(): Promise<void> {
    for (const [name, known] of this.#interfaces) {
      const index = this.#indexOf(name)
      const isSame = index === known.index && isWhole(known)
      if (index === 0 || isSame || this.#isClosed) continue
      known.fault = await this.#openInterface(name, known).then(
        () => '',
        (error) => this.#interfaceFault(error, known.fault),
      )
    }
    for (const [localAddress, socket] of this.#relayed) {
      if (socket.isBound() || this.#isClosed) continue
      socket.close()
      await this.#addRelayed(localAddress).catch(this.#handlers.onFault)
    }
  }

  /** The fault in words, reported where it is another than before: an address may not be set yet. */
  #interfaceFault(error: unknown, before: string): string {
    if (!this.#isClosed && String(error) !== before) this.#handlers.onFault(error)
    return String(error)
  }

  /** Which sockets are not there, by interface or address, and why: asked of the system. */
  faults(): readonly SocketFault[] {
    const faults: SocketFault[] = []
    for (const [name, known] of this.#interfaces) {
      const index = this.#indexOf(name)
      // Without the interface there is nothing to be heard, whatever the sockets are.
      if (index === 0 || (index === known.index && isWhole(known))) continue
      const why = known.fault === '' ? 'they are reopened within seconds' : known.fault
      faults.push({ where: name, message: `the DHCP sockets on ${name} are gone: ${why}` })
    }
    for (const [address, socket] of this.#relayed) {
      if (socket.isBound()) continue
      const where = formatIpv4(address)
      const message = `the DHCP socket for relay agents on ${where} is gone: it is reopened within seconds`
      faults.push({ where, message })
    }
    return faults
  }

  /** Sends what waits; to be called after sending outside of `onDatagram`. */
  flush(): void {
    this.#sockets.flush()
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const { sockets } of this.#interfaces.values()) closeAll(sockets)
    for (const socket of this.#relayed.values()) socket.close()
    this.#byOwner.clear()
    this.#sockets.close()
  }

  async #addInterface(name: string, owners: DhcpInterface[]): Promise<void> {
    // Our own sockets have to share the port, and so would not notice another server on it: it is
    // taken once without sharing, which fails if another program has it.
    const owner = { interfaceName: name, localAddress: UNSPECIFIED }
    const alone = { ...this.#options(owner, UNSPECIFIED), sharesPort: false }
    const socket = await this.#sockets.open(alone)
    this.#port = socket.port
    socket.close()
    const added = { owners, index: 0, sockets: [], fault: '' }
    this.#interfaces.set(name, added)
    await this.#openInterface(name, added)
  }

  async #openInterface(name: string, known: InterfaceSockets): Promise<void> {
    for (const { localAddress } of known.owners) {
      this.#byOwner.delete(keyOf(name, localAddress))
      this.#byOwner.delete(keyOf(null, localAddress))
    }
    closeAll(known.sockets)
    const index = this.#indexOf(name)
    const [first] = known.owners as [DhcpInterface]
    known.sockets.push(await this.#open(first, UNSPECIFIED))
    for (const owner of known.owners) {
      const socket = await this.#open(owner, owner.localAddress)
      known.sockets.push(socket)
      this.#byOwner.set(keyOf(name, owner.localAddress), socket)
      // A relay agent's network may go by the address alone.
      this.#byOwner.set(keyOf(null, owner.localAddress), socket)
    }
    known.index = index
  }

  async #addRelayed(localAddress: Ipv4): Promise<void> {
    const socket = await this.#open({ interfaceName: null, localAddress }, localAddress)
    this.#relayed.set(localAddress, socket)
    this.#byOwner.set(keyOf(null, localAddress), socket)
  }

  async #open(owner: DhcpSocketOwner, address: Ipv4): Promise<UdpSocket> {
    const socket = await this.#sockets.open(this.#options(owner, address))
    if (this.#isClosed) {
      socket.close()
      throw new Error('closed while a socket was being opened')
    }
    this.#port = socket.port
    return socket
  }

  #options(owner: DhcpSocketOwner, address: Ipv4): SocketOptions {
    const { interfaceName } = owner
    return {
      address,
      port: this.#port,
      interfaceName,
      broadcast: true,
      bufferBytes: BUFFER_BYTES,
      sharesPort: true,
      isListener: false,
      channel: 0,
      onDatagram: (datagram) => this.#handlers.onDatagram(datagram, owner),
      onSendFailed: (code) => this.#handlers.onSendFailed(code, interfaceName),
      onFault: this.#handlers.onFault,
    }
  }

  /** 0 where there is no such interface now. */
  #indexOf(name: string): number {
    try {
      return this.#loaded.kind === 'ok' ? this.#loaded.libc.interfaceIndex(name) : 0
    } catch {
      // Gone. It may come back.
      return 0
    }
  }
}

/** One for broadcasts and one for each owner, all of them bound. */
function isWhole({ owners, sockets }: InterfaceSockets): boolean {
  return sockets.length === owners.length + 1 && sockets.every((socket) => socket.isBound())
}

function byInterface(interfaces: readonly DhcpInterface[]): Map<string, DhcpInterface[]> {
  const groups = new Map<string, DhcpInterface[]>()
  for (const one of interfaces) {
    const group = groups.get(one.interfaceName) ?? []
    if (!group.some(({ localAddress }) => localAddress === one.localAddress)) group.push(one)
    groups.set(one.interfaceName, group)
  }
  return groups
}

function relayedOnly({ interfaces, relayedAddresses }: DhcpListenSettings): Set<Ipv4> {
  const onInterfaces = new Set(interfaces.map(({ localAddress }) => localAddress))
  return new Set(relayedAddresses.filter((address) => !onInterfaces.has(address)))
}

function closeAll(sockets: UdpSocket[]): void {
  for (const socket of sockets) socket.close()
  sockets.length = 0
}

function keyOf(interfaceName: string | null, localAddress: Ipv4): string {
  return `${interfaceName ?? ''} ${localAddress}`
}
