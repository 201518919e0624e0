import type { Arrival } from '../../dhcp/effect.ts'
import { decodeMessage } from '../../wire/dhcp/decode-message.ts'
import { BOOTREPLY, type DhcpMessage } from '../../wire/dhcp/message.ts'
import { decodeUdpFrame, ETHERTYPE_IPV4 } from '../../wire/frame/udp-frame.ts'
import { WireError } from '../../wire/wire-error.ts'
import type { DhcpInterface } from './dhcp-sockets.ts'
import { drain } from './native/drain.ts'
import type { Libc, Watch } from './native/libc.ts'
import { udpTo } from './native/packet-filter.ts'
import { AddressFamily, packetAddress, SocketType } from './native/socket-address.ts'
import { SystemCallError } from './native/system-call-error.ts'

/** The port of DHCP clients (RFC 2131 section 4.1). */
const CLIENT_PORT = 68

/** Who hears of replies. */
export type ClientPortHandlers = {
  /** The message is views on a buffer that is used again after the call. */
  readonly onReply: (message: DhcpMessage, arrival: Arrival) => void
  /** An interface could not be listened on; told once until that changes. */
  readonly onFault: (error: unknown) => void
}

/** A descriptor on an interface as it was when it was opened. */
type Open = { readonly index: number; readonly descriptor: number; readonly watch: Watch }

/**
 * Hears what DHCP servers send to clients on our interfaces: that is how another server that
 * answers past our own port is found.
 *
 * It takes copies of frames and binds no port, so that a DHCP client on this machine can have port
 * 68, now or later, and loses nothing to us.
 */
export class ClientPortListener {
  readonly #libc: Libc
  readonly #interfaces: readonly DhcpInterface[]
  readonly #handlers: ClientPortHandlers
  readonly #open = new Map<string, Open>()
  readonly #faults = new Map<string, string>()

  constructor(libc: Libc, interfaces: readonly DhcpInterface[], handlers: ClientPortHandlers) {
    this.#libc = libc
    this.#interfaces = firstOfEach(interfaces)
    this.#handlers = handlers
  }

  /** Listens where it does not yet, or where an interface was made again. To be called now and then. */
  follow(): void {
    for (const one of this.#interfaces) {
      try {
        this.#followOne(one)
        this.#faults.delete(one.interfaceName)
      } catch (error) {
        const known = this.#faults.get(one.interfaceName)
        this.#faults.set(one.interfaceName, String(error))
        if (known !== String(error)) this.#handlers.onFault(error)
      }
    }
  }

  close(): void {
    for (const interfaceName of [...this.#open.keys()]) this.#close(interfaceName)
  }

  #followOne(one: DhcpInterface): void {
    const index = this.#libc.interfaceIndex(one.interfaceName)
    if (this.#open.get(one.interfaceName)?.index === index) return
    this.#close(one.interfaceName)
    // Protocol 0: nothing is heard before the filter is in its place.
    const descriptor = this.#libc.socket(AddressFamily.packet, SocketType.raw, 0)
    try {
      this.#libc.attachFilter(descriptor, udpTo(CLIENT_PORT))
      this.#libc.bind(descriptor, packetAddress(index, ETHERTYPE_IPV4))
      const watch = drain(
        this.#libc,
        descriptor,
        (bytes) => this.#onFrame(bytes, one),
        (error) => {
          this.#close(one.interfaceName)
          // The interface is gone or down, and may come back. Anything else is a fault of ours.
          if (!(error instanceof SystemCallError)) throw error
        },
      )
      this.#open.set(one.interfaceName, { index, descriptor, watch })
    } catch (error) {
      this.#libc.close(descriptor)
      throw error
    }
  }

  #onFrame(bytes: Uint8Array, { interfaceName, localAddress }: DhcpInterface): void {
    try {
      const { from, payload } = decodeUdpFrame(bytes)
      const message = decodeMessage(payload)
      const { address: sourceAddress, port: sourcePort } = from
      if (message.op !== BOOTREPLY) return
      const arrival = { interfaceName, localAddress, sourceAddress, sourcePort }
      this.#handlers.onReply(message, arrival)
    } catch (error) {
      // A malformed reply of another server to another client.
      if (!(error instanceof WireError)) throw error
    }
  }

  #close(interfaceName: string): void {
    const open = this.#open.get(interfaceName)
    if (open === undefined) return
    this.#open.delete(interfaceName)
    open.watch.end()
    this.#libc.close(open.descriptor)
  }
}

/** An interface with several addresses of ours is listened on once. */
function firstOfEach(interfaces: readonly DhcpInterface[]): readonly DhcpInterface[] {
  const names = new Map<string, DhcpInterface>()
  for (const one of interfaces) if (!names.has(one.interfaceName)) names.set(one.interfaceName, one)
  return [...names.values()]
}
