import { formatIpv4, type Ipv4, parseIpv4, UNSPECIFIED, writeIpv4 } from '../../src/net/ipv4.ts'
import type { PhoneEffect } from '../../src/simulator/effect.ts'
import type { PhoneEvent } from '../../src/simulator/events.ts'
import type { PhoneEngine } from '../../src/simulator/phone-engine.ts'
import { decodeMessage } from '../../src/wire/dhcp/decode-message.ts'
import { encodeMessage } from '../../src/wire/dhcp/encode-message.ts'
import { type DhcpMessage, MessageType, type OutgoingOption } from '../../src/wire/dhcp/message.ts'
import { decodePacket } from '../../src/wire/tftp/decode-packet.ts'
import { encodePacket } from '../../src/wire/tftp/encode-packet.ts'

/** What a name yields: octets, text, "file not found", another ERROR, or nothing at all. */
export type ScriptedAnswer = Uint8Array | string | 'absent' | { readonly error: number } | 'silence'

export type BenchScript = {
  /** Called for every read request, in order; `server` as a dotted quad. */
  readonly answer: (name: string, server: string) => ScriptedAnswer
  /** Options of OFFER and ACK besides 51, 53 and 54. */
  readonly options?: readonly OutgoingOption[]
  /** The message type that answers a DHCP message; null for none. Left out: OFFER and ACK. */
  readonly dhcp?: (message: DhcpMessage, nowMs: number) => number | null
  readonly siaddr?: string
  readonly leaseSeconds?: number
}

type Due = { readonly atMs: number; readonly act: () => PhoneEffect[] }

const SERVER = '10.20.0.2'
const PHONE = '10.20.0.61'
const LATENCY_MS = 1
const TID = 40_000

/** An address, for tests that have only legal ones. */
export const ip = (text: string): Ipv4 => parseIpv4(text) as Ipv4

/** Addresses as the value of an option. */
export function addresses(...texts: string[]): Uint8Array {
  const bytes = new Uint8Array(texts.length * 4)
  texts.forEach((text, index) => {
    writeIpv4(ip(text), bytes, index * 4)
  })
  return bytes
}

/**
 * One phone and a server that does what a script says, on a clock that jumps from one event to the next.
 * Written from the RFCs for tests alone: it shares nothing with the servers of `src`.
 */
export class ScriptedBench {
  nowMs = 0
  readonly requests: string[] = []
  /** Every read request that left, repeated ones too; `port` null where any will do. */
  readonly sent: { readonly atMs: number; readonly name: string; readonly port: number | null }[] =
    []
  readonly events: PhoneEvent[] = []
  readonly dhcp: { readonly atMs: number; readonly message: DhcpMessage; readonly to: string }[] =
    []
  readonly effects: PhoneEffect[] = []
  readonly #phone: PhoneEngine
  readonly #script: BenchScript
  readonly #servers = new Map<number, string>()
  readonly #ports = new Map<number, number | null>()
  readonly #sending = new Map<number, Uint8Array>()
  #due: Due[] = []
  #wakeAtMs: number | null = null

  constructor(phone: PhoneEngine, script: BenchScript) {
    this.#phone = phone
    this.#script = script
  }

  powerOn(): void {
    this.#apply(this.#phone.powerOn(this.nowMs))
  }

  reset(): void {
    this.#apply(this.#phone.reset(this.nowMs))
  }

  factoryReset(): void {
    this.#apply(this.#phone.factoryReset(this.nowMs))
  }

  checkSync(): void {
    this.#apply(this.#phone.checkSync(this.nowMs))
  }

