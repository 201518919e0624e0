import type { FileAnswer } from '../files/file-answer.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import { type Subnet, subnetContains } from '../net/subnet.ts'
import { OPCODE, type ReadOrWriteRequest } from '../wire/tftp/packet.ts'
import type { Datagram } from './datagram.ts'
import { DropCounter, type DropCounts } from './drop-counter.ts'
import type { TftpEffect } from './effect.ts'
import { ErrorReplies, type ErrorReply } from './error-replies.ts'
import type { DropReason, RequestAbsent, RequestRefused } from './events.ts'
import type { HallReport } from './hall-order.ts'
import { HeldRequests } from './held-requests.ts'
import type { TidPool } from './tid-pool.ts'
import { TransferDesk, type TransferLimits } from './transfer-desk.ts'
import { decode, TransferPackets } from './transfer-packets.ts'
import {
  type FileHolder,
  type TransferCounters,
  type TransferSettings,
  Transfers,
} from './transfers.ts'

/** Who is served, and within which bounds. */
export type TftpServerSettings = TransferSettings &
  TransferLimits & {
    /** Clients elsewhere are not answered at all. */
    readonly clientSubnets: readonly Subnet[]
  }

/** What the engine asks, and by whose sockets it sends. */
export type TftpServerParts = {
  readonly files: FileAnswer
  readonly holder: FileHolder
  readonly tids: TidPool
}

/** What has happened since the engine was made. */
export type TftpCounters = TransferCounters & {
  readonly absent: number
  readonly refused: number
  /** ERROR replies that were kept back because their source provoked too many. */
  readonly errorsWithheld: number
  readonly drops: DropCounts
}

/**
 * A TFTP server for reading, without sockets and without a clock: it takes datagrams and the time,
 * in milliseconds of a clock that does not step, and returns what to send and to tell. Effects are
 * valid until the next call: the caller carries them out before it.
 *
 * @see RFC 1350, RFC 2347 to 2349, RFC 7440, RFC 1123 section 4.2
 */
export class TftpServer {
  #clientSubnets: readonly Subnet[]
  readonly #parts: TftpServerParts
  readonly #transfers: Transfers
  readonly #packets: TransferPackets
  readonly #desk: TransferDesk
  readonly #held = new HeldRequests()
  /** The newest report of each hall that ever was; bounded by how often threads are started. */
  readonly #reports = new Map<number, HallReport>()
  readonly #errors = new ErrorReplies()
  readonly #drops = new DropCounter()
  #absent = 0
  #refused = 0

