import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { decodeMessage } from '../../wire/sccp/decode-message.ts'
import { encodeMessage } from '../../wire/sccp/encode-message.ts'
import { FrameSplitter } from '../../wire/sccp/frame-splitter.ts'
import type { FromPhone, SccpMessage } from '../../wire/sccp/message.ts'
import { WireError } from '../../wire/wire-error.ts'
import type { PhoneModel } from '../named-load.ts'
import {
  CLOSED_BY_SERVER,
  invalidMessageAlarm,
  type LastReset,
  registrationAlarm,
  TCP_TIMEOUT,
} from './alarm-text.ts'
import type { ApplicationEffect, SocketEffect, SocketNews } from './effect.ts'
import { invalidMessage } from './sccp-frames.ts'

/** A call manager to which a phone goes. */
export type CallManager = { readonly address: Ipv4; readonly port: number }

/** An SCCP load that runs. */
export type SccpClientConfig = {
  readonly mac: Mac
  readonly model: PhoneModel
  readonly load: string
  /** Loads before the universal loader end Register earlier, and speak an older version of the protocol. */
  readonly isUniversal: boolean
  readonly address: Ipv4
  /** Best first; none: the phone stays unregistered. */
  readonly callManagers: readonly CallManager[]
  readonly lastReset: LastReset
  /** From the last file to the connection. */
  readonly connectMs: number
  /** After a call manager that could not be had. */
  readonly registerAgainMs: number
}

/** A request of the registration, and the answer that brings the next one. */
type Step = { readonly request: FromPhone; readonly answer: SccpMessage['kind'] }

const DEVICE_TYPE: Readonly<Record<PhoneModel, number>> = { '7940': 8, '7960': 7 }

/** Of a 7960 with 8.1 and a 7940 with protocol version 11: `0B 00 60 85`. */
const UNIVERSAL_VERSION = { protocolVersion: 11, features: Uint8Array.of(0, 0x60, 0x85) }
/** The short form was seen of protocol version 4 (a 7936); that old loads of these phones have it is inferred. */
const OLD_VERSION = { protocolVersion: 4, features: new Uint8Array(3) }

/** After the version: conferences, then the place of the MAC address, where a 7960 leaves a stray `RING`. */
const STRAY = Uint8Array.of(
  ...new Uint8Array(8),
  ...new TextEncoder().encode('RING'),
  ...new Uint8Array(8),
)

/** G.711 mu-law, A-law, G.729A: 16 bytes each, number and frames a packet. */
const CAPABILITIES = [4, 2, 11]

const INFORMATIONAL = 2
const MARGINAL = 10
const RTP_PORT = 16_384
const LINE_BUTTON = 9
const SPEED_DIAL_BUTTON = 2

/** The phone gives a registration up that does not go on (guess), and a call manager after three silent KeepAlives. */
const ANSWER_MS = 30_000
const MOST_UNANSWERED = 3
/** Unregister is answered at once or not waited for (guess). */
const LEAVE_MS = 1_000

type State =
  | 'resting'
  | 'connecting'
  | 'registering'
  | 'registered'
  | { readonly leavingFor: 'call-manager-reset' | 'call-manager-restart' }

/**
 * The session of an SCCP load: Alarm and Register back to back, the tables one after the other, KeepAlive; it obeys
 * Reset and starts again over a message that is not as it must be. It owns no socket and no clock.
 */
export class SccpClient {
  readonly #config: SccpClientConfig
  #state: State = 'resting'
  #server = 0
  #connection = 0
  #splitter = new FrameSplitter()
  #lastReset: LastReset
  #steps: Step[] = []
  #awaited: SccpMessage['kind'] | null = null
  #keepAliveMs = ANSWER_MS
  #unanswered = 0
  #wakeAtMs = Number.POSITIVE_INFINITY
  #effects: ApplicationEffect[] = []

  /** @param firstConnection - The number of its first connection. */
  constructor(config: SccpClientConfig, firstConnection: number) {
    this.#config = config
    this.#lastReset = config.lastReset
    this.#connection = firstConnection - 1
  }

  get wakeAtMs(): number {
    return this.#wakeAtMs
  }

  /** The number of its last connection. */
  get lastConnection(): number {
    return this.#connection
  }

