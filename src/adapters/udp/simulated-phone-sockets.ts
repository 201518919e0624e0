import type { Socket as UdpSocket } from 'node:dgram'
import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net'
import { formatIpv4, type Ipv4, parseIpv4 } from '../../net/ipv4.ts'
import type { SocketEffect, SocketNews } from '../../simulator/application/effect.ts'
import { newSocket } from './open-socket.ts'

/**
 * The sockets of a phone's application: SIP over UDP, connections to it and to its call manager, all with the phone's
 * address. A port that cannot be had (below 1024 without the right to it) is one on which the phone does not listen.
 */
export class SimulatedPhoneSockets {
  readonly #onNews: (news: SocketNews) => void
  #sip: UdpSocket | null = null
  /** Another port, from which SIP leaves. */
  #sipSender: UdpSocket | null = null
  readonly #servers = new Map<number, Server>()
  readonly #connections = new Map<number, Socket>()
  #lastCaller = 0

  constructor(onNews: (news: SocketNews) => void) {
    this.#onNews = onNews
  }

  /** @param address - The phone's. */
  perform(effect: SocketEffect, address: Ipv4): void {
    switch (effect.kind) {
      case 'sip-open':
        this.#openSip(formatIpv4(address), effect.port)
        break
      case 'sip-send':
        this.#sendSip(effect)
        break
      case 'sip-close':
        this.#closeSip()
        break
      case 'listen':
        this.#listen(formatIpv4(address), effect.port)
        break
      case 'stop-listening':
        this.#servers.get(effect.port)?.close()
        this.#servers.delete(effect.port)
        break
      case 'connect':
        this.#connect(effect, formatIpv4(address))
        break
      case 'write':
        this.#connections.get(effect.connection)?.write(effect.bytes)
        break
      case 'hang-up':
        this.#hangUp(effect.connection)
        break
      default:
        effect satisfies never
    }
  }

  closeAll(): void {
    this.#closeSip()
    for (const server of this.#servers.values()) server.close()
    this.#servers.clear()
    for (const socket of this.#connections.values()) socket.destroy()
    this.#connections.clear()
  }

  #openSip(address: string, port: number): void {
    this.#closeSip()
    this.#sip = this.#bindSip(address, port)
    this.#sipSender = this.#bindSip(address, 0)
  }

  #bindSip(address: string, port: number): UdpSocket {
    const socket = newSocket()
    socket.on('error', () => {})
    socket.on('message', (bytes, from) => {
      const sender = parseIpv4(from.address)
      // What comes to the port that SIP left by is not heard: these phones listen on one alone.
      if (sender === undefined || socket !== this.#sip) return
      this.#onNews({ kind: 'datagram', bytes, from: sender, port: from.port })
    })
    socket.bind(port, address)
    return socket
  }

  #sendSip({ bytes, to, port, from }: SocketEffect & { kind: 'sip-send' }): void {
    const socket = from === 'own-port' ? this.#sip : this.#sipSender
    // Without a way there the datagram is lost, as it would be.
    socket?.send(bytes, port, formatIpv4(to), () => {})
  }

  #closeSip(): void {
    this.#sip?.close()
    this.#sipSender?.close()
    this.#sip = null
    this.#sipSender = null
  }

  #listen(address: string, port: number): void {
    const server = createServer((socket) => {
      const connection = --this.#lastCaller
      this.#follow(connection, socket)
      this.#onNews({ kind: 'called', connection, port })
    })
    server.on('error', () => {})
    server.listen(port, address)
    this.#servers.set(port, server)
  }

  #connect({ connection, to, port }: SocketEffect & { kind: 'connect' }, localAddress: string) {
    const socket = connectTcp({ host: formatIpv4(to), port, localAddress })
    this.#follow(connection, socket)
    socket.on('connect', () => this.#onNews({ kind: 'connected', connection }))
  }

  #follow(connection: number, socket: Socket): void {
    this.#connections.set(connection, socket)
    socket.setNoDelay(true)
    const isOpen = () => this.#connections.get(connection) === socket
    socket.on('data', (bytes) => {
      if (isOpen()) this.#onNews({ kind: 'bytes', connection, bytes })
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      if (!isOpen()) return
      this.#connections.delete(connection)
      this.#onNews({ kind: 'hung-up', connection })
    })
  }

  /** What was written before leaves before the end does. */
  #hangUp(connection: number): void {
    const socket = this.#connections.get(connection)
    this.#connections.delete(connection)
    socket?.end()
    socket?.on('end', () => socket.destroy())
    // A peer that keeps its end open does not keep ours.
    socket?.setTimeout(HANG_UP_MS, () => socket.destroy())
  }
}

/** After this a connection that was hung up is gone, whatever the other end does. */
const HANG_UP_MS = 2_000
