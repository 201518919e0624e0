import type { Arrival, DhcpEffect, ReplyDestination } from '../../dhcp/effect.ts'
import type { DhcpEvent } from '../../dhcp/events.ts'
import type { LeaseChange } from '../../leases/binding.ts'
import { type Ipv4, LIMITED_BROADCAST } from '../../net/ipv4.ts'
import { DeadlineTimer } from '../../services/deadline-timer.ts'
import { codeOf } from '../../services/error-code.ts'
import { decodeMessage } from '../../wire/dhcp/decode-message.ts'
import type { DhcpMessage } from '../../wire/dhcp/message.ts'
import type { FrameEnd } from '../../wire/frame/udp-frame.ts'
import { WireError } from '../../wire/wire-error.ts'
import { startNodeTimer } from '../clock/node-timer.ts'
import { type AddressProber, blindProber, WireProber } from './address-prober.ts'
import { findCapabilities } from './capabilities.ts'
import { chooseSockets } from './choose-sockets.ts'
import { ClientPortListener } from './client-port-listener.ts'
import { DhcpEffectRunner, type ProbeEffect, type SendEffect } from './dhcp-effect-runner.ts'
import {
  type DhcpListenSettings,
  type DhcpSocketOwner,
  DhcpSockets,
  MAX_MESSAGE_BYTES,
  type SocketFault,
} from './dhcp-sockets.ts'
import { type FrameSender, openFrameSender } from './frame-sender.ts'
import { type Libc, type LoadedLibc, loadLibc } from './native/libc.ts'
import type { ReceivedDatagram, UdpSocket, UdpSockets } from './udp-socket.ts'

/** The engine behind the sockets; each method returns what is to be done, in order. */
export interface DhcpEngine {
  handle(message: DhcpMessage, arrival: Arrival, nowMs: number): readonly DhcpEffect[]
  onProbeResult(
    address: Ipv4,
    interfaceName: string | null,
    inUse: boolean | null,
    nowMs: number,
  ): readonly DhcpEffect[]
  onWake(nowMs: number): readonly DhcpEffect[]
}

/** Why a datagram was dropped before the engine saw it. */
export type DroppedDatagram =
  | { readonly reason: 'malformed'; readonly error: WireError }
  /** Too many messages wait for the disk. */
  | { readonly reason: 'queue-full' }

/** Whom the endpoint tells, and where bindings are kept. */
export type DhcpEndpointPorts = {
  /** Resolves when every change is on disk; `LeaseStore.commit`. */
  readonly commit: (changes: readonly LeaseChange[]) => Promise<void>
  readonly onEvent: (event: DhcpEvent) => void
  /** Counted by reason, and by `error.code`; a line in the log at most for debugging. */
  readonly onDropped: (dropped: DroppedDatagram, arrival: Arrival) => void
  /** A reply did not leave: `ENETUNREACH`, `EPERM`, `NO_SOCKET` and the like. */
  readonly onSendFailed: (code: string, interfaceName: string | null) => void
  /** Once for each failed commit; `lost` messages stay without an answer. */
  readonly onCommitFailed: (error: unknown, lost: number) => void
  /** A socket failed to receive; the server goes on. */
  readonly onFault: (error: unknown) => void
  /** Sees every message that was understood, and every reply that leaves. */
  readonly watcher?: DhcpWatcher
  /** The network whose changes are stored elsewhere; null, or left out: on this machine. */
  readonly laneOf?: (changes: readonly LeaseChange[]) => string | null
  /** Changes of such a network wait for their turn; needed where `laneOf` is given. */
  readonly onWaiting?: (changes: readonly LeaseChange[]) => void
  /** Whether they are stored so far away that several commits should be under way at once. */
  readonly isStoreFar?: () => boolean
  /** Milliseconds since the epoch. */
  readonly clockMs: () => number
}

/** Looks on as messages travel; what it is given are views, valid during the call. */
export interface DhcpWatcher {
  onReceived(bytes: Uint8Array, arrival: Arrival): void
  onSent(bytes: Uint8Array, destination: ReplyDestination): void
}

/** The C library, and sockets, in place of those of the system. */
export type GivenSockets = { readonly loaded?: LoadedLibc; readonly sockets?: UdpSockets }

/** Datagrams of one interface, or with null of relay agents. */
export type DhcpTraffic = {
  readonly interfaceName: string | null
  received: number
  dropped: number
  /** Replies handed to the system; those that it then refused are also failures. */
  sent: number
  sendFailures: number
}

/** How often interfaces that were made again are looked for. */
const FOLLOW_MS = 3000

/**
 * Times to wake the engine are rounded up to this, so that there are never more of them waiting than
 * steps up to the furthest.
 */
const WAKE_STEP_MS = 20