  begin(nowMs: number): readonly ApplicationEffect[] {
    if (this.#config.callManagers.length > 0) this.#wakeAtMs = nowMs + this.#config.connectMs
    return []
  }

  /** The phone stops: nothing is said any more. */
  end(): readonly ApplicationEffect[] {
    if (this.#state !== 'resting') this.#socket({ kind: 'hang-up', connection: this.#connection })
    this.#state = 'resting'
    this.#wakeAtMs = Number.POSITIVE_INFINITY
    return this.#takeEffects()
  }

  onSocket(news: SocketNews, nowMs: number): readonly ApplicationEffect[] {
    if (!('connection' in news) || news.connection !== this.#connection) return []
    if (this.#state === 'resting') return []
    switch (news.kind) {
      case 'connected':
        this.#introduce(nowMs)
        break
      case 'bytes':
        this.#onBytes(news.bytes, nowMs)
        break
      case 'hung-up':
        this.#onHungUp(nowMs)
        break
      default:
    }
    return this.#takeEffects()
  }

  onWake(nowMs: number): readonly ApplicationEffect[] {
    if (nowMs < this.#wakeAtMs) return []
    if (typeof this.#state === 'object') this.#leave(this.#state.leavingFor)
    else if (this.#state === 'resting') this.#connect(nowMs)
    else if (this.#state === 'registered') this.#keepAlive(nowMs)
    else this.#lose('no answer', TCP_TIMEOUT, nowMs)
    return this.#takeEffects()
  }

  get #callManager(): CallManager {
    return this.#config.callManagers[this.#server] as CallManager
  }

  #connect(nowMs: number): void {
    const { address, port } = this.#callManager
    this.#connection++
    this.#splitter = new FrameSplitter()
    this.#state = 'connecting'
    this.#wakeAtMs = nowMs + ANSWER_MS
    this.#socket({ kind: 'connect', connection: this.#connection, to: address, port })
  }

  #introduce(nowMs: number): void {
    const { mac, model, load, address, isUniversal } = this.#config
    this.#state = 'registering'
    this.#wakeAtMs = nowMs + ANSWER_MS
    this.#alarm(INFORMATIONAL, registrationAlarm(mac, load, this.#lastReset))
    this.#send({
      kind: 'register',
      deviceName: `SEP${mac}`,
      userId: 0,
      instance: 1,
      address,
      deviceType: DEVICE_TYPE[model],
      maxStreams: 0,
      activeStreams: 0,
      ...(isUniversal ? UNIVERSAL_VERSION : OLD_VERSION),
      rest: isUniversal ? STRAY : new Uint8Array(0),
    })
    this.#awaited = 'register-ack'
  }

  #alarm(severity: number, text: string): void {
    const { address } = this.#config
    this.#send({ kind: 'alarm', severity, text, parameter1: 4, parameter2: networkOrder(address) })
    this.#effects.push({ kind: 'report', news: { event: 'phone.alarm.sent', text } })
  }

  #onBytes(bytes: Uint8Array, nowMs: number): void {
    try {
      this.#splitter.push(bytes, (frame) => this.#onFrame(frame, nowMs))
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      this.#startAgainOver(0)
    }
  }

  #onFrame(frame: Uint8Array, nowMs: number): void {
    if (this.#state === 'resting') return
    const invalid = invalidMessage(frame)
    if (invalid !== null) this.#startAgainOver(invalid)
    else this.#onMessage(decodeMessage(frame), nowMs)
  }

  #onMessage(message: SccpMessage, nowMs: number): void {
    switch (message.kind) {
      case 'register-ack':
        this.#keepAliveMs = message.keepAliveSeconds * 1_000
        this.#send({ kind: 'ip-port', port: RTP_PORT })
        this.#wait('capabilities-request', nowMs)
        break
      case 'register-reject':
        this.#effects.push({ kind: 'report', news: { event: 'phone.screen', text: message.text } })
        this.#lose('rejected', TCP_TIMEOUT, nowMs)
        break
      case 'keep-alive-ack':
        this.#unanswered = 0
        break
      case 'reset':
        this.#onReset(message.type, nowMs)
        break
      case 'unregister-ack':
        if (typeof this.#state === 'object') this.#leave(this.#state.leavingFor)
        break
      default:
        this.#onAnswer(message, nowMs)
    }
  }

  /** Goes on with what the phone asks next; an answer that it does not wait for means nothing to it. */
  #onAnswer(message: SccpMessage, nowMs: number): void {
    if (this.#state !== 'registering' || message.kind !== this.#awaited) return
    if (message.kind === 'capabilities-request') {
      this.#send(capabilities())
      // Its answer is not waited for: call managers that do not set a load say nothing.
      this.#send({ kind: 'version-request' })
      this.#steps = [...FIRST_STEPS]
    }
    if (message.kind === 'button-template') this.#steps.push(...stepsFor(message))
    const next = this.#steps.shift()
    if (next !== undefined) {
      this.#send(next.request)
      this.#wait(next.answer, nowMs)
      return
    }
    this.#onRegistered(nowMs)
  }

  #onRegistered(nowMs: number): void {
    const { address } = this.#callManager
    this.#state = 'registered'
    this.#awaited = null
    this.#unanswered = 0
    this.#wakeAtMs = nowMs + this.#keepAliveMs
    const name = `SEP${this.#config.mac}`
    const news = { event: 'phone.registered', protocol: 'sccp', server: address, name } as const
    this.#effects.push({ kind: 'report', news })
  }

