import type { SccpEffect, SipEffect } from '../../src/call-control/effect.ts'
import { RegistrationTable } from '../../src/call-control/registration-table.ts'
import type { RestartEvent } from '../../src/call-control/restart/events.ts'
import type { RestartMethodName, SendOutcome } from '../../src/call-control/restart/method.ts'
import { PhoneTransfers } from '../../src/call-control/restart/phone-transfers.ts'
import type { RestartEffect } from '../../src/call-control/restart/restart-effect.ts'
import type { RestartFacts } from '../../src/call-control/restart/restart-facts.ts'
import { Restarts } from '../../src/call-control/restart/restarts.ts'
import { SccpCallManager } from '../../src/call-control/sccp/call-manager.ts'
import { SipRegistrar } from '../../src/call-control/sip/sip-registrar.ts'
import { AutoRestarts } from '../../src/conversion/auto-restart.ts'
import type { Conversion } from '../../src/conversion/conversion.ts'
import { RolloutEngine } from '../../src/conversion/rollout-engine.ts'
import type { DhcpEvent } from '../../src/dhcp/events.ts'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import type { SocketEffect } from '../../src/simulator/application/effect.ts'
import type { TftpEvent } from '../../src/tftp/events.ts'
import { ipOf } from './an-inventory.ts'
import { type BenchPhone, type BenchWatch, ConversionBench } from './conversion-bench.ts'

const OURS = ipOf('10.20.0.2')
const SCCP_PORT = 2000
const SIP_PORT = 5060
const LATENCY_MS = 0.2
/** How often sessions, NOTIFYs and restarts that are due are looked after. */
const TICK_MS = 500
/** A switch keeps a port off for so long. */
const OFF_MS = 5_000
const IMAGE = /\.(?:bin|sbn|sb2)$/

/** What can restart phones besides call control. */
export type HandsFreeOptions = { readonly poe: boolean }

/**
 * The bench of {@link ConversionBench} with call control and automatic restarts: phones register with the engines, and
 * nobody touches them. `restarts` is what the restart engine told.
 */
export class HandsFreeBench implements BenchWatch {
  readonly bench: ConversionBench
  readonly restarts: RestartEvent[] = []
  readonly registrations = new RegistrationTable()
  readonly rollouts: RolloutEngine
  readonly #options: HandsFreeOptions
  readonly #registrar: SipRegistrar
  readonly #manager: SccpCallManager
  readonly #restartEngine: Restarts
  readonly #auto: AutoRestarts
  readonly #transfers = new PhoneTransfers()
  readonly #lastSeenMs = new Map<Mac, number>()
  /** Sessions by their number here, and the other way round by phone and the number there. */
  readonly #sessions = new Map<number, { readonly phone: BenchPhone; readonly there: number }>()
  readonly #byPhone = new Map<string, number>()
  readonly #resets = new Map<Mac, number>()
  readonly #notifies = new Map<Mac, number>()
  readonly #listening = new Set<Mac>()
  #lastSession = 0

