import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import { codeOf } from '../../services/error-code.ts'
import { type Libc, type LoadedLibc, loadLibc } from './native/libc.ts'
import {
  AddressFamily,
  internetAddress,
  optionNumber,
  optionText,
  SocketType,
} from './native/socket-address.ts'
import { SocketError } from './socket-error.ts'

/** What a UDP socket is to be. */
export type UdpSocketSettings = {
  /** 0.0.0.0 hears broadcasts, an address of ours does not. */
  readonly address: Ipv4
  /** 0: a free one, for tests. */
  readonly port: number
  /** Hears and sends on this interface alone; null: on all. */
  readonly interfaceName: string | null
  readonly broadcast: boolean
  /** Wanted receive buffer, in bytes; the system may grant less without the right to more. */
  readonly bufferBytes: number
  /**
   * Another socket of this process has the same port. Not to be set lightly: it also lets a socket
   * of another program in, unnoticed.
   */
  readonly sharesPort: boolean
}

/** Socket options of Linux at the level of sockets. */
const SO_REUSEADDR = 2
const SO_BROADCAST = 6
const SO_SNDBUF = 7
const SO_RCVBUF = 8
const SO_BINDTODEVICE = 25
const SO_SNDBUFFORCE = 32
const SO_RCVBUFFORCE = 33

/**
 * Opens and binds a UDP socket.
 *
 * Where the C library can be called, the socket is made by it and handed to Node: Node alone can
 * neither bind to an interface nor go beyond `net.core.rmem_max`. Otherwise a plain socket serves
 * everything but a single interface.
 *
 * @throws {@link SocketError} that says what was found and what to do.
 */
export async function openUdpSocket(
  settings: UdpSocketSettings,
  loaded?: LoadedLibc,
): Promise<Socket> {
  const native = loaded ?? (await loadLibc())
  if (native.kind === 'missing' && settings.interfaceName !== null) {
    throw SocketError.noInterfaces(settings.interfaceName, native.reason)
  }
  try {
    return native.kind === 'ok' ? openNative(native.libc, settings) : await openPlain(settings)
  } catch (error) {
    throw SocketError.ofBind(settings, codeOf(error), error)
  }
}

function openNative(libc: Libc, settings: UdpSocketSettings): Socket {
  // A bound descriptor is taken over at once: nothing to wait for, and Node's to close from here.
  return newSocket(settings.sharesPort).bind({ fd: openDescriptor(libc, settings) })
}

/**
 * Makes and binds a UDP socket by the C library; the descriptor is the caller's to close.
 *
 * @throws `SystemCallError`, with nothing left open.
 */
export function openDescriptor(libc: Libc, settings: UdpSocketSettings): number {
  const descriptor = libc.socket(AddressFamily.inet, SocketType.datagram, 0)
  try {
    const { interfaceName, address, port, sharesPort } = settings
    if (sharesPort) libc.setsockopt(descriptor, SO_REUSEADDR, optionNumber(1))
    if (interfaceName !== null) {
      libc.setsockopt(descriptor, SO_BINDTODEVICE, optionText(interfaceName))
    }
    if (settings.broadcast) libc.setsockopt(descriptor, SO_BROADCAST, optionNumber(1))
    enlarge(libc, descriptor, { forced: SO_RCVBUFFORCE, polite: SO_RCVBUF }, settings.bufferBytes)
    libc.bind(descriptor, internetAddress(address, port))
    return descriptor
  } catch (error) {
    libc.close(descriptor)
    throw error
  }
}

/** Room for as many bytes that wait to leave, or what the system grants. */
export function enlargeSendBuffer(libc: Libc, descriptor: number, bytes: number): void {
  enlarge(libc, descriptor, { forced: SO_SNDBUFFORCE, polite: SO_SNDBUF }, bytes)
}

async function openPlain(settings: UdpSocketSettings): Promise<Socket> {
  const socket = newSocket(settings.sharesPort)
  try {
    // Asked for first: with an address that is a number already, binding may be done at once.
    const listening = once(socket, 'listening')
    socket.bind(settings.port, formatIpv4(settings.address))
    await listening
    socket.setBroadcast(settings.broadcast)
  } catch (error) {
    socket.close()
    throw error
  }
  try {
    socket.setRecvBufferSize(settings.bufferBytes)
  } catch {
    // The system's own size has to do: a smaller buffer loses packets in a storm and nothing else.
  }
  return socket
}

/** Beyond the system's limit if we may, up to it otherwise. */
function enlarge(
  libc: Libc,
  descriptor: number,
  option: { readonly forced: number; readonly polite: number },
  bytes: number,
): void {
  try {
    libc.setsockopt(descriptor, option.forced, optionNumber(bytes))
  } catch {
    // Without CAP_NET_ADMIN. The system cuts the plain option to net.core.rmem_max by itself.
    libc.setsockopt(descriptor, option.polite, optionNumber(bytes))
  }
}

/** A socket of Node's that is sent to by address alone: nothing is looked up, no send is put off. */
export function newSocket(reuseAddr = false): Socket {
  return createSocket({ type: 'udp4', reuseAddr, lookup: alreadyKnown })
}

function alreadyKnown(
  address: string,
  _options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void {
  callback(null, address, 4)
}