/**
 * The DHCP server's contact with the world: receives, decodes, asks the engine, and carries out
 * what it answers. It decides nothing.
 */
export class DhcpEndpoint {
  readonly #engine: DhcpEngine
  readonly #ports: DhcpEndpointPorts
  readonly #runner: DhcpEffectRunner
  readonly #wakes: DeadlineTimer
  readonly #traffic = new Map<string | null, DhcpTraffic>()
  #sockets: DhcpSockets | undefined
  #frames: FrameSender | undefined
  #prober: AddressProber = blindProber
  #replies: ClientPortListener | undefined
  #follow: NodeJS.Timeout | undefined
  #isClosing = false

  constructor(engine: DhcpEngine, ports: DhcpEndpointPorts) {
    this.#engine = engine
    this.#ports = ports
    this.#wakes = new DeadlineTimer(
      { nowMs: ports.clockMs, startTimer: startNodeTimer, stepMs: WAKE_STEP_MS },
      (nowMs) => this.run(engine.onWake(nowMs)),
    )
    this.#runner = new DhcpEffectRunner({
      commit: ports.commit,
      send: (effect) => this.#send(effect),
      probe: (effect) => this.#probe(effect),
      wakeAt: (atMs) => this.#wakes.wakeAt(atMs),
      onEvent: ports.onEvent,
      onGroupDone: () => this.#sockets?.flush(),
      onCommitFailed: ports.onCommitFailed,
      onWaiting: ports.onWaiting ?? (() => {}),
      isStoreFar: ports.isStoreFar ?? (() => false),
      ...(ports.laneOf === undefined ? {} : { laneOf: ports.laneOf, nowMs: ports.clockMs }),
    })
  }

  /**
   * Binds all sockets, then wakes the engine for the first time; clients are served from then on.
   *
   * @returns The port, and what this process may not do, in sentences to be shown once.
   * @throws `SocketError` that says what was found and what to do, with everything closed again.
   */
  async open(
    settings: DhcpListenSettings,
    given: GivenSockets = {},
  ): Promise<{ readonly port: number; readonly missing: readonly string[] }> {
    const native = given.loaded ?? (await loadLibc())
    const { rawFrames, sentences } = findCapabilities(native)
    const sockets = given.sockets ?? (await this.#chooseSockets(native))
    const ways = { loaded: native, sockets }
    this.#sockets = await DhcpSockets.open(settings, ways, {
      onDatagram: (datagram, owner) => this.#onDatagram(datagram, owner),
      onSendFailed: (code, interfaceName) => this.#sendFailed(code, interfaceName),
      onFault: this.#ports.onFault,
    })
    if (rawFrames && native.kind === 'ok') this.#openRaw(native.libc, settings)
    this.#follow = setInterval(() => this.#followInterfaces(), FOLLOW_MS)
    this.run(this.#engine.onWake(this.#ports.clockMs()))
    return { port: this.#sockets.port, missing: sentences }
  }

  /** Carries out effects that the engine returned outside of a datagram, such as by new scopes. */
  run(effects: readonly DhcpEffect[]): void {
    this.#runner.run(effects)
    this.#sockets?.flush()
  }

  /** Whether as many messages of the network wait for a store elsewhere as may. */
  isLaneFull(network: string): boolean {
    return this.#runner.isLaneFull(network)
  }

  /** Resolves when nothing of the network waits for a store elsewhere any more. */
  laneIdle(network: string): Promise<void> {
    return this.#runner.laneIdle(network)
  }

  /** Counters since the start, by interface. */
  traffic(): readonly Readonly<DhcpTraffic>[] {
    return [...this.#traffic.values()]
  }

  /** Which sockets are not there now. */
  faults(): readonly SocketFault[] {
    return this.#sockets?.faults() ?? [{ where: 'DHCP', message: 'no DHCP socket is open' }]
  }

  /** Hears nothing more, sends what waits for the disk, then closes everything. */
  async close(): Promise<void> {
    this.#isClosing = true
    clearInterval(this.#follow)
    this.#wakes.clear()
    this.#prober.close()
    this.#replies?.close()
    await this.#runner.idle()
    this.#wakes.clear()
    this.#sockets?.close()
    this.#frames?.close()
    // Closing twice must not close a descriptor that is in use elsewhere by then.
    this.#frames = undefined
  }

  async #chooseSockets(native: LoadedLibc): Promise<UdpSockets> {
    const { onFault } = this.#ports
    const needs = { choice: 'auto', maxDatagramBytes: MAX_MESSAGE_BYTES, onFault } as const
    return (await chooseSockets(needs, native)).sockets
  }

  #followInterfaces(): void {
    this.#replies?.follow()
    this.#sockets?.followInterfaces().catch(this.#ports.onFault)
  }

  #openRaw(libc: Libc, { interfaces }: DhcpListenSettings): void {
    try {
      this.#frames = openFrameSender(libc)
      this.#prober = new WireProber(libc)
      this.#replies = new ClientPortListener(libc, interfaces, {
        onReply: (message, arrival) =>
          this.run(this.#engine.handle(message, arrival, this.#ports.clockMs())),
        onFault: this.#ports.onFault,
      })
      this.#replies.follow()
    } catch (error) {
      // The right was there a moment ago: serve without it.
      this.#ports.onFault(error)
    }
  }

  #onDatagram(datagram: ReceivedDatagram, owner: DhcpSocketOwner): void {
    if (this.#isClosing) return
    const { interfaceName, localAddress } = owner
    const { client: sourceAddress, clientPort: sourcePort } = datagram
    const arrival = { interfaceName, localAddress, sourceAddress, sourcePort }
    this.#trafficOn(interfaceName).received++
    if (this.#runner.isFull) {
      this.#drop({ reason: 'queue-full' }, arrival)
      return
    }
    const message = this.#decode(datagram, arrival)
    if (message === undefined) return
    this.#ports.watcher?.onReceived(datagram.bytes.subarray(0, datagram.length), arrival)
    this.#runner.run(this.#engine.handle(message, arrival, this.#ports.clockMs()))
  }

  #decode({ bytes, length }: ReceivedDatagram, arrival: Arrival): DhcpMessage | undefined {
    try {
      if (length >= MAX_MESSAGE_BYTES) {
        throw new WireError('TOO_LONG', MAX_MESSAGE_BYTES, `${MAX_MESSAGE_BYTES} bytes or more`)
      }
      return decodeMessage(bytes.subarray(0, length))
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      this.#drop({ reason: 'malformed', error }, arrival)
      return undefined
    }
  }

  #drop(dropped: DroppedDatagram, arrival: Arrival): void {
    this.#trafficOn(arrival.interfaceName).dropped++
    this.#ports.onDropped(dropped, arrival)
  }

  #send({ bytes, destination }: SendEffect): void {
    const { interfaceName, localAddress, address, port, hardwareAddress } = destination
    const socket = this.#sockets?.of(destination)
    // Port 0 is what a forged relay agent's message can ask for (RFC 8357): Node would throw.
    if (socket === undefined || port === 0) {
      this.#sendFailed(socket === undefined ? 'NO_SOCKET' : 'EINVAL', interfaceName)
      return
    }
    if (hardwareAddress === null || interfaceName === null) {
      this.#sendDatagram(socket, bytes, destination)
      return
    }
    const to = { hardwareAddress, address, port }
    if (this.#sendFrame(interfaceName, localAddress, to, bytes)) {
      this.#ports.watcher?.onSent(bytes, destination)
      return
    }
    // RFC 2131 section 4.1: by broadcast where unicast to the hardware address cannot be had.
    this.#sendDatagram(socket, bytes, { ...destination, address: LIMITED_BROADCAST })
  }

  /** Whether the frame has left. */
  #sendFrame(interfaceName: string, address: Ipv4, to: FrameEnd, bytes: Uint8Array): boolean {
    if (this.#frames === undefined || this.#sockets === undefined) return false
    try {
      this.#frames.send(interfaceName, { address, port: this.#sockets.port }, to, bytes)
      this.#trafficOn(interfaceName).sent++
      return true
    } catch (error) {
      this.#sendFailed(codeOf(error), interfaceName)
      return false
    }
  }

  #sendDatagram(
    socket: UdpSocket,
    bytes: Uint8Array,
    destination: SendEffect['destination'],
  ): void {
    const { address, port, interfaceName } = destination
    this.#trafficOn(interfaceName).sent++
    socket.sendPacket({ bytes, client: address, clientPort: port })
    this.#ports.watcher?.onSent(bytes, destination)
  }

  #sendFailed(code: string, interfaceName: string | null): void {
    this.#trafficOn(interfaceName).sendFailures++
    this.#ports.onSendFailed(code, interfaceName)
  }

  #probe({ address, interfaceName, waitMs }: ProbeEffect): void {
    this.#prober.probe(address, interfaceName, waitMs).then((inUse) => {
      if (this.#isClosing) return
      this.run(this.#engine.onProbeResult(address, interfaceName, inUse, this.#ports.clockMs()))
    }, this.#ports.onFault)
  }

  #trafficOn(interfaceName: string | null): DhcpTraffic {
    const known = this.#traffic.get(interfaceName)
    if (known !== undefined) return known
    const traffic = { interfaceName, received: 0, dropped: 0, sent: 0, sendFailures: 0 }
    this.#traffic.set(interfaceName, traffic)
    return traffic
  }
}