  private constructor(bench: ConversionBench, options: HandsFreeOptions) {
    this.bench = bench
    this.#options = options
    const callers = {
      serves: () => true,
      callerAt: (address: Ipv4) => {
        const mac = this.#macAt(address)
        return mac === undefined
          ? ({ kind: 'unknown' } as const)
          : ({ kind: 'phone', mac, sccpLoad: null } as const)
      },
    }
    this.#registrar = new SipRegistrar(callers, this.registrations, new Uint8Array(32))
    this.#manager = new SccpCallManager(callers, this.registrations)
    this.#restartEngine = new Restarts({
      facts: (mac) => this.#factsOf(mac),
      transfers: this.#transfers,
      speed: 1,
    })
    this.#auto = new AutoRestarts({
      time: { speed: 1 },
      order: (mac, nowMs) => this.#order(mac, nowMs),
      lastSeenMs: (mac) => this.#lastSeenMs.get(mac) ?? null,
      networkOf: (mac) => bench.inventory.phone(mac)?.network ?? null,
    })
    this.rollouts = new RolloutEngine({
      conversions: bench.engine,
      phone: (mac) => bench.inventory.phone(mac),
      // Its wake-ups come with every tick.
      emit: () => undefined,
    })
    bench.watch = this
    this.#tick()
  }

  /** `network` over the keys of its network. */
  static async open(
    loads: readonly string[],
    options: HandsFreeOptions,
    network: object = {},
  ): Promise<HandsFreeBench> {
    return new HandsFreeBench(await ConversionBench.open(loads, network), options)
  }

  /** Methods by which orders left, in order. */
  methodsSentTo(mac: Mac): readonly RestartMethodName[] {
    return this.restarts.flatMap((event) =>
      event.event === 'phone.restart.sent' && event.mac === mac ? [event.method] : [],
    )
  }

  onConversion(conversion: Conversion): void {
    this.#auto.onConversion(conversion, this.#nowMs)
    // When the call that changed it is over.
    this.#later(() => this.rollouts.onConversion(conversion.mac, this.#nowMs))
  }

  onDhcp(event: DhcpEvent): void {
    if (!('isBoot' in event) || !event.isBoot || event.mac === null) return
    this.#lastSeenMs.set(event.mac, this.#nowMs)
    this.#run(this.#restartEngine.onSeen(event.mac, { kind: 'dhcp-start' }, this.#nowMs))
  }

  onTftp(event: TftpEvent): void {
    if (!('client' in event) || !('name' in event)) return
    const mac = this.#macAt(event.client)
    if (mac === undefined) return
    this.#lastSeenMs.set(mac, this.#nowMs)
    if (event.event === 'tftp.transfer.started') {
      this.#transfers.onStarted(mac, `${event.clientTid}`, IMAGE.test(event.name))
    } else if (event.event === 'tftp.transfer.ended') {
      this.#transfers.onEnded(mac, `${event.clientTid}`, this.#nowMs)
    }
  }

  onSocket(phone: BenchPhone, effect: SocketEffect): void {
    switch (effect.kind) {
      case 'sip-send':
        if (effect.to === OURS) this.#onSip(phone, effect.bytes)
        break
      case 'connect':
        this.#onConnect(phone, effect)
        break
      case 'write':
        this.#onWrite(phone, effect)
        break
      case 'hang-up':
        this.#onHangUp(phone, effect.connection)
        break
      case 'listen':
        if (effect.port === 23) this.#listening.add(phone.mac)
        break
      case 'stop-listening':
        this.#listening.delete(phone.mac)
        break
      default:
    }
  }

  get #nowMs(): number {
    return this.bench.time.nowMs
  }

  #macAt(address: Ipv4): Mac | undefined {
    const mac = this.bench.leaseTable.clientAt(address, this.#nowMs)?.mac ?? undefined
    return mac !== undefined && this.bench.inventory.phone(mac) !== undefined ? mac : undefined
  }

  #later(act: () => void, ms = LATENCY_MS): void {
    this.bench.time.after(ms, act)
  }

  #tick(): void {
    const nowMs = this.#nowMs
    this.#callControl(this.#registrar.onWake(nowMs))
    this.#callControl(this.#manager.onWake(nowMs))
    this.#callControl(this.registrations.onWake(nowMs))
    this.#run(this.#restartEngine.onWake(nowMs))
    this.#auto.onWake(nowMs)
    this.rollouts.onWake(nowMs)
    this.#later(() => this.#tick(), TICK_MS)
  }

  #onSip(phone: BenchPhone, bytes: Uint8Array): void {
    const client = phone.phone.address
    if (client === null) return
    const datagram = { bytes, client, clientPort: 50_000, local: OURS }
    this.#later(() => this.#callControl(this.#registrar.onDatagram(datagram, this.#nowMs)))
  }

  #onConnect(phone: BenchPhone, effect: SocketEffect & { kind: 'connect' }): void {
    const { connection: there, to, port } = effect
    const client = phone.phone.address
    if (client === null || to !== OURS || port !== SCCP_PORT) {
      this.#later(() => this.bench.deliver(phone, { kind: 'hung-up', connection: there }))
      return
    }
    const session = ++this.#lastSession
    this.#sessions.set(session, { phone, there })
    this.#byPhone.set(`${phone.mac} ${there}`, session)
    this.#later(() => {
      const connection = { session, client, local: OURS, localPort: SCCP_PORT }
      this.#callControl(this.#manager.onConnect(connection, this.#nowMs))
      this.bench.deliver(phone, { kind: 'connected', connection: there })
    })
  }

  #onWrite(phone: BenchPhone, { connection, bytes }: SocketEffect & { kind: 'write' }): void {
    const session = this.#byPhone.get(`${phone.mac} ${connection}`)
    if (session === undefined) return
    this.#later(() => this.#callControl(this.#manager.onBytes(session, bytes, this.#nowMs)))
  }

  /** Without an address there is no power: the other end hears nothing of it. */
  #onHangUp(phone: BenchPhone, connection: number): void {
    const session = this.#byPhone.get(`${phone.mac} ${connection}`)
    this.#byPhone.delete(`${phone.mac} ${connection}`)
    if (session === undefined || phone.phone.address === null) return
    this.#later(() => this.#callControl(this.#manager.onClose(session, this.#nowMs)))
  }

  #callControl(effects: readonly (SipEffect | SccpEffect)[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send-datagram':
          this.#toSip(effect)
          break
        case 'send':
          this.#toSession(effect.session, effect.bytes)
          break
        case 'close':
          this.#closeSession(effect.session)
          break
        case 'evidence': {
          const { mac, kind: _kind, ...seen } = effect
          this.bench.tracking.onRegistration(mac, seen)
          break
        }
        case 'alarm':
          this.#onAlarm(effect.mac, effect.code)
          break
        case 'reset':
          this.#onSent(this.#resets, effect.mac, effect.outcome === 'sent' ? null : effect.outcome)
          break
        case 'notify-ended': {
          const { kind } = effect.outcome
          this.#onSent(this.#notifies, effect.mac, kind === 'accepted' ? null : kind)
          break
        }
        default:
      }
    }
  }

  #onAlarm(mac: Mac, code: number | null): void {
    if (code === null) return
    this.#run(this.#restartEngine.onSeen(mac, { kind: 'alarm', code }, this.#nowMs))
  }

  #toSip({ bytes, client, clientPort }: SipEffect & { kind: 'send-datagram' }): void {
    const phone = [...this.bench.phones.values()].find((one) => one.phone.address === client)
    if (phone === undefined || clientPort !== SIP_PORT) return
    const news = { kind: 'datagram', bytes, from: OURS, port: SIP_PORT } as const
    this.#later(() => this.bench.deliver(phone, news))
  }

  #toSession(session: number, bytes: Uint8Array): void {
    const found = this.#sessions.get(session)
    if (found === undefined) return
    const { phone, there } = found
    this.#later(() => this.bench.deliver(phone, { kind: 'bytes', connection: there, bytes }))
  }

  #closeSession(session: number): void {
    const found = this.#sessions.get(session)
    this.#sessions.delete(session)
    if (found === undefined) return
    const { phone, there } = found
    this.#later(() => this.bench.deliver(phone, { kind: 'hung-up', connection: there }))
  }

  #order(mac: Mac, nowMs: number) {
    const order = this.#restartEngine.order({ mac, why: 'conversion', named: null }, nowMs)
    if (order.kind !== 'begun') {
      return order.kind === 'busy' || order.kind === 'in-transfer' ? 'not-now' : 'no-method'
    }
    this.#run(order.effects)
    return 'begun'
  }

  #run(effects: readonly RestartEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'event') this.restarts.push(effect.event)
      if (effect.kind === 'send') this.#send(effect)
      if (effect.kind === 'ended') this.#auto.onEnded(effect.mac, this.#nowMs)
    }
  }

  #send({ method, target, attempt }: RestartEffect & { kind: 'send' }): void {
    const { mac, address, telnet } = target
    const done = (outcome: SendOutcome) =>
      this.#later(() => this.#run(this.#restartEngine.onSent(attempt, outcome, this.#nowMs)))
    switch (method) {
      case 'sccp': {
        this.#resets.set(mac, attempt)
        const order = this.#manager.reset(mac, this.#nowMs)
        if (order.kind === 'ordered') this.#callControl(order.effects)
        else done({ kind: 'failed', reason: order.reason })
        break
      }
      case 'notify':
        this.#notifies.set(mac, attempt)
        this.#notify(mac, address)
        break
      case 'telnet':
        done(this.#telnet(mac, telnet?.password ?? ''))
        break
      case 'poe':
        this.bench.powerOff(mac)
        this.#later(() => this.bench.powerCycle(mac), OFF_MS)
        this.#later(() => done({ kind: 'sent' }), OFF_MS)
        break
      case 'command':
        done({ kind: 'failed', reason: 'there is none' })
        break
      default:
        method satisfies never
    }
  }

  #notify(mac: Mac, address: Ipv4 | null): void {
    const place = {
      client: address ?? OURS,
      clientPort: SIP_PORT,
      local: OURS,
      localPort: SIP_PORT,
    }
    const order = this.#registrar.notify({ mac, user: this.#lineOf(mac), ...place }, this.#nowMs)
    if (order.kind === 'begun') this.#callControl(order.effects)
  }

  #telnet(mac: Mac, password: string): SendOutcome {
    const phone = this.bench.phones.get(mac)
    if (phone === undefined || !this.#listening.has(mac)) {
      return { kind: 'failed', reason: 'nobody listens' }
    }
    this.bench.deliver(phone, { kind: 'called', connection: -1, port: 23 })
    for (const line of [password, 'reset']) {
      const bytes = new TextEncoder().encode(`${line}\r\n`)
      this.bench.deliver(phone, { kind: 'bytes', connection: -1, bytes })
    }
    return { kind: 'sent' }
  }

  #onSent(attempts: Map<Mac, number>, mac: Mac, fault: string | null): void {
    const attempt = attempts.get(mac)
    if (attempt === undefined) return
    const outcome: SendOutcome =
      fault === null ? { kind: 'sent' } : { kind: 'failed', reason: fault }
    this.#run(this.#restartEngine.onSent(attempt, outcome, this.#nowMs))
  }

  #lineOf(mac: Mac): string {
    return this.bench.inventory.phone(mac)?.lines[0]?.name ?? mac
  }

  #factsOf(mac: Mac): RestartFacts | undefined {
    const phone = this.bench.inventory.phone(mac)
    if (phone === undefined) return undefined
    const nowMs = this.#nowMs
    const registration = this.registrations.get(mac, nowMs)
    const level = Number(phone.settings['telnet_level'] ?? 0)
    const major = /^\d+/.exec(registration?.version ?? '')?.[0]
    return {
      mac,
      address: this.bench.phones.get(mac)?.phone.address ?? null,
      callControl: { sip: true, sccp: true },
      registration: registration?.protocol ?? null,
      hasSession: [...this.#byPhone.keys()].some((key) => key.startsWith(mac)),
      runs: registration
        ? { protocol: registration.protocol, major: major === undefined ? null : Number(major) }
        : null,
      line: this.#lineOf(mac),
      telnet: level > 0 ? { level, password: phone.settings['phone_password'] ?? 'cisco' } : null,
      switchPort: this.#options.poe ? { port: 'sw1/7', fault: null } : null,
      hasCommand: false,
      isLooping: this.#manager.isLoop(mac, nowMs),
    }
  }
}
