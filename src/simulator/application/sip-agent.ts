import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import { parseAddresses, parseSipUri } from '../../wire/sip/address.ts'
import { decodeMessage } from '../../wire/sip/decode-message.ts'
import { encodeMessage } from '../../wire/sip/encode-message.ts'
import { headerOf, headersOf, type SipMessage, type SipResponse } from '../../wire/sip/message.ts'
import { parseSeconds, parseSequence } from '../../wire/sip/sequence.ts'
import { parseVia } from '../../wire/sip/via.ts'
import { WireError } from '../../wire/wire-error.ts'
import type { PseudoRandom } from '../pseudo-random.ts'
import type { ApplicationEffect, SocketNews } from './effect.ts'
import { contactOf, hex, newCallId, newTag, type SipIdentity, userAgent } from './sip-identity.ts'
import type { SipLine, SipSettings } from './sip-lines.ts'
import { encodeAnswer, judgeRequest } from './sip-requests.ts'

/** A SIP load that runs. */
export type SipAgentConfig = {
  readonly identity: SipIdentity
  readonly settings: SipSettings
  readonly random: PseudoRandom
  /** After a registration that failed. */
  readonly registerAgainMs: number
  readonly ignoresNotify: boolean
  readonly sendsFrom: 'own-port' | 'other-port'
}

/** Timers of a transaction over UDP, milliseconds (RFC 3261 section 17.1.2.2: T1, T2, F). */
const TIMERS = { first: 500, longest: 4_000, end: 32_000 } as const

/** One line that is registered, or is being. */
type Registration = {
  readonly line: SipLine & { readonly proxy: NonNullable<SipLine['proxy']> }
  readonly callId: string
  readonly tag: string | null
  sequence: number
  /** The request that waits for its answer; null where none does. */
  open: { readonly bytes: Uint8Array; readonly endsAtMs: number; retryMs: number } | null
  isRegistered: boolean
  nextAtMs: number
}

/**
 * The user agent of a SIP load: registers its lines where its files say so, and answers what comes. It owns no socket
 * and no clock. It answers no challenge: a registrar that asks for a password gets none.
 */
export class SipAgent {
  readonly #config: SipAgentConfig
  readonly #registrations: readonly Registration[]
  #effects: ApplicationEffect[] = []

  constructor(config: SipAgentConfig) {
    this.#config = config
    this.#registrations = config.settings.lines.flatMap((line) =>
      line.proxy === null ? [] : [this.#newRegistration({ ...line, proxy: line.proxy })],
    )
  }

  get wakeAtMs(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.#registrations.map((one) => one.nextAtMs))
  }

