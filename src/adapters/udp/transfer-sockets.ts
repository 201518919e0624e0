import type { Ipv4 } from '../../net/ipv4.ts'
import type { Datagram } from '../../tftp/datagram.ts'
import type { TftpEffect } from '../../tftp/effect.ts'
import { openWithin, type PortRange } from './choose-sockets.ts'
import { SystemCallError } from './native/system-call-error.ts'
import { TftpSocketPool } from './tftp-socket-pool.ts'
import type { SocketOptions, UdpSockets } from './udp-socket.ts'

/** Which sockets transfers have. */
export type TransferSocketSettings = {
  /** Addresses of ours; their places in this list are the numbers of their listeners. */
  readonly addresses: readonly Ipv4[]
  /** Ports of transfers; null: any that the system has free. */
  readonly transferPorts: PortRange | null
  /** Sockets on each address, 1 or more: as many as a client may run transfers. */
  readonly transferSockets: number
}

/** Whom the sockets tell. */
export type TransferSocketCallbacks = {
  /** A datagram from a client, valid during the call. */
  readonly onDatagram: (datagram: Datagram) => void
  readonly onFault: (fault: unknown) => void
}

/** Wanted receive buffer, in bytes: what transfers have under way. */
const BUFFER_BYTES = 2_097_152

/** The sockets of transfers on each of our addresses, and what engines send by them. */
export class TransferSockets {
  readonly pool: TftpSocketPool
  readonly #settings: TransferSocketSettings
  readonly #callbacks: TransferSocketCallbacks
  #nextChannel: number
  #sockets: UdpSockets | undefined

  constructor(settings: TransferSocketSettings, callbacks: TransferSocketCallbacks) {
    this.#settings = settings
    this.#callbacks = callbacks
    this.#nextChannel = settings.addresses.length
    this.pool = new TftpSocketPool((listener) => this.#open(listener), callbacks.onFault)
  }

  /**
   * Opens all of them.
   *
   * @throws `SocketError` that says what was found; the caller closes what it opened.
   */
  async open(sockets: UdpSockets): Promise<void> {
    this.#sockets = sockets
    const { addresses, transferSockets } = this.#settings
    for (const listener of addresses.keys()) await this.pool.fill(listener, transferSockets)
  }

  /** Sends what an effect asks to be sent; nothing where its socket is closed. */
  send(effect: TftpEffect & { kind: 'send' | 'send-blocks' }): void {
    const socket = this.pool.socketOf(effect.channel)
    if (effect.kind === 'send-blocks') socket?.sendBlocks(effect)
    else socket?.sendPacket(effect)
  }

  /** Closes the sockets; what they were opened by is its owner's. */
  close(): void {
    this.pool.close()
    this.#sockets = undefined
  }

  async #open(listener: number) {
    if (this.#sockets === undefined) throw new Error('the sockets of transfers are closed')
    const channel = this.#nextChannel++
    const address = this.#settings.addresses[listener] as Ipv4
    const socket = await openWithin(this.#sockets, this.#settings.transferPorts, {
      ...commonOptions(this.#callbacks.onFault),
      address,
      channel,
      bufferBytes: BUFFER_BYTES,
      isListener: false,
      onDatagram: this.#callbacks.onDatagram,
    })
    return { channel, socket }
  }
}

/** What all sockets of TFTP have in common. */
export function commonOptions(onFault: (fault: unknown) => void) {
  return {
    interfaceName: null,
    broadcast: false,
    sharesPort: false,
    onFault,
    onSendFailed: (code: string) => {
      // A buffer that is full: the packet is sent again in its time, like any that is lost.
      if (code !== 'EAGAIN') onFault(new SystemCallError('send', code))
    },
  } satisfies Partial<SocketOptions>
}
