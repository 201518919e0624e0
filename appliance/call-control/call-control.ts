import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { SccpEndpoint } from '../../src/adapters/tcp/sccp-endpoint.ts'
import type { OptionsSocket } from '../../src/adapters/udp/options-client.ts'
import { SipEndpoint } from '../../src/adapters/udp/sip-endpoint.ts'
import type { Callers } from '../../src/call-control/callers.ts'
import type { RegistrationEffect, SccpEffect, SipEffect } from '../../src/call-control/effect.ts'
import type { Registration } from '../../src/call-control/registration.ts'
import type { RegistrationTable } from '../../src/call-control/registration-table.ts'
import { type ResetOrder, SccpCallManager } from '../../src/call-control/sccp/call-manager.ts'
import type { SipDatagram } from '../../src/call-control/sip/datagram.ts'
import type { NotifyOrder } from '../../src/call-control/sip/notify-client.ts'
import type { NotifyTarget } from '../../src/call-control/sip/notify-transaction.ts'
import { SipRegistrar } from '../../src/call-control/sip/sip-registrar.ts'
import { formatIpv4, type Ipv4 } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import type { Finding } from '../../src/services/readiness.ts'
import type { RegistrationKeeper } from '../../src/services/registrations/registration-keeper.ts'
import type { RestartNews } from '../../src/services/restarts/call-control-methods.ts'
import type { NetworkSettings, Settings } from '../../src/settings/settings.ts'

/** What call control needs. */
export type CallControlParts = {
  readonly ports: NonNullable<Settings['callControl']>
  readonly table: RegistrationTable
  readonly callers: Callers
  readonly keeper: RegistrationKeeper
  readonly log: Logger
  readonly onFault: (fault: unknown) => void
  readonly nowMs: () => number
  /** Is told what becomes of restarts; left out: none is ordered. */
  readonly onRestartNews?: (news: RestartNews) => void
}

/** Repetitions of a NOTIFY begin half a second apart: this is fine enough. */
const TICK_MS = 250
/** Sessions and registrations are looked through this often. */
const TICKS_PER_LOOK = 4
/** What was left out of the log is told of this often. */
const TICKS_PER_REPORT = 40

/** The registrar and the call manager on their sockets. */
export class CallControl {
  readonly #parts: CallControlParts
  readonly #registrar: SipRegistrar
  readonly #manager: SccpCallManager
  readonly #sip: SipEndpoint
  readonly #sccp: SccpEndpoint
  /** Addresses that are to be listened to, and what went wrong there. */
  readonly #faults = new Map<string, string>()
  #addresses: readonly Ipv4[] = []
  /** Those who wait for an answer of a phone; true: it was for them. */
  readonly #taps = new Set<(datagram: SipDatagram) => boolean>()
  #timer: NodeJS.Timeout | undefined
  #ticks = 0