  /** The state of each line, as `show register` prints it. */
  get registrations(): readonly { readonly line: SipLine; readonly isRegistered: boolean }[] {
    return this.#config.settings.lines.map((line) => ({
      line,
      isRegistered: this.#registrations.some(
        (one) => one.line.name === line.name && one.isRegistered,
      ),
    }))
  }

  begin(nowMs: number): readonly ApplicationEffect[] {
    this.#socket({ kind: 'sip-open', port: this.#config.settings.port })
    for (const registration of this.#registrations) this.#ask(registration, nowMs)
    return this.#takeEffects()
  }

  end(): readonly ApplicationEffect[] {
    this.#socket({ kind: 'sip-close' })
    return this.#takeEffects()
  }

  onDatagram(datagram: SocketNews & { kind: 'datagram' }, nowMs: number) {
    const message = decoded(datagram.bytes)
    if (message === undefined) return []
    if (message.kind === 'response') this.#onResponse(message, nowMs)
    else this.#onRequest(message, datagram.from)
    return this.#takeEffects()
  }

  onWake(nowMs: number): readonly ApplicationEffect[] {
    for (const registration of this.#registrations) {
      if (nowMs >= registration.nextAtMs) this.#goOn(registration, nowMs)
    }
    return this.#takeEffects()
  }

  #newRegistration(line: Registration['line']): Registration {
    const { identity, random } = this.#config
    return {
      line,
      callId: newCallId(identity, random),
      tag: newTag(identity, random),
      sequence: 100,
      open: null,
      isRegistered: false,
      nextAtMs: Number.POSITIVE_INFINITY,
    }
  }

  #goOn(registration: Registration, nowMs: number): void {
    const { open } = registration
    if (open === null) {
      this.#ask(registration, nowMs)
    } else if (nowMs >= open.endsAtMs) {
      this.#fail(registration, 'no answer', nowMs)
    } else {
      open.retryMs = Math.min(open.retryMs * 2, TIMERS.longest)
      registration.nextAtMs = Math.min(nowMs + open.retryMs, open.endsAtMs)
      this.#send(open.bytes, registration.line.proxy.address, registration.line.proxy.port)
    }
  }

  #ask(registration: Registration, nowMs: number): void {
    registration.sequence++
    const bytes = this.#register(registration)
    registration.open = { bytes, endsAtMs: nowMs + TIMERS.end, retryMs: TIMERS.first }
    registration.nextAtMs = nowMs + TIMERS.first
    this.#send(bytes, registration.line.proxy.address, registration.line.proxy.port)
  }

  #register({ line, callId, tag, sequence }: Registration): Uint8Array {
    const { identity, settings, random } = this.#config
    const proxy = formatIpv4(line.proxy.address)
    const own = `${formatIpv4(identity.address)}:${settings.port}`
    const who = `<sip:${line.name}@${proxy}>`
    const isOld = identity.major < 4
    const headers: readonly (readonly [string, string])[] = [
      // Loads of RFC 2543 have no branch and no tag.
      ['Via', `SIP/2.0/UDP ${own}${isOld ? '' : `;branch=z9hG4bK${hex(random, 8)}`}`],
      ['From', tag === null ? who : `${who};tag=${tag}`],
      ['To', who],
      ['Call-ID', callId],
      ...(isOld ? [] : [['Max-Forwards', '70'] as const]),
      ['CSeq', `${sequence} REGISTER`],
      ['User-Agent', userAgent(identity)],
      ['Contact', contactOf(identity, line.name, settings.port)],
      ['Content-Length', '0'],
      ['Expires', `${settings.expires}`],
    ]
    return encodeMessage({
      kind: 'request',
      method: 'REGISTER',
      uri: `sip:${proxy}`,
      headers: headers.map(([name, value]) => ({ name, value })),
      body: new Uint8Array(0),
      isWhole: true,
    })
  }

  #onResponse(response: SipResponse, nowMs: number): void {
    const callId = headerOf(response, 'call-id')
    const sequence = parseSequence(headerOf(response, 'cseq') ?? '')
    const registration = this.#registrations.find(
      (one) => one.callId === callId && one.sequence === sequence?.number && one.open !== null,
    )
    if (registration === undefined || response.status < 200) return
    if (response.status >= 300) {
      this.#fail(registration, `${response.status} ${response.reason}`, nowMs)
      return
    }
    const seconds = this.#grantedSeconds(response)
    const { delta } = this.#config.settings
    registration.open = null
    registration.nextAtMs = nowMs + Math.max(seconds - delta, seconds / 2) * 1_000
    if (registration.isRegistered) return
    registration.isRegistered = true
    const { name, proxy } = registration.line
    const news = {
      event: 'phone.registered',
      protocol: 'sip',
      server: proxy.address,
      name,
    } as const
    this.#effects.push({ kind: 'report', news })
  }

  /** RFC 3261 section 10.2.4: of its own Contact, else of Expires; where neither says, what was asked for. */
  #grantedSeconds(response: SipResponse): number {
    const { identity, settings } = this.#config
    const own = formatIpv4(identity.address)
    const contact = headersOf(response, 'contact')
      .flatMap((value) => parseAddresses(value) ?? [])
      .find(({ uri }) => parseSipUri(uri)?.host === own)
    const text = contact?.parameters.get('expires') ?? headerOf(response, 'expires') ?? ''
    return parseSeconds(text) ?? settings.expires
  }

  #fail(registration: Registration, reason: string, nowMs: number): void {
    registration.open = null
    registration.isRegistered = false
    registration.nextAtMs = nowMs + this.#config.registerAgainMs
    const news = { event: 'phone.registration.failed', protocol: 'sip', reason } as const
    this.#effects.push({ kind: 'report', news })
  }

  #onRequest(request: SipMessage & { kind: 'request' }, from: Ipv4): void {
    const { settings, identity, random, ignoresNotify } = this.#config
    const isNotify = request.method === 'NOTIFY'
    if (isNotify && ignoresNotify) return
    const via = parseVia(headerOf(request, 'via') ?? '')
    const names = settings.lines.map(({ name }) => name)
    const answer = judgeRequest(request, names)
    if (via === undefined || answer === null) return
    const tag = newTag(identity, random) ?? hex(random, 8)
    this.#send(encodeAnswer(request, answer, identity, tag), from, via.port)
    if (!isNotify) return
    if (answer.status === 200) this.#effects.push({ kind: 'check-sync' })
    else {
      const news = { event: 'phone.sync.refused', status: answer.status } as const
      this.#effects.push({ kind: 'report', news })
    }
  }

  #send(bytes: Uint8Array, to: Ipv4, port: number): void {
    this.#socket({ kind: 'sip-send', bytes, to, port, from: this.#config.sendsFrom })
  }

  #socket(effect: (ApplicationEffect & { kind: 'socket' })['effect']): void {
    this.#effects.push({ kind: 'socket', effect })
  }

  #takeEffects(): readonly ApplicationEffect[] {
    const effects = this.#effects
    this.#effects = []
    return effects
  }
}

function decoded(bytes: Uint8Array): SipMessage | undefined {
  try {
    return decodeMessage(bytes)
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}
