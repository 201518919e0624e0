import { execFileSync } from 'node:child_process'
import type { Socket } from 'node:dgram'
import { formatIpv4, type Ipv4, LIMITED_BROADCAST, UNSPECIFIED } from '../../net/ipv4.ts'
import { openUdpSocket } from './open-socket.ts'
import type { SimulatedPhoneLink } from './simulated-phone-link.ts'
import { releasedAddress, sendRelease } from './simulated-release.ts'

/** Where phones are plugged in. */
export type InterfaceLinkConfig = {
  readonly interfaceName: string
  readonly dhcpPort: number
}

/** RFC 2131 section 4.1. */
const CLIENT_PORT = 68

const RECEIVE_BUFFER_BYTES = 262_144

/**
 * Lets phones live on an interface of their own, best in a network namespace: they broadcast from port 68,
 * and a leased address is added to the interface by the `ip` command while it is in use. It is added as
 * a host's, beside a route to its subnet: of several addresses of one subnet, Linux drops all with the first.
 *
 * Needs CAP_NET_BIND_SERVICE and CAP_NET_ADMIN. All frames leave with the interface's hardware address;
 * DHCP goes by the phone's, which is in the message.
 */
export class SimulatedInterfaceLink implements SimulatedPhoneLink {
  readonly #config: InterfaceLinkConfig
  #socket: Socket | null = null
  readonly #addresses = new Set<Ipv4>()
  readonly #subnets = new Set<string>()
  #onFault: (fault: Error) => void = () => {}

  constructor(config: InterfaceLinkConfig) {
    this.#config = config
  }

  async open(onReply: (bytes: Uint8Array) => void, onFault: (fault: Error) => void): Promise<void> {
    const socket = await openUdpSocket({
      address: UNSPECIFIED,
      port: CLIENT_PORT,
      interfaceName: this.#config.interfaceName,
      broadcast: true,
      bufferBytes: RECEIVE_BUFFER_BYTES,
      sharesPort: false,
    })
    socket.on('error', onFault)
    socket.on('message', onReply)
    this.#onFault = onFault
    this.#socket = socket
  }

  send(bytes: Uint8Array, to: Ipv4): void {
    const released = releasedAddress(bytes)
    if (released !== null) {
      // Of several phones' addresses on the interface, the system would choose any.
      sendRelease(bytes, released, { server: to, port: this.#config.dhcpPort }, this.#onFault)
      return
    }
    // Until the first lease the interface may have no route to anywhere else.
    const address = to === UNSPECIFIED ? LIMITED_BROADCAST : to
    this.#socket?.send(bytes, this.#config.dhcpPort, formatIpv4(address), (error) => {
      if (error !== null) this.#onFault(error)
    })
  }

  takeAddress(address: Ipv4, mask: Ipv4): void {
    this.#ip('address', 'replace', `${formatIpv4(address)}/32`)
    this.#addresses.add(address)
    const subnet = `${formatIpv4((address & mask) as Ipv4)}/${prefixLengthOf(mask)}`
    if (this.#subnets.has(subnet)) return
    this.#subnets.add(subnet)
    // Of the operator's own route there may be one already.
    this.#ip('route', 'append', subnet)
  }

  dropAddress(address: Ipv4): void {
    this.#ip('address', 'delete', `${formatIpv4(address)}/32`)
    this.#addresses.delete(address)
    // With its last address the system takes an interface's routes.
    if (this.#addresses.size === 0) this.#subnets.clear()
  }

  close(): void {
    this.#socket?.close()
    this.#socket = null
  }

  /** Waits for the command, because the next thing a phone does is to bind a socket to the address. */
  #ip(what: 'address' | 'route', verb: string, prefix: string): void {
    try {
      execFileSync('ip', [what, verb, prefix, 'dev', this.#config.interfaceName], {
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: 5_000,
      })
    } catch (error) {
      this.#onFault(new Error(`ip ${what} ${verb} ${prefix} has failed`, { cause: error }))
    }
  }
}

/** Leading ones; a mask with a hole in it counts up to the hole. */
function prefixLengthOf(mask: Ipv4): number {
  return Math.clz32(~mask)
}
