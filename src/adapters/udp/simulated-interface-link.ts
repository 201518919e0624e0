import type { Socket } from 'node:dgram'
import { formatIpv4, type Ipv4, LIMITED_BROADCAST, UNSPECIFIED } from '../../net/ipv4.ts'
import { type Mac, macToBytes } from '../../net/mac.ts'
import { Offset } from '../../wire/dhcp/layout.ts'
import { encodeUdpFrame } from '../../wire/frame/udp-frame.ts'
import { type Libc, loadLibc } from './native/libc.ts'
import { AddressFamily, packetAddress, SocketType } from './native/socket-address.ts'
import { newSocket, openDescriptor } from './open-socket.ts'
import { PrivateNetwork } from './private-network.ts'
import type { PhoneAddress, SimulatedPhoneLink } from './simulated-phone-link.ts'
import { SocketError } from './socket-error.ts'

/** Where phones are plugged in. */
export type InterfaceLinkConfig = {
  readonly interfaceName: string
  readonly dhcpPort: number
}

/** RFC 2131 section 4.1. */
const CLIENT_PORT = 68

const RECEIVE_BUFFER_BYTES = 1_048_576

/** Hears what is broadcast to all phones. */
const LISTENER = 'sim'

const ALONE = 'a phone with the hardware address of the interface itself must be the only one there'

const BROADCAST_MAC = new Uint8Array(6).fill(0xff)

type Plugged = {
  readonly device: string
  readonly index: number
  /** For what the phone says from its address, and what is said to it there. */
  dhcp: Socket | null
}

/**
 * Lets phones live on an Ethernet interface, each with its own hardware address: on a network device of its
 * own (macvlan) in a network of this process alone ({@link PrivateNetwork}), so that nothing of it is left
 * when the process ends, whatever ends it. A server sees frames of so many phones.
 *
 * Needs CAP_SYS_ADMIN, CAP_NET_ADMIN, CAP_NET_RAW and CAP_NET_BIND_SERVICE, and the `ip` and `nsenter`
 * commands. A phone without an address broadcasts frames from 0.0.0.0; with one it sends from it, as a
 * RELEASE must (RFC 2131 section 4.4.6).
 */
export class SimulatedInterfaceLink implements SimulatedPhoneLink {
  readonly #config: InterfaceLinkConfig
  readonly #plugged = new Map<Mac, Plugged>()
  #libc: Libc | null = null
  #network: PrivateNetwork | null = null
  #frames = -1
  #isAlone = false
  #socket: Socket | null = null
  #onReply: (bytes: Uint8Array) => void = () => {}
  #onFault: (fault: Error) => void = () => {}

  constructor(config: InterfaceLinkConfig) {
    this.#config = config
  }

  async open(onReply: (bytes: Uint8Array) => void, onFault: (fault: Error) => void): Promise<void> {
    const { interfaceName } = this.#config
    const loaded = await loadLibc()
    if (loaded.kind === 'missing') throw SocketError.noInterfaces(interfaceName, loaded.reason)
    this.#libc = loaded.libc
    try {
      this.#network = PrivateNetwork.enter(loaded.libc, interfaceName)
      this.#network.addDevice(LISTENER, null)
    } catch (error) {
      throw SocketError.ofPlugging(interfaceName, error)
    }
    this.#frames = loaded.libc.socket(AddressFamily.packet, SocketType.raw, 0)
    this.#onReply = onReply
    this.#onFault = onFault
    this.#socket = this.#openDhcp(loaded.libc, LISTENER, UNSPECIFIED)
  }

