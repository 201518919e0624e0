import type { Socket } from 'node:dgram'
import { formatIpv4, type Ipv4, UNSPECIFIED } from '../../net/ipv4.ts'
import type { SocketNews } from '../../simulator/application/effect.ts'
import type { PhoneEffect } from '../../simulator/effect.ts'
import type { PhoneEvent } from '../../simulator/events.ts'
import type { PhoneEngine } from '../../simulator/phone-engine.ts'
import { newSocket } from './open-socket.ts'
import type { SimulatedPhoneLink } from './simulated-phone-link.ts'
import { SimulatedPhoneSockets } from './simulated-phone-sockets.ts'

/** What a running phone needs of its host. */
export type RunnerPorts = {
  readonly link: SimulatedPhoneLink
  readonly tftpPort: number
  readonly onEvent: (event: PhoneEvent) => void
  readonly onFault: (fault: Error) => void
}

type TransferRequest = Extract<PhoneEffect, { kind: 'tftp-open' }>

/** A transfer's socket, and the only address that it listens to. */
type Transfer = {
  readonly socket: Socket
  readonly server: string
  /** Null: whichever was free. */
  readonly port: number | null
}

/** Node's longest timer; a later wake is looked at again then. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

/**
 * One simulated phone on real sockets: does what the phone's effects say, and brings it datagrams
 * and the time. Each transfer has a socket of its own, so every file is asked for from another port
 * unless the phone says from which.
 */
export class SimulatedPhoneRunner {
  readonly #phone: PhoneEngine
  readonly #ports: RunnerPorts
  readonly #transfers = new Map<number, Transfer>()
  #address: { readonly address: Ipv4 } | null = null
  #lastAddress: Ipv4 = UNSPECIFIED
  #timer: NodeJS.Timeout | undefined
  readonly #sockets: SimulatedPhoneSockets

  constructor(phone: PhoneEngine, ports: RunnerPorts) {
    this.#phone = phone
    this.#ports = ports
    this.#sockets = new SimulatedPhoneSockets((news) => this.#onSocket(news))
  }

  get hasOwnPower(): boolean {
    return this.#phone.hasOwnPower
  }

  powerOn(): void {
    this.#perform(this.#phone.powerOn(now()))
  }

  reset(): void {
    this.#perform(this.#phone.reset(now()))
  }

  factoryReset(): void {
    this.#perform(this.#phone.factoryReset(now()))
  }

  checkSync(): void {
    this.#perform(this.#phone.checkSync(now()))
  }

  /** Takes the power away: closes every socket and gives the address back to the system. */
  powerOff(): void {
    this.#perform(this.#phone.powerOff())
    clearTimeout(this.#timer)
    this.#sockets.closeAll()
    this.#ports.link.unplug(this.#phone.mac)
  }

  #onSocket(news: SocketNews): void {
    this.#perform(this.#phone.onSocket(news, now()))
  }

  onDhcp(bytes: Uint8Array): void {
    this.#perform(this.#phone.onDhcp(bytes, now()))
  }

  #perform(effects: readonly PhoneEffect[]): void {
    const events: PhoneEvent[] = []
    for (const effect of effects) {
      if (effect.kind === 'event') events.push(effect.event)
      else this.#performOne(effect)
    }
    // Reported when all is done, so that a listener may pull the plug at once.
    for (const event of events) this.#ports.onEvent(event)
  }

  #performOne(effect: Exclude<PhoneEffect, { kind: 'event' }>): void {
    switch (effect.kind) {
      case 'dhcp-send':
        this.#ports.link.send(this.#phone.mac, effect.bytes, effect.to)
        break
      case 'tftp-open':
        this.#openTransfer(effect)
        break
      case 'tftp-send':
        this.#send(effect.transferId, effect.bytes, effect.port ?? this.#ports.tftpPort)
        break
      case 'tftp-close':
        this.#transfers.get(effect.transferId)?.socket.close()
        this.#transfers.delete(effect.transferId)
        break
      case 'configure-address':
        this.#address = { address: effect.address }
        this.#ports.link.takeAddress(this.#phone.mac, effect)
        break
      case 'drop-address':
        if (this.#address !== null) {
          this.#ports.link.dropAddress(this.#phone.mac, this.#address.address)
        }
        this.#address = null
        break
      case 'socket':
        if (this.#address !== null) this.#lastAddress = this.#address.address
        this.#sockets.perform(effect.effect, this.#lastAddress)
        break
      case 'wake':
        this.#wakeAt(effect.atMs)
        break
      default:
        effect satisfies never
    }
  }

  #openTransfer({ transferId, port, ...effect }: TransferRequest): void {
    const server = formatIpv4(effect.server)
    if (port !== null) this.#freePort(port)
    const socket = newSocket()
    socket.on('error', this.#ports.onFault)
    socket.on('message', (bytes, from) => {
      if (from.address !== server) return
      this.#perform(this.#phone.onTftp(transferId, bytes, from.port, now()))
    })
    // Node keeps what is sent until the socket is bound.
    socket.bind(port ?? 0, this.#address === null ? undefined : formatIpv4(this.#address.address))
    this.#transfers.set(transferId, { socket, server, port })
  }

  /** A transfer that is over waits for a while whether its last ACK was lost; the next one ends that. */
  #freePort(port: number): void {
    for (const [transferId, transfer] of this.#transfers) {
      if (transfer.port !== port) continue
      transfer.socket.close()
      this.#transfers.delete(transferId)
    }
  }

  #send(transferId: number, bytes: Uint8Array, port: number): void {
    const transfer = this.#transfers.get(transferId)
    transfer?.socket.send(bytes, port, transfer.server)
  }

  #wakeAt(atMs: number | null): void {
    clearTimeout(this.#timer)
    if (atMs === null) return
    // A timer may ring a little early; rounding up makes a second ring the exception.
    const waitMs = Math.min(Math.max(Math.ceil(atMs - now()), 0), LONGEST_WAIT_MS)
    this.#timer = setTimeout(() => this.#perform(this.#phone.onWake(now())), waitMs)
  }
}

/** Milliseconds since 1970 that never step back. */
function now(): number {
  return performance.timeOrigin + performance.now()
}