  constructor(settings: TftpServerSettings, parts: TftpServerParts) {
    this.#clientSubnets = settings.clientSubnets
    this.#parts = parts
    this.#transfers = new Transfers(settings, parts.holder, parts.tids)
    const limits = { ...settings, repeatMs: settings.retry.baseMs }
    this.#desk = new TransferDesk(limits, this.#transfers, parts.holder)
    this.#packets = new TransferPackets({
      transfers: this.#transfers,
      drops: this.#drops,
      errors: this.#errors,
      isClient: ({ client }) => this.#isClient(client),
    })
  }

  /** When `onWake` wants to be called; undefined while nothing runs. */
  get nextWakeAtMs(): number | undefined {
    return this.#transfers.nextWakeAtMs
  }

  /** A snapshot. */
  counters(): TftpCounters {
    const drops: Record<DropReason, number> = { ...this.#drops.counts() }
    let errorsWithheld = this.#errors.withheld
    for (const report of this.#reports.values()) {
      errorsWithheld += report.errorsWithheld
      for (const [reason, count] of Object.entries(report.drops))
        drops[reason as DropReason] += count
    }
    return {
      ...this.#desk.counters(),
      absent: this.#absent,
      refused: this.#refused,
      errorsWithheld,
      drops,
    }
  }

  /** Whose requests are answered. */
  get clientSubnets(): readonly Subnet[] {
    return this.#clientSubnets
  }

  /** Whose requests are answered from now on; transfers that run go on to their end. */
  replaceClientSubnets(clientSubnets: readonly Subnet[]): void {
    this.#clientSubnets = clientSubnets
  }

  /** A datagram to the listening port. */
  onRequest(datagram: Datagram, nowMs: number): readonly TftpEffect[] {
    if (!this.#isClient(datagram.client)) {
      return this.#drops.request('not-a-client', datagram, nowMs)
    }
    const { client } = datagram
    const hall = this.#held.hallOf(client) ?? this.#desk.hallOf(client)
    if (hall === undefined) return this.#onRequestInTurn(datagram, nowMs)
    const number = this.#held.hold(datagram, hall, nowMs)
    if (number === undefined) return this.#drops.request('too-many-held', datagram, nowMs)
    return [{ kind: 'order', hall, order: { kind: 'fence', number } }]
  }

  /** The only switch on the kind of packet. */
  #onRequestInTurn(datagram: Datagram, nowMs: number): readonly TftpEffect[] {
    const packet = decode(datagram)
    if (packet === undefined) return this.#malformed(datagram, nowMs)
    switch (packet.kind) {
      case 'read':
        return this.#read(packet, datagram, nowMs)
      case 'write':
        // RFC 1350 section 4: a refused request gets an ERROR, and leaves nothing behind.
        return this.#refuse(packet, 'write', datagram, nowMs)
      case 'error':
        // RFC 1350 section 7: never answered, or two servers would answer each other for ever.
        return this.#drops.request('error', datagram, nowMs)
      case 'data':
      case 'ack':
      case 'options-ack':
        return [
          ...this.#drops.request('not-a-request', datagram, nowMs),
          ...this.#errorTo(datagram, 'not-a-request', nowMs),
        ]
      /* c8 ignore next 2 -- the compiler proves that nothing comes here */
      default:
        return packet satisfies never
    }
  }

  /** A datagram to the port of a transfer. */
  onTransferPacket(datagram: Datagram, nowMs: number): readonly TftpEffect[] {
    return this.#packets.onPacket(datagram, nowMs)
  }

  /** A thread runs transfers from now on, by a number that none had before. */
  onHallOpened(hall: number): void {
    this.#desk.onHallOpened(hall)
  }

  /** What a hall has to tell. */
  onHallReport(hall: number, report: HallReport, nowMs: number): readonly TftpEffect[] {
    this.#reports.set(hall, report)
    const effects = report.notes.flatMap((note) => this.#desk.onNote(note))
    for (const fence of report.fences) {
      const held = this.#held.take(fence)
      if (held !== undefined) effects.push(...this.#onRequestInTurn(held, nowMs))
    }
    return effects
  }

  /** A hall has ended by itself: its transfers are over, and who waits for it waits no longer. */
  onHallLost(hall: number, nowMs: number): readonly TftpEffect[] {
    const lost = this.#desk.onHallClosed(hall, 'lost', nowMs)
    const held = this.#held.takeAllOf(hall)
    return [...lost, ...held.flatMap((datagram) => this.#onRequestInTurn(datagram, nowMs))]
  }

  /** Since when a request waits for a hall; undefined where none does. */
  hallAskedAtMs(hall: number): number | undefined {
    return this.#held.waitingSinceMs(hall)
  }

  /** Looks at the deadlines of all transfers; does nothing before `nextWakeAtMs`. */
  onWake(nowMs: number): readonly TftpEffect[] {
    return this.#transfers.onWake(nowMs)
  }

  /** Ends every transfer. */
  stop(nowMs: number): readonly TftpEffect[] {
    return this.#desk.stop(nowMs)
  }

  #read(packet: ReadOrWriteRequest, datagram: Datagram, nowMs: number): readonly TftpEffect[] {
    const { name: requestedName, options } = packet
    const mode = servedMode(packet.mode)
    if (mode === undefined) return this.#refuse(packet, 'mode', datagram, nowMs)
    const ownerNow = () => this.#parts.files.ownerAt(datagram.client, nowMs)
    const earlier = this.#desk.onEarlier(datagram, requestedName, nowMs, ownerNow)
    const { isRepeated, effects: ended } = earlier
    if (isRepeated) {
      return [...this.#drops.request('repeated-request', datagram, nowMs), ...ended]
    }
    if (!this.#desk.hasRoomFor(datagram.client)) {
      // Silence: the client asks again. A phone takes an ERROR for "no such file" and goes on.
      return [...ended, ...this.#drops.request('too-many-transfers', datagram, nowMs)]
    }
    const { client, clientPort } = datagram
    const answer = this.#parts.files.answer({ client, clientPort, requestedName, atMs: nowMs })
    if (answer.kind === 'silence') {
      return [...ended, ...this.#drops.request('silenced', datagram, nowMs)]
    }
    const { mac } = answer
    if (answer.kind === 'absent') {
      return [...ended, ...this.#absence({ requestedName, mac }, datagram, nowMs)]
    }
    const grant = { requestedName, name: answer.name, file: answer.file, mac, mode, options }
    return [...ended, ...this.#desk.begin(grant, datagram, nowMs)]
  }

  #absence(
    asked: Pick<RequestAbsent, 'requestedName' | 'mac'>,
    datagram: Datagram,
    atMs: number,
  ): readonly TftpEffect[] {
    this.#absent++
    const { client, clientPort: clientTid } = datagram
    const event = { event: 'tftp.request.absent', client, clientTid, atMs, ...asked } as const
    return [...this.#errorTo(datagram, 'file-not-found', atMs), { kind: 'note', event }]
  }

  #refuse(
    { name: requestedName }: ReadOrWriteRequest,
    reason: RequestRefused['reason'],
    datagram: Datagram,
    atMs: number,
  ): readonly TftpEffect[] {
    this.#refused++
    const { client, clientPort: clientTid } = datagram
    const about = { client, clientTid, atMs, requestedName, reason }
    const event = { event: 'tftp.request.refused', ...about } as const
    const reply = reason === 'write' ? 'read-only' : 'unknown-mode'
    return [...this.#errorTo(datagram, reply, atMs), { kind: 'note', event }]
  }

  #malformed(datagram: Datagram, nowMs: number): readonly TftpEffect[] {
    if (!isRequest(datagram)) return this.#drops.request('not-a-packet', datagram, nowMs)
    return [
      ...this.#drops.request('malformed-request', datagram, nowMs),
      ...this.#errorTo(datagram, 'malformed-request', nowMs),
    ]
  }

  #errorTo(datagram: Datagram, reply: ErrorReply, nowMs: number): readonly TftpEffect[] {
    const channel = this.#parts.tids.forReply(datagram.channel)
    return this.#errors.to(datagram, reply, channel, nowMs)
  }

  #isClient(address: Ipv4): boolean {
    return this.#clientSubnets.some((subnet) => subnetContains(subnet, address))
  }
}

/** RFC 1123 sections 4.2.4 and 4.2.2.1: octet and netascii, and mail no more. */
function servedMode(mode: string): 'octet' | 'netascii' | undefined {
  return mode === 'octet' || mode === 'netascii' ? mode : undefined
}

function isRequest({ bytes, length }: Datagram): boolean {
  const opcode = bytes[1]
  return length >= 2 && bytes[0] === 0 && (opcode === OPCODE.read || opcode === OPCODE.write)
}
