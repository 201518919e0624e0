import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { encodeMessage } from '../../wire/sip/encode-message.ts'

/** Where a NOTIFY goes. */
export type NotifyTarget = {
  readonly mac: Mac
  /** The name of a line of the phone: it answers 404 to any other, and 400 to none. */
  readonly user: string
  readonly client: Ipv4
  /** 5060 on these phones. */
  readonly clientPort: number
  /** Our address on the phone's network, and the port of our SIP socket. */
  readonly local: Ipv4
  readonly localPort: number
}

/** RFC 3261 section 17.1.1.1: T1, an estimate of the round trip. */
const T1_MS = 500
/** RFC 3261 section 17.1.2.2: T2, the longest time between repetitions. */
const T2_MS = 4000
/** RFC 3261 section 17.1.2.2: timer F. */
const TIMEOUT_MS = 64 * T1_MS

/** What its owner is to do after some time or a response. */
export type NotifyStep = 'send' | 'wait' | 'timed-out'

/**
 * One NOTIFY `check-sync`: a client transaction over UDP (RFC 3261 section 17.1.2), without its
 * timer K, because a late response finds no transaction and is dropped.
 *
 * The phone answers 200 at once, waits until it has been idle for 20 s, then reads
 * `syncinfo.xml` and restarts if its SYNC is another (Cisco SIP Administrator's Guide 8.0, p. 4-4).
 */
export class NotifyTransaction {
  readonly target: NotifyTarget
  readonly branch: string
  /** The request; the same bytes each time. */
  readonly bytes: Uint8Array
  readonly #endsAtMs: number
  #intervalMs = T1_MS
  #repeatAtMs: number
  #isProceeding = false

  /** @param token - Unique and not to be guessed: branch, tag and Call-ID are made of it. */
  constructor(target: NotifyTarget, token: string, nowMs: number) {
    this.target = target
    this.branch = `z9hG4bK${token}`
    this.bytes = encodeNotify(target, this.branch, token)
    this.#endsAtMs = nowMs + TIMEOUT_MS
    this.#repeatAtMs = nowMs + T1_MS
  }

  /** A 1xx response: from now on repetitions are T2 apart (RFC 3261 section 17.1.2.2). */
  onProvisional(): void {
    this.#isProceeding = true
  }

  onWake(nowMs: number): NotifyStep {
    if (nowMs >= this.#endsAtMs) return 'timed-out'
    if (nowMs < this.#repeatAtMs) return 'wait'
    this.#intervalMs = this.#isProceeding ? T2_MS : Math.min(2 * this.#intervalMs, T2_MS)
    this.#repeatAtMs = nowMs + this.#intervalMs
    return 'send'
  }
}

function encodeNotify(target: NotifyTarget, branch: string, token: string): Uint8Array {
  const local = formatIpv4(target.local)
  const phone = formatIpv4(target.client)
  const headers = [
    ['Via', `SIP/2.0/UDP ${local}:${target.localPort};branch=${branch}`],
    ['Max-Forwards', '70'],
    ['From', `<sip:switchhook@${local}>;tag=${token}`],
    ['To', `<sip:${target.user}@${phone}>`],
    ['Call-ID', `${token}@${local}`],
    ['CSeq', '1 NOTIFY'],
    ['Contact', `<sip:switchhook@${local}:${target.localPort}>`],
    // Compared whole by Cisco's later stack: `check-sync;reboot=true` would be refused.
    ['Event', 'check-sync'],
    // RFC 6665 section 8.2.1 wants it; the phones do not look at it.
    ['Subscription-State', 'active'],
    ['Content-Length', '0'],
  ] as const
  return encodeMessage({
    kind: 'request',
    method: 'NOTIFY',
    uri: `sip:${target.user}@${phone}:${target.clientPort}`,
    headers: headers.map(([name, value]) => ({ name, value })),
    body: new Uint8Array(0),
    isWhole: true,
  })
}
