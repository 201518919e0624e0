import type { Mac } from '../../net/mac.ts'
import { readAlarmText } from '../../phones/alarm-text.ts'
import { decodeMessage } from '../../wire/sccp/decode-message.ts'
import { encodeMessage } from '../../wire/sccp/encode-message.ts'
import type { Alarm, SccpMessage } from '../../wire/sccp/message.ts'
import { WireError } from '../../wire/wire-error.ts'
import type { Callers } from '../callers.ts'
import type { Refusal, SccpEffect } from '../effect.ts'
import { LOOP_REGISTRATIONS, LOOP_WINDOW_MS, RegisterLoops } from '../register-loops.ts'
import type { RegistrationTable } from '../registration-table.ts'
import { answersTo, KEEP_ALIVE_SECONDS } from './answers.ts'
import { type SccpConnection, SccpSession } from './session.ts'
import { SessionTable } from './session-table.ts'

/** How long a registration stands after the last KeepAlive, in milliseconds. */
const STANDS_MS = 3 * KEEP_ALIVE_SECONDS * 1000

/** Reset as of a power-cycle: DHCP and TFTP again (chan-sccp `sccp_enum.in`, type 1). */
const HARD_RESET = 1

/** Whether a phone could be told to restart. */
export type ResetOrder =
  | { readonly kind: 'ordered'; readonly effects: readonly SccpEffect[] }
  | { readonly kind: 'refused'; readonly reason: 'not-connected' | 'loop' }

/**
 * An SCCP call manager as small as proof and restart allow: it registers every phone, offers one
 * line of no use, and restarts a phone when it is told to. Bytes and times come in, effects go out.
 */
export class SccpCallManager {
  readonly #callers: Callers
  readonly #table: RegistrationTable
  readonly #sessions = new SessionTable()
  /** The connection on which a phone is registered. */
  readonly #byMac = new Map<Mac, SccpSession>()
  readonly #loops = new RegisterLoops()

  constructor(callers: Callers, table: RegistrationTable) {
    this.#callers = callers
    this.#table = table
  }

  /** Open connections. */
  get sessionCount(): number {
    return this.#sessions.size
  }

