import type { Mac } from '../../net/mac.ts'
import { decodeMessage } from '../../wire/sip/decode-message.ts'
import {
  headerOf,
  headersOf,
  type SipHeader,
  type SipMessage,
  type SipRequest,
} from '../../wire/sip/message.ts'
import { WireError } from '../../wire/wire-error.ts'
import type { Callers } from '../callers.ts'
import { sipDateOf } from '../civil-time.ts'
import type { Refusal, RegistrationEffect, SipEffect } from '../effect.ts'
import type { RegistrationTable } from '../registration-table.ts'
import { readUserAgent, whoseMac } from './cisco-phone.ts'
import type { SipDatagram } from './datagram.ts'
import { NotifyClient, type NotifyOrder } from './notify-client.ts'
import type { NotifyTarget } from './notify-transaction.ts'
import {
  grantedFields,
  isAtSource,
  readRegisterRequest,
  type WantedBinding,
} from './register-request.ts'
import { type SentStatus, SipResponder } from './sip-response.ts'
import { type TransactionFields, transactionFieldsOf } from './transaction-fields.ts'

/** RFC 3261 section 20.5. INVITE, ACK, BYE and CANCEL are those of calls that are declined. */
const ALLOW: SipHeader = { name: 'Allow', value: 'REGISTER, OPTIONS, INVITE, ACK, BYE, CANCEL' }

/**
 * A SIP registrar as small as proof allows: every REGISTER is granted without a challenge, OPTIONS is
 * answered, calls are declined. It owns no socket and no timer, and keeps nothing of a request but
 * the registration of a phone that it is sure of.
 */
export class SipRegistrar {
  readonly #callers: Callers
  readonly #table: RegistrationTable
  readonly #responder: SipResponder
  readonly #notifies: NotifyClient

  /** @param secret - Random bytes of this process: tags and branches are made of it. */
  constructor(callers: Callers, table: RegistrationTable, secret: Uint8Array) {
    this.#callers = callers
    this.#table = table
    this.#responder = new SipResponder(secret)
    this.#notifies = new NotifyClient(secret)
  }

  onDatagram(datagram: SipDatagram, nowMs: number): readonly SipEffect[] {
    if (!this.#callers.serves(datagram.client)) return []
    const message = decoded(datagram.bytes)
    if (message === undefined) return [refusal(datagram, 'malformed')]
    if (message.kind === 'response') return this.#notifies.onResponse(message, datagram.client)
    return this.#onRequest(message, datagram, nowMs)
  }

  /** Asks a phone by NOTIFY to look whether it is to restart. */
  notify(target: NotifyTarget, nowMs: number): NotifyOrder {
    return this.#notifies.begin(target, nowMs)
  }

  /** Time has passed: to be called several times a second while a NOTIFY is under way. */
  onWake(nowMs: number): readonly SipEffect[] {
    return this.#notifies.onWake(nowMs)
  }

  #onRequest(request: SipRequest, datagram: SipDatagram, nowMs: number): readonly SipEffect[] {
    // RFC 3261 section 17.1.1.3: an ACK is never answered.
    if (request.method === 'ACK') return []
    const fields = transactionFieldsOf(request)
    if (fields === undefined) return this.#reply(request, datagram, 400)
    const required = headersOf(request, 'require')
    if (required.length > 0 && request.method !== 'CANCEL') {
      // RFC 3261 section 8.2.2.3: no extension is known here.
      const unsupported = required.map((value) => ({ name: 'Unsupported', value }))
      return this.#reply(request, datagram, 420, unsupported)
    }
    switch (request.method) {
      case 'REGISTER':
        return this.#onRegister({ request, fields, datagram, nowMs })
      case 'OPTIONS':
        // RFC 3261 section 11.2.
        return this.#reply(request, datagram, 200, [
          ALLOW,
          { name: 'Accept', value: 'application/sdp' },
        ])
      case 'INVITE':
        return this.#reply(request, datagram, 480)
      case 'BYE':
      case 'CANCEL':
        // RFC 3261 section 9.2, section 15.1.2: there is nothing that it could end.
        return this.#reply(request, datagram, 481)
      default:
        // RFC 3261 section 8.2.1.
        return this.#reply(request, datagram, 405, [ALLOW])
    }
  }

  #onRegister(asked: AskedRegister): readonly SipEffect[] {
    const { request, datagram, nowMs } = asked
    const wanted = readRegisterRequest(request)
    if (wanted.kind === 'malformed') return this.#reply(request, datagram, 400)
    const caller = this.#callers.callerAt(datagram.client, nowMs)
    if (caller.kind === 'wait') return []
    const bindings = wanted.kind === 'bindings' ? wanted.bindings : null
    const changes = caller.kind === 'phone' ? this.#change(caller.mac, bindings, asked) : []
    const date = { name: 'Date', value: sipDateOf(nowMs) }
    const reply = this.#reply(request, datagram, 200, [...grantedFields(bindings ?? []), date])
    return [...changes, ...reply]
  }

  /** What the REGISTER of a phone changes; bindings are null where all are to go. */
  #change(
    mac: Mac,
    bindings: readonly WantedBinding[] | null,
    { request, fields, datagram, nowMs }: AskedRegister,
  ): readonly (RegistrationEffect | Refusal)[] {
    const userAgent = headerOf(request, 'user-agent') ?? ''
    const cisco = readUserAgent(userAgent)
    const instances = (bindings ?? []).map(
      ({ contact }) => contact.parameters.get('+sip.instance') ?? '',
    )
    const whose = whoseMac({ ...fields, instances }, mac)
    if (cisco === undefined || whose === 'none') return [refusal(datagram, 'no-mac')]
    if (whose === 'other') return [refusal(datagram, 'other-phone')]
    if (bindings === null) return this.#table.unregister(mac, 'sip', 'asked', nowMs)
    if (!bindings.every((binding) => isAtSource(binding, datagram.client))) {
      return [refusal(datagram, 'contact-elsewhere')]
    }
    const seconds = Math.max(...bindings.map(({ grantedSeconds }) => grantedSeconds))
    // A REGISTER without a Contact asks what stands, and changes nothing.
    if (bindings.length === 0) return []
    if (seconds === 0) return this.#table.unregister(mac, 'sip', 'asked', nowMs)
    const claim = {
      mac,
      protocol: 'sip',
      version: cisco.version,
      load: null,
      userAgent,
      address: datagram.client,
      expiresAtMs: nowMs + 1000 * seconds,
      lastReset: null,
      lastResetCode: null,
    } as const
    return this.#table.register(claim, nowMs)
  }

  #reply(
    request: SipRequest,
    { client, local }: SipDatagram,
    status: SentStatus,
    more: readonly SipHeader[] = [],
  ): readonly SipEffect[] {
    const response = this.#responder.respond(request, client, status, more)
    if (response === undefined) return [{ kind: 'refused', address: client, reason: 'malformed' }]
    const { bytes, port } = response
    return [{ kind: 'send-datagram', bytes, local, client, clientPort: port }]
  }
}

type AskedRegister = {
  readonly request: SipRequest
  readonly fields: TransactionFields
  readonly datagram: SipDatagram
  readonly nowMs: number
}

function decoded(bytes: Uint8Array): SipMessage | undefined {
  try {
    return decodeMessage(bytes)
  } catch (error) {
    if (error instanceof WireError) return undefined
    /* c8 ignore next 2 -- a decoder throws nothing else: its laws hold it to that */
    throw error
  }
}

function refusal({ client }: SipDatagram, reason: Refusal['reason']): Refusal {
  return { kind: 'refused', address: client, reason }
}