  /** Plays until nothing is due before `untilMs`, or until `isDone`. At most 200 000 events. */
  run(untilMs: number, isDone: () => boolean = () => false): void {
    for (let count = 0; count < 200_000 && !isDone(); count++) {
      this.#due.sort((a, b) => a.atMs - b.atMs)
      const next = this.#due[0]
      const atMs = Math.min(next?.atMs ?? Infinity, this.#wakeAtMs ?? Infinity)
      if (atMs > untilMs) break
      this.nowMs = Math.max(this.nowMs, atMs)
      if (next !== undefined && next.atMs === atMs) {
        this.#due.shift()
        this.#apply(next.act())
      } else {
        this.#wakeAtMs = null
        this.#apply(this.#phone.onWake(this.nowMs))
      }
    }
    if (!isDone()) this.nowMs = Math.max(this.nowMs, untilMs)
  }

  /** Switches the phone on and plays until it runs or stops, for an hour at most. */
  boot(): void {
    this.powerOn()
    const ends = ['phone.running', 'phone.stopped']
    const start = this.events.length
    const isEnd = () => this.events.slice(start).some(({ event }) => ends.includes(event))
    this.run(this.nowMs + 3_600_000, isEnd)
  }

  /** Events of one name. */
  of<Name extends PhoneEvent['event']>(name: Name): Extract<PhoneEvent, { event: Name }>[] {
    return this.events.filter(
      (event): event is Extract<PhoneEvent, { event: Name }> => event.event === name,
    )
  }

  /** Texts that were on the display, in order. */
  get screens(): string[] {
    return this.of('phone.screen').map(({ text }) => text)
  }

  /** Does what the phone wants after something that the bench did not do to it. */
  apply(effects: readonly PhoneEffect[]): void {
    this.#apply(effects)
  }

  #apply(effects: readonly PhoneEffect[]): void {
    for (const effect of effects) {
      this.effects.push(effect)
      switch (effect.kind) {
        case 'event':
          this.events.push(effect.event)
          break
        case 'wake':
          this.#wakeAtMs = effect.atMs
          break
        case 'dhcp-send':
          this.#onDhcp(decodeMessage(effect.bytes), formatIpv4(effect.to))
          break
        case 'tftp-open':
          this.#servers.set(effect.transferId, formatIpv4(effect.server))
          this.#ports.set(effect.transferId, effect.port)
          break
        case 'tftp-send':
          this.#onTftp(effect.transferId, effect.bytes)
          break
        case 'tftp-close':
          this.#servers.delete(effect.transferId)
          break
        case 'configure-address':
        case 'drop-address':
        case 'socket':
          break
        default:
          effect satisfies never
      }
    }
  }

  #onDhcp(message: DhcpMessage, to: string): void {
    this.dhcp.push({ atMs: this.nowMs, message, to })
    const type = (this.#script.dhcp ?? usualReply)(message, this.nowMs)
    if (type === null) return
    const bytes = this.#reply(message, type)
    this.#later(() => this.#phone.onDhcp(bytes, this.nowMs))
  }

  #reply(message: DhcpMessage, type: number): Uint8Array {
    const isNak = type === MessageType.nak
    const lease = new Uint8Array(4)
    new DataView(lease.buffer).setUint32(0, this.#script.leaseSeconds ?? 86_400)
    const options: OutgoingOption[] = [
      [53, Uint8Array.of(type)],
      [54, addresses(SERVER)],
    ]
    if (!isNak) {
      options.push([51, lease], [1, addresses('255.255.255.0')], [3, addresses('10.20.0.1')])
      options.push(...(this.#script.options ?? [[150, addresses(SERVER)]]))
    }
    const header = {
      ...message,
      op: 2,
      yiaddr: isNak ? UNSPECIFIED : ip(PHONE),
      siaddr: isNak ? UNSPECIFIED : ip(this.#script.siaddr ?? '0.0.0.0'),
    }
    return encodeMessage(header, options).bytes
  }

  #onTftp(transferId: number, bytes: Uint8Array): void {
    const packet = decodePacket(bytes)
    if (packet.kind === 'read') this.#onRead(transferId, packet.name)
    if (packet.kind === 'ack') this.#sendBlock(transferId, packet.block + 1)
  }

  #onRead(transferId: number, name: string): void {
    this.requests.push(name)
    this.sent.push({ atMs: this.nowMs, name, port: this.#ports.get(transferId) ?? null })
    const answer = this.#script.answer(name, this.#servers.get(transferId) ?? '')
    if (answer === 'silence') return
    if (answer === 'absent' || (typeof answer === 'object' && 'error' in answer)) {
      const code = answer === 'absent' ? 1 : answer.error
      this.#send(transferId, encodePacket({ kind: 'error', code, message: 'no' }))
      return
    }
    const content = typeof answer === 'string' ? new TextEncoder().encode(answer) : answer
    this.#sending.set(transferId, content)
    this.#sendBlock(transferId, 1)
  }

  #sendBlock(transferId: number, block: number): void {
    const content = this.#sending.get(transferId)
    if (content === undefined || (block - 1) * 512 > content.length) return
    const payload = content.subarray((block - 1) * 512, block * 512)
    this.#send(transferId, encodePacket({ kind: 'data', block, payload }))
  }

  #send(transferId: number, bytes: Uint8Array): void {
    this.#later(() => this.#phone.onTftp(transferId, bytes, TID + transferId, this.nowMs))
  }

  #later(act: () => PhoneEffect[]): void {
    this.#due.push({ atMs: this.nowMs + LATENCY_MS, act })
  }
}

function usualReply(message: DhcpMessage): number | null {
  switch (message.options.get(53)?.[0]) {
    case MessageType.discover:
      return MessageType.offer
    case MessageType.request:
      return MessageType.ack
    default:
      return null
  }
}