  constructor(parts: CallControlParts) {
    this.#parts = parts
    const { table, callers, nowMs, onFault } = parts
    this.#registrar = new SipRegistrar(callers, table, randomBytes(32))
    this.#manager = new SccpCallManager(callers, table)
    this.#sip = new SipEndpoint({
      onDatagram: (datagram) =>
        [...this.#taps].some((tap) => tap(datagram))
          ? []
          : this.#registrar.onDatagram(datagram, nowMs()),
      onEffects: (effects) => this.#keep(effects, 'sip'),
      onFault,
    })
    this.#sccp = new SccpEndpoint({
      onConnect: (connection) => this.#manager.onConnect(connection, nowMs()),
      onBytes: (session, bytes) => this.#manager.onBytes(session, bytes, nowMs()),
      onClose: (session) => this.#manager.onClose(session, nowMs()),
      onEffects: (effects) => this.#keep(effects, 'sccp'),
      onFault,
    })
  }

  /**
   * Opens the sockets of networks with call control and begins to look at the time.
   *
   * @throws What a socket says, with the others left open: the caller closes.
   */
  async open(networks: readonly NetworkSettings[]): Promise<void> {
    this.#timer = setInterval(() => this.#onTick(), TICK_MS)
    this.#timer.unref()
    this.#addresses = addressesOf(networks)
    for (const address of this.#addresses) await this.#openAt(address)
  }

  /** Networks were edited: sockets follow. What cannot be opened is told, and `/readyz` says so. */
  async replaceNetworks(networks: readonly NetworkSettings[]): Promise<void> {
    const wanted = addressesOf(networks)
    const before = this.#addresses
    this.#addresses = wanted
    for (const address of before.filter((one) => !wanted.includes(one))) {
      this.#sip.close(address)
      this.#sccp.close(address)
      this.#faults.delete(formatIpv4(address))
    }
    for (const address of wanted.filter((one) => !before.includes(one))) {
      await this.#openAt(address).catch((err: unknown) => {
        this.#faults.set(formatIpv4(address), String(err))
        this.#parts.log.warn({
          event: 'call-control.not.listening',
          address: formatIpv4(address),
          err,
        })
      })
    }
  }

  /** What is listened to. */
  get listeners() {
    return { sip: this.#sip.listeners, sccp: this.#sccp.listeners }
  }

  /** Our SIP socket at an address, for one question; null where none listens there. */
  sipSocket(local: Ipv4): OptionsSocket | null {
    const listener = this.listeners.sip.find(({ address }) => address === local)
    if (listener === undefined) return null
    let tap = (_datagram: SipDatagram): boolean => false
    return {
      port: listener.port,
      send: (bytes, client, clientPort) =>
        this.#sip.run([{ kind: 'send-datagram', bytes, local, client, clientPort }]),
      listen: (onDatagram) => {
        tap = (datagram) => datagram.local === local && onDatagram(datagram.bytes, datagram.client)
        this.#taps.add(tap)
      },
      close: () => void this.#taps.delete(tap),
    }
  }

  /** The registration of a phone, as it stands now. */
  registration(mac: Mac): Registration | undefined {
    return this.#parts.table.get(mac, this.#parts.nowMs())
  }

  /** Whether the SCCP session of a phone is open. */
  hasSession(mac: Mac): boolean {
    return this.#manager.hasSession(mac)
  }

  /** Whether a phone with SCCP registers again and again. */
  isLooping(mac: Mac): boolean {
    return this.#manager.isLoop(mac, this.#parts.nowMs())
  }

  /** Tells a phone with SCCP to restart. */
  reset(mac: Mac): ResetOrder {
    const order = this.#manager.reset(mac, this.#parts.nowMs())
    if (order.kind === 'ordered') this.#sccp.run(order.effects)
    return order
  }

  /** Asks a phone with SIP to look whether it is to restart. */
  notify(target: Omit<NotifyTarget, 'localPort'>): NotifyOrder | { readonly kind: 'off' } {
    const listener = this.listeners.sip.find(({ address }) => address === target.local)
    if (listener === undefined) return { kind: 'off' }
    const localPort = listener.port
    const order = this.#registrar.notify({ ...target, localPort }, this.#parts.nowMs())
    if (order.kind === 'begun') this.#sip.run(order.effects)
    return order
  }

  /** A phone is no longer enrolled. */
  forget(mac: Mac): void {
    this.#manager.forget(mac)
    this.#parts.keeper.run(this.#parts.table.forget(mac))
  }

  /** For `/readyz`. */
  readonly look = (): Finding => {
    const detail = `${this.#sip.listeners.length} SIP and ${this.#sccp.listeners.length} SCCP addresses listen, ${this.#manager.sessionCount} sessions`
    const problems = [...this.#faults].map(([address, message]) => ({
      where: address,
      message: `call control does not listen on ${address}: ${message}`,
    }))
    return { name: 'call-control', detail, problems }
  }

  /** Closes sockets. Phones are not told, and their registrations stand until they lapse. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#sip.closeAll()
    this.#sccp.closeAll()
    await this.#parts.keeper.close()
  }

  async #openAt(address: Ipv4): Promise<void> {
    const { sip, sccp } = this.#parts.ports
    if (sip !== undefined) await this.#sip.open(address, sip.port)
    if (sccp !== undefined) await this.#sccp.open(address, sccp.port)
  }

  #onTick(): void {
    const nowMs = this.#parts.nowMs()
    this.#sip.run(this.#registrar.onWake(nowMs))
    this.#ticks++
    if (this.#ticks % TICKS_PER_LOOK !== 0) return
    this.#sccp.run(this.#manager.onWake(nowMs))
    this.#parts.keeper.run(this.#parts.table.onWake(nowMs))
    if (this.#ticks % TICKS_PER_REPORT === 0) this.#parts.keeper.reportLeftOut(nowMs)
  }

  #keep(effects: readonly (SipEffect | SccpEffect)[], protocol: 'sip' | 'sccp'): void {
    const { keeper, log, nowMs, onRestartNews } = this.#parts
    for (const effect of effects) {
      switch (effect.kind) {
        case 'refused':
          keeper.refused(effect, protocol, nowMs())
          break
        case 'event':
        case 'store':
        case 'evidence':
          keeper.run([effect satisfies RegistrationEffect])
          break
        case 'alarm':
        case 'reset':
        case 'notify-ended': {
          const { kind, ...facts } = effect
          log.debug({ event: `phone.${kind}`, ...facts })
          onRestartNews?.(effect)
          break
        }
        case 'send':
        case 'close':
        case 'send-datagram':
          // Done by the endpoint.
          break
        default:
          effect satisfies never
      }
    }
  }
}

function addressesOf(networks: readonly NetworkSettings[]): readonly Ipv4[] {
  return [...new Set(networks.filter((one) => one.callControl).map(({ address }) => address))]
}