  #wait(answer: SccpMessage['kind'], nowMs: number): void {
    this.#awaited = answer
    this.#wakeAtMs = nowMs + ANSWER_MS
  }

  #keepAlive(nowMs: number): void {
    if (this.#unanswered >= MOST_UNANSWERED) {
      this.#lose('KeepAlive unanswered', TCP_TIMEOUT, nowMs)
      return
    }
    this.#unanswered++
    this.#wakeAtMs = nowMs + this.#keepAliveMs
    this.#send({ kind: 'keep-alive' })
  }

  /** Type 1 is a start as of a power-cycle, type 2 one without DHCP; others are of newer phones. */
  #onReset(type: number, nowMs: number): void {
    if (type !== 1 && type !== 2) return
    this.#send({ kind: 'unregister' })
    this.#state = { leavingFor: type === 1 ? 'call-manager-reset' : 'call-manager-restart' }
    this.#wakeAtMs = nowMs + LEAVE_MS
  }

  #leave(cause: 'call-manager-reset' | 'call-manager-restart'): void {
    this.#rest()
    this.#effects.push({ kind: 'reset', cause })
  }

  #startAgainOver(message: number): void {
    const { mac, load } = this.#config
    this.#alarm(MARGINAL, invalidMessageAlarm(mac, load, message))
    this.#rest()
    this.#effects.push({ kind: 'reset', cause: 'bad-message' })
  }

  #onHungUp(nowMs: number): void {
    if (typeof this.#state === 'object') this.#leave(this.#state.leavingFor)
    else this.#lose('connection closed', CLOSED_BY_SERVER, nowMs)
  }

  /** Goes to the next call manager, after a while to the first again. */
  #lose(reason: string, lastReset: LastReset, nowMs: number): void {
    if (this.#state === 'registered') this.#lastReset = lastReset
    this.#rest()
    const news = { event: 'phone.registration.failed', protocol: 'sccp', reason } as const
    this.#effects.push({ kind: 'report', news })
    this.#server = (this.#server + 1) % this.#config.callManagers.length
    this.#wakeAtMs = nowMs + this.#config.registerAgainMs
  }

  #rest(): void {
    this.#socket({ kind: 'hang-up', connection: this.#connection })
    this.#state = 'resting'
    this.#awaited = null
    this.#wakeAtMs = Number.POSITIVE_INFINITY
  }

  #send(message: FromPhone): void {
    this.#socket({
      kind: 'write',
      connection: this.#connection,
      bytes: encodeMessage(message),
    })
  }

  #socket(effect: SocketEffect): void {
    this.#effects.push({ kind: 'socket', effect })
  }

  #takeEffects(): readonly ApplicationEffect[] {
    const effects = this.#effects
    this.#effects = []
    return effects
  }
}

/** In the order of chan-sccp's and CME's logs of these phones. */
const FIRST_STEPS: readonly Step[] = [
  { request: { kind: 'button-template-request' }, answer: 'button-template' },
  { request: { kind: 'soft-key-template-request' }, answer: 'soft-key-template' },
  { request: { kind: 'soft-key-set-request' }, answer: 'soft-key-set' },
]

/** What a template makes the phone ask: each line, where it is forwarded to, each speed dial, and the time last. */
function stepsFor({ buttons }: SccpMessage & { kind: 'button-template' }): readonly Step[] {
  const numbersOf = (wanted: number) =>
    buttons.filter(({ type }) => type === wanted).map(({ instance }) => instance)
  return [
    ...numbersOf(LINE_BUTTON).flatMap((number): Step[] => [
      { request: { kind: 'line-stat-request', number }, answer: 'line-stat' },
      { request: { kind: 'forward-stat-request', number }, answer: 'forward-stat' },
    ]),
    ...numbersOf(SPEED_DIAL_BUTTON).map(
      (number): Step => ({
        request: { kind: 'speed-dial-stat-request', number },
        answer: 'speed-dial-stat',
      }),
    ),
    { request: { kind: 'time-date-request' }, answer: 'time-date' },
  ]
}

function capabilities(): FromPhone {
  const entries = new Uint8Array(CAPABILITIES.length * 16)
  const view = new DataView(entries.buffer)
  CAPABILITIES.forEach((codec, index) => {
    view.setUint32(index * 16, codec, true)
    view.setUint32(index * 16 + 4, 40, true)
  })
  return { kind: 'capabilities', count: CAPABILITIES.length, entries }
}

/** The Alarm's last field is the address as it stands in memory: its bytes in network order. */
function networkOrder(address: Ipv4): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setUint32(0, address)
  return view.getUint32(0, true)
}
