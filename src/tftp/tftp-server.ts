import type { FileAnswer } from '../files/file-answer.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import { type Subnet, subnetContains } from '../net/subnet.ts'
import { decodePacket } from '../wire/tftp/decode-packet.ts'
import { OPCODE, type ReadOrWriteRequest, type TftpPacket } from '../wire/tftp/packet.ts'
import { WireError } from '../wire/wire-error.ts'
import type { Datagram } from './datagram.ts'
import { DropCounter, type DropCounts } from './drop-counter.ts'
import type { TftpEffect } from './effect.ts'
import { ErrorReplies, type ErrorReply } from './error-replies.ts'
import type { RequestRefused } from './events.ts'
import type { TidPool } from './tid-pool.ts'
import type { RunningTransfer } from './transfer-table.ts'
import {
  type FileHolder,
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
  readonly #errors = new ErrorReplies()
  readonly #drops = new DropCounter()
  #absent = 0
  #refused = 0

  constructor(settings: TftpServerSettings, parts: TftpServerParts) {
    this.#clientSubnets = settings.clientSubnets
    this.#parts = parts
    this.#transfers = new Transfers(settings, parts.holder, parts.tids)
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

  /** A datagram to the listening port: the only switch on the kind of packet. */
  onRequest(datagram: Datagram, nowMs: number): readonly TftpEffect[] {
    if (!this.#isClient(datagram.client)) {
      return this.#drops.request('not-a-client', datagram, nowMs)
    }
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
    const running = this.#transfers.of(datagram)
    if (running === undefined || running.transfer.peer.channel !== datagram.channel) {
      return this.#stranger(datagram, nowMs)
    }
    // Nearly every packet is an ACK, and none of them needs an object made for it.
    const block = blockOfAck(datagram)
    if (block === undefined) return this.#otherThanAck(running, datagram, nowMs)
    const effects = this.#transfers.onAck(running, block, nowMs)
    return typeof effects === 'string'
      ? this.#drops.transferPacket(effects, datagram, nowMs)
      : effects
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
    const earlier = this.#transfers.of(datagram)
    const repeated = earlier && this.#transfers.onRepeatedRequest(earlier, requestedName, nowMs)
    if (repeated !== undefined) {
      return [...this.#drops.request('repeated-request', datagram, nowMs), ...repeated]
    }
    // RFC 1350 section 4: a pair of ports is one transfer, so the client has given up the earlier.
    const ended = earlier === undefined ? [] : [this.#transfers.end(earlier, 'restarted', nowMs)]
    if (!this.#transfers.hasRoomFor(datagram)) {
      // Silence: the client asks again. A phone takes an ERROR for "no such file" and goes on.
      return [...ended, ...this.#drops.request('too-many-transfers', datagram, nowMs)]
    }
    const { client, clientPort } = datagram
    const answer = this.#parts.files.answer({ client, clientPort, requestedName, atMs: nowMs })
    if (answer.kind === 'silence') {
      return [...ended, ...this.#drops.request('silenced', datagram, nowMs)]
    }
    if (answer.kind === 'absent')
      return [...ended, ...this.#absence(requestedName, datagram, nowMs)]
    const grant = { requestedName, name: answer.name, file: answer.file, mode, options }
    return [...ended, ...this.#transfers.begin(grant, datagram, nowMs)]
  }

  #absence(requestedName: string, datagram: Datagram, atMs: number): readonly TftpEffect[] {
    this.#absent++
    const { client, clientPort: clientTid } = datagram
    const event = { event: 'tftp.request.absent', client, clientTid, atMs, requestedName } as const
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

  #otherThanAck(
    running: RunningTransfer,
    datagram: Datagram,
    nowMs: number,
  ): readonly TftpEffect[] {
    const packet = decode(datagram)
    if (packet?.kind !== 'error') {
      return this.#drops.transferPacket('not-an-ack', datagram, nowMs)
    }
    // RFC 1350 section 7: an ERROR ends the transfer at once and is not answered.
    const { code, message } = packet
    return [this.#transfers.end(running, 'client-error', nowMs, { code, message })]
  }

  /** RFC 1350 section 4: from a wrong TID; the transfer on this socket is not disturbed. */
  #stranger(datagram: Datagram, nowMs: number): readonly TftpEffect[] {
    // A duplicate of the last ACK is no stranger: an ERROR would hit the client's next transfer.
    if (this.#transfers.hasJustEnded(datagram, nowMs)) {
      return this.#drops.transferPacket('late', datagram, nowMs)
    }
    const dropped = this.#drops.transferPacket('unknown-tid', datagram, nowMs)
    const packet = decode(datagram)
    if (packet === undefined || packet.kind === 'error' || !this.#isClient(datagram.client)) {
      return dropped
    }
    return [...dropped, ...this.#errors.to(datagram, 'unknown-tid', datagram.channel, nowMs)]
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

/** The packet; undefined where there is none. */
function decode({ bytes, length }: Datagram): TftpPacket | undefined {
  try {
    return decodePacket(bytes.subarray(0, length))
  } catch (error) {
    /* c8 ignore next -- the codec's laws say that it throws nothing else */
    if (!(error instanceof WireError)) throw error
    return undefined
  }
}

function isRequest({ bytes, length }: Datagram): boolean {
  const opcode = bytes[1]
  return length >= 2 && bytes[0] === 0 && (opcode === OPCODE.read || opcode === OPCODE.write)
}

/** The block number of an ACK (RFC 1350 section 5); undefined for any other packet. */
function blockOfAck({ bytes, length }: Datagram): number | undefined {
  if (length < 4 || bytes[0] !== 0 || bytes[1] !== OPCODE.ack) return undefined
  return (bytes[2] as number) * 256 + (bytes[3] as number)
}