  onConnect(connection: SccpConnection, nowMs: number): readonly SccpEffect[] {
    const { session, client } = connection
    const close = { kind: 'close', session } as const
    if (!this.#callers.serves(client)) return [close]
    if (this.#sessions.add(new SccpSession(connection, nowMs))) return []
    return [{ kind: 'refused', address: client, reason: 'too-many-sessions' }, close]
  }

  /** Bytes of a connection; they may be used again after the call. */
  onBytes(number: number, bytes: Uint8Array, nowMs: number): readonly SccpEffect[] {
    const session = this.#sessions.get(number)
    if (session === undefined) return []
    const effects: SccpEffect[] = []
    try {
      session.splitter.push(bytes, (frame) => effects.push(...this.#onFrame(session, frame, nowMs)))
    } catch (error) {
      effects.push(refusalOf(error, session), ...this.#drop(session))
    }
    return effects
  }

  /** The phone has closed its end, or the connection broke. */
  onClose(number: number, nowMs: number): readonly SccpEffect[] {
    const session = this.#sessions.get(number)
    if (session === undefined) return []
    const { mac } = session
    const isCurrent = mac !== null && this.#byMac.get(mac) === session
    const dropped = this.#drop(session).filter(({ kind }) => kind !== 'close')
    if (!isCurrent) return dropped
    return [...dropped, ...this.#table.unregister(mac, 'sccp', 'session-ended', nowMs)]
  }

  /** Tells a phone to restart: at once, or when it is through with its registration. */
  reset(mac: Mac, nowMs: number): ResetOrder {
    const session = this.#byMac.get(mac)
    if (session === undefined) return { kind: 'refused', reason: 'not-connected' }
    if (this.#loops.isLoop(mac, nowMs)) return { kind: 'refused', reason: 'loop' }
    session.isResetWanted = true
    return { kind: 'ordered', effects: this.#resetIfReady(session, nowMs) }
  }

  /** Whether the phone is registered on a connection that is open. */
  hasSession(mac: Mac): boolean {
    return this.#byMac.has(mac)
  }

  /** Whether the phone registers again and again. */
  isLoop(mac: Mac, nowMs: number): boolean {
    return this.#loops.isLoop(mac, nowMs)
  }

  /** A phone is no longer enrolled: its connection is that of an unknown device from now on. */
  forget(mac: Mac): void {
    const session = this.#byMac.get(mac)
    this.#byMac.delete(mac)
    this.#loops.forget(mac)
    if (session === undefined) return
    session.mac = null
    session.isResetWanted = false
  }

  /** Time has passed; once a second is often enough. */
  onWake(nowMs: number): readonly SccpEffect[] {
    const effects: SccpEffect[] = []
    for (const session of this.#sessions.all()) {
      const reason = session.faultAt(nowMs)
      if (reason === null) {
        effects.push(...this.#resetIfReady(session, nowMs))
        continue
      }
      effects.push({ kind: 'refused', address: session.connection.client, reason })
      effects.push(...this.#drop(session))
    }
    return effects
  }

  #onFrame(session: SccpSession, frame: Uint8Array, nowMs: number): readonly SccpEffect[] {
    session.onFrame(nowMs)
    const message = decoded(frame)
    // A frame of ours whose fields are cut: the next one can be found, so the connection stays.
    if (message === undefined) return [refusedBy(session, 'malformed')]
    if (message.kind === 'register') session.onRegister(message, nowMs)
    const changes = this.#change(session, message, nowMs)
    const answers = answersTo(message, this.#contextOf(session, nowMs)).map((answer) =>
      sendOf(session, answer),
    )
    if (message.kind === 'time-date-request') session.onSettled()
    return [...answers, ...changes, ...this.#resetIfReady(session, nowMs)]
  }

  #change(session: SccpSession, message: SccpMessage, nowMs: number): readonly SccpEffect[] {
    switch (message.kind) {
      case 'register':
        return this.#claim(session, nowMs)
      case 'alarm':
        return this.#onAlarm(session, message, nowMs)
      case 'unregister':
        return this.#onUnregister(session, nowMs)
      case 'keep-alive':
        if (session.isClaimOpen) return this.#claim(session, nowMs)
        return session.mac === null
          ? []
          : this.#table.keepAlive(session.mac, nowMs + STANDS_MS, nowMs)
      default:
        return session.isClaimOpen ? this.#claim(session, nowMs) : []
    }
  }

  /** Holds the name that the device gave itself against who is at its address. */
  #claim(session: SccpSession, nowMs: number): readonly SccpEffect[] {
    const caller = this.#callers.callerAt(session.connection.client, nowMs)
    session.isClaimOpen = caller.kind === 'wait'
    if (caller.kind !== 'phone') return []
    if (session.deviceName !== `SEP${caller.mac}`) return [refusedBy(session, 'other-phone')]
    const { mac } = caller
    const before = this.#byMac.get(mac)
    const dropped = before === undefined || before === session ? [] : this.#drop(before)
    session.mac = mac
    this.#byMac.set(mac, session)
    return [...dropped, ...this.#countRegister(mac, nowMs), ...this.#register(session, mac, nowMs)]
  }

  #countRegister(mac: Mac, nowMs: number): readonly SccpEffect[] {
    if (!this.#loops.onRegister(mac, nowMs)) return []
    const event = {
      event: 'phone.registration.loop',
      mac,
      registrations: LOOP_REGISTRATIONS,
      withinSeconds: LOOP_WINDOW_MS / 1000,
    } as const
    return [{ kind: 'event', event, atMs: nowMs }]
  }

  #register(session: SccpSession, mac: Mac, nowMs: number): readonly SccpEffect[] {
    const { alarm, connection } = session
    const claim = {
      mac,
      protocol: 'sccp',
      version: alarm?.version ?? null,
      load: alarm?.load ?? null,
      userAgent: null,
      address: connection.client,
      expiresAtMs: nowMs + STANDS_MS,
      lastReset: alarm?.lastReset ?? null,
      lastResetCode: alarm?.code ?? null,
    } as const
    return this.#table.register(claim, nowMs)
  }

  #onAlarm(session: SccpSession, { text }: Alarm, nowMs: number): readonly SccpEffect[] {
    const caller = this.#callers.callerAt(session.connection.client, nowMs)
    const alarm = readAlarmText(text)
    if (caller.kind !== 'phone') return []
    if (alarm.name !== null && alarm.name !== `SEP${caller.mac}`) {
      return [refusedBy(session, 'other-phone')]
    }
    session.alarm = alarm
    const { mac } = caller
    const reported = { kind: 'alarm', mac, text, code: alarm.code, atMs: nowMs } as const
    // After the Register it completes what that one said.
    return session.mac === null ? [reported] : [reported, ...this.#register(session, mac, nowMs)]
  }

  #onUnregister(session: SccpSession, nowMs: number): readonly SccpEffect[] {
    const { mac } = session
    if (mac === null || this.#byMac.get(mac) !== session) return []
    this.#byMac.delete(mac)
    session.mac = null
    return this.#table.unregister(mac, 'sccp', 'asked', nowMs)
  }

  #resetIfReady(session: SccpSession, nowMs: number): readonly SccpEffect[] {
    const { mac } = session
    if (mac === null || !session.isResetWanted || !session.isReadyForReset(nowMs)) return []
    session.isResetWanted = false
    if (this.#loops.isLoop(mac, nowMs)) return [{ kind: 'reset', mac, outcome: 'loop' }]
    const reset = sendOf(session, { kind: 'reset', type: HARD_RESET })
    return [reset, { kind: 'reset', mac, outcome: 'sent' }]
  }

  /** Closes a connection. What its phone registered stands until it lapses or the phone comes again. */
  #drop(session: SccpSession): readonly SccpEffect[] {
    const { session: number } = session.connection
    const { mac, isResetWanted } = session
    this.#sessions.remove(session)
    if (mac !== null && this.#byMac.get(mac) === session) this.#byMac.delete(mac)
    const close = { kind: 'close', session: number } as const
    if (mac === null || !isResetWanted) return [close]
    return [close, { kind: 'reset', mac, outcome: 'session-ended' }]
  }

  #contextOf(session: SccpSession, nowMs: number) {
    const { client, local, localPort } = session.connection
    const { deviceName, instance, mac } = session
    const caller = mac === null ? null : this.#callers.callerAt(client, nowMs)
    const load = caller?.kind === 'phone' ? caller.sccpLoad : null
    return { deviceName, instance, local, localPort, load, nowMs }
  }
}

function decoded(frame: Uint8Array): SccpMessage | undefined {
  try {
    return decodeMessage(frame)
  } catch (error) {
    if (error instanceof WireError) return undefined
    /* c8 ignore next 2 -- a decoder throws nothing else: its laws hold it to that */
    throw error
  }
}

function refusalOf(error: unknown, session: SccpSession): Refusal {
  if (error instanceof WireError) return refusedBy(session, 'malformed')
  /* c8 ignore next 2 -- a decoder throws nothing else: its laws hold it to that */
  throw error
}

function refusedBy({ connection }: SccpSession, reason: Refusal['reason']): Refusal {
  return { kind: 'refused', address: connection.client, reason }
}

function sendOf(session: SccpSession, message: SccpMessage): SccpEffect {
  return { kind: 'send', session: session.connection.session, bytes: encodeMessage(message) }
}