  send(mac: Mac, bytes: Uint8Array, to: Ipv4): void {
    try {
      const plugged = this.#plugIn(mac)
      const own = this.#isAlone ? this.#socket : plugged.dhcp
      if (to !== UNSPECIFIED && to !== LIMITED_BROADCAST && own !== null) {
        own.send(bytes, this.#config.dhcpPort, formatIpv4(to), (error) => {
          if (error !== null) this.#onFault(error)
        })
      } else {
        this.#broadcast(mac, plugged, bytes)
      }
    } catch (error) {
      this.#fail(`${mac} cannot send`, error)
    }
  }

  takeAddress(mac: Mac, place: PhoneAddress): void {
    const { address } = place
    try {
      const plugged = this.#plugIn(mac)
      this.#network?.addAddress(plugged.device, place)
      // Alone on its device, the socket that hears broadcasts hears everything.
      if (this.#isAlone) return
      plugged.dhcp?.close()
      plugged.dhcp = this.#openDhcp(this.#libc as Libc, plugged.device, address)
    } catch (error) {
      this.#fail(`${mac} cannot take ${formatIpv4(address)}`, error)
    }
  }

  dropAddress(mac: Mac, address: Ipv4): void {
    const plugged = this.#plugged.get(mac)
    if (plugged === undefined) return
    plugged.dhcp?.close()
    plugged.dhcp = null
    try {
      this.#network?.dropAddress(plugged.device, address)
    } catch (error) {
      this.#fail(`${mac} cannot drop ${formatIpv4(address)}`, error)
    }
  }

  unplug(mac: Mac): void {
    const plugged = this.#plugged.get(mac)
    if (plugged === undefined) return
    this.#plugged.delete(mac)
    plugged.dhcp?.close()
    // Its socket is the only one there is: it stays until the next phone comes.
    if (this.#isAlone) return
    try {
      this.#network?.removeDevice(plugged.device)
    } catch (error) {
      this.#fail(`${mac} cannot be unplugged`, error)
    }
  }

  close(): void {
    this.#socket?.close()
    this.#socket = null
    if (this.#frames >= 0) this.#libc?.close(this.#frames)
    this.#frames = -1
    this.#network?.close()
    this.#network = null
  }

  #plugIn(mac: Mac): Plugged {
    const before = this.#plugged.get(mac)
    if (before !== undefined) return before
    const device = `p${mac}`
    if (mac === this.#network?.hardwareAddress) this.#plugInAlone(device)
    else if (this.#isAlone) throw new Error(ALONE)
    else this.#network?.addDevice(device, mac)
    const index = this.#libc?.interfaceIndex(device) ?? 0
    const plugged = { device, index, dhcp: null }
    this.#plugged.set(mac, plugged)
    return plugged
  }

  /** The phone goes by the hardware address of the interface, as no device beside another can. */
  #plugInAlone(device: string): void {
    if (this.#plugged.size > 0) throw new Error(ALONE)
    this.#socket?.close()
    this.#socket = null
    this.#network?.removeDevice(this.#isAlone ? device : LISTENER)
    this.#network?.addDevice(device, 'passthru')
    this.#isAlone = true
    this.#socket = this.#openDhcp(this.#libc as Libc, device, UNSPECIFIED)
  }

  #broadcast(mac: Mac, { index }: Plugged, bytes: Uint8Array): void {
    const address = ciaddrOf(bytes)
    const from = { address, port: CLIENT_PORT, hardwareAddress: macToBytes(mac) }
    const to = {
      address: LIMITED_BROADCAST,
      port: this.#config.dhcpPort,
      hardwareAddress: BROADCAST_MAC,
    }
    const link = packetAddress(index, 0, BROADCAST_MAC)
    this.#libc?.sendto(this.#frames, encodeUdpFrame(from, to, bytes), link)
  }

  #openDhcp(libc: Libc, interfaceName: string, address: Ipv4): Socket {
    const fd = openDescriptor(libc, {
      address,
      port: CLIENT_PORT,
      interfaceName,
      broadcast: false,
      bufferBytes: RECEIVE_BUFFER_BYTES,
      sharesPort: false,
    })
    return newSocket().bind({ fd }).on('error', this.#onFault).on('message', this.#onReply)
  }

  #fail(what: string, cause: unknown): void {
    this.#onFault(
      new Error(`${what}: ${cause instanceof Error ? cause.message : cause}`, { cause }),
    )
  }
}

/** 0.0.0.0 until the phone has an address (RFC 2131 table 5). */
function ciaddrOf(bytes: Uint8Array): Ipv4 {
  const at = Offset.ciaddr
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at) as Ipv4
}
