import type { FileAnswer } from '../files/file-answer.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import { type Subnet, subnetContains } from '../net/subnet.ts'
import { OPCODE, type ReadOrWriteRequest } from '../wire/tftp/packet.ts'
import { type Datagram, decode } from './datagram.ts'
import { DropCounter, type DropCounts } from './drop-counter.ts'
import type { TftpEffect } from './effect.ts'
import { ErrorReplies, type ErrorReply } from './error-replies.ts'
import type { RequestAbsent, RequestRefused } from './events.ts'
import { TransferPackets } from './transfer-packets.ts'
import {
  type FileHolder,
  type TidPool,
  type TransferCounters,
  type TransferSettings,
  Transfers,
} from './transfers.ts'

/** Who is served, and within which bounds. */
export type TftpServerSettings = TransferSettings & {
  /** Clients elsewhere are not answered at all. */
  readonly clientSubnets: readonly Subnet[]
}

/** What the engine asks, and by whose sockets it sends. */
export type TftpServerParts = {
  readonly files: FileAnswer
  readonly holder: FileHolder
  readonly tids: TidPool
  /**
   * Whether this server answers the client now; another one does otherwise, and not even an ERROR may
   * leave here: these phones take one for "no such file" and go on. Left out: it answers all.
   */
  readonly answersNow?: (client: Ipv4, nowMs: number) => boolean
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
  readonly #errors = new ErrorReplies()
  readonly #drops = new DropCounter()
  #absent = 0
  #refused = 0

  constructor(settings: TftpServerSettings, parts: TftpServerParts) {
    this.#clientSubnets = settings.clientSubnets
    this.#parts = parts
    this.#transfers = new Transfers(settings, parts.holder, parts.tids)
    this.#packets = new TransferPackets({
      transfers: this.#transfers,
      drops: this.#drops,
      errors: this.#errors,
      isClient: ({ client }, nowMs) => this.#isClient(client) && this.#answersNow(client, nowMs),
    })
  }

  /** When `onWake` wants to be called; undefined while nothing runs. */
  get nextWakeAtMs(): number | undefined {
    return this.#transfers.nextWakeAtMs
  }

  /** A snapshot. */
  counters(): TftpCounters {
    return {
      ...this.#transfers.counters(),
      absent: this.#absent,
      refused: this.#refused,
      errorsWithheld: this.#errors.withheld,
      drops: this.#drops.counts(),
    }
  }

  /** Whose requests are answered from now on; transfers that run go on to their end. */
  replaceClientSubnets(clientSubnets: readonly Subnet[]): void {
    this.#clientSubnets = clientSubnets
  }

  /** A datagram to the listening port; the only switch on the kind of packet. */
  onRequest(datagram: Datagram, nowMs: number): readonly TftpEffect[] {
    if (!this.#isClient(datagram.client)) {
      return this.#drops.request('not-a-client', datagram, nowMs)
    }
    if (!this.#answersNow(datagram.client, nowMs)) return this.#drops.leftToOwner()
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

  /** Looks at the deadlines of all transfers; does nothing before `nextWakeAtMs`. */
  onWake(nowMs: number): readonly TftpEffect[] {
    return this.#transfers.onWake(nowMs)
  }

  /** Ends every transfer. */
  stop(nowMs: number): readonly TftpEffect[] {
    return this.#transfers.stop(nowMs)
  }

  #read(packet: ReadOrWriteRequest, datagram: Datagram, nowMs: number): readonly TftpEffect[] {
    const { name: requestedName, options } = packet
    const mode = servedMode(packet.mode)
    if (mode === undefined) return this.#refuse(packet, 'mode', datagram, nowMs)
    const ownerNow = () => this.#parts.files.ownerAt(datagram.client, nowMs)
    const earlier = this.#transfers.onRequest(datagram, requestedName, nowMs, ownerNow)
    const { isRepeated, effects: ended } = earlier
    if (isRepeated) {
      return [...this.#drops.request('repeated-request', datagram, nowMs), ...ended]
    }
    if (!this.#transfers.hasRoomFor(datagram.client)) {
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
      return following(ended, this.#absence({ requestedName, mac }, datagram, nowMs))
    }
    const grant = { requestedName, name: answer.name, file: answer.file, mac, mode, options }
    return following(ended, this.#transfers.begin(grant, datagram, nowMs))
  }

  #absence(
    asked: Pick<RequestAbsent, 'requestedName' | 'mac'>,
    datagram: Datagram,
    atMs: number,
  ): readonly TftpEffect[] {
    this.#absent++
    const { client, clientPort: clientTid } = datagram
    const event = { event: 'tftp.request.absent', client, clientTid, atMs, ...asked } as const
    return [...this.#errorTo(datagram, 'file-not-found', atMs), { kind: 'event', event }]
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
    return [...this.#errorTo(datagram, reply, atMs), { kind: 'event', event }]
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

  #answersNow(client: Ipv4, nowMs: number): boolean {
    return this.#parts.answersNow?.(client, nowMs) ?? true
  }

  #isClient(address: Ipv4): boolean {
    return this.#clientSubnets.some((subnet) => subnetContains(subnet, address))
  }
}

/** Nearly always there is nothing before. */
function following(
  before: readonly TftpEffect[],
  effects: readonly TftpEffect[],
): readonly TftpEffect[] {
  return before.length === 0 ? effects : [...before, ...effects]
}

/** RFC 1123 sections 4.2.4 and 4.2.2.1: octet and netascii, and mail no more. */
function servedMode(mode: string): 'octet' | 'netascii' | undefined {
  return mode === 'octet' || mode === 'netascii' ? mode : undefined
}

function isRequest({ bytes, length }: Datagram): boolean {
  const opcode = bytes[1]
  return length >= 2 && bytes[0] === 0 && (opcode === OPCODE.read || opcode === OPCODE.write)
}
