import { OPCODE } from '../wire/tftp/packet.ts'
import { type Datagram, decode } from './datagram.ts'
import type { DropCounter } from './drop-counter.ts'
import type { TftpEffect } from './effect.ts'
import type { ErrorReplies } from './error-replies.ts'
import type { RunningTransfer } from './transfer-table.ts'
import type { Transfers } from './transfers.ts'

/** What the packets of transfers are read with. */
export type TransferPacketParts = {
  readonly transfers: Transfers
  readonly drops: DropCounter
  readonly errors: ErrorReplies
  /** Whether one is answered at all. */
  readonly isClient: (datagram: Datagram, nowMs: number) => boolean
}

/** Reads what comes to the ports of transfers: ACK, ERROR, and what belongs to none of them. */
export class TransferPackets {
  readonly #parts: TransferPacketParts

  constructor(parts: TransferPacketParts) {
    this.#parts = parts
  }

  /** A datagram to the port of a transfer. */
  onPacket(datagram: Datagram, nowMs: number): readonly TftpEffect[] {
    const { transfers, drops } = this.#parts
    const running = transfers.table.find(datagram)
    if (running === undefined || running.transfer.peer.channel !== datagram.channel) {
      return this.#unknown(datagram, nowMs)
    }
    // Nearly every packet is an ACK, and none of them needs an object made for it.
    const block = blockOfAck(datagram)
    if (block === undefined) return this.#otherThanAck(running, datagram, nowMs)
    const effects = transfers.onAck(running, block, nowMs)
    return typeof effects === 'string' ? drops.transferPacket(effects, datagram, nowMs) : effects
  }

  #otherThanAck(
    running: RunningTransfer,
    datagram: Datagram,
    nowMs: number,
  ): readonly TftpEffect[] {
    const { transfers, drops } = this.#parts
    const packet = decode(datagram)
    if (packet?.kind !== 'error') return drops.transferPacket('not-an-ack', datagram, nowMs)
    // RFC 1350 section 7: an ERROR ends the transfer at once and is not answered.
    const { code, message } = packet
    return [transfers.end(running, 'client-error', nowMs, { code, message })]
  }

  /** RFC 1350 section 4: from a wrong TID; the transfer on this socket is not disturbed. */
  #unknown(datagram: Datagram, nowMs: number): readonly TftpEffect[] {
    const { transfers, drops, errors, isClient } = this.#parts
    // A duplicate of the last ACK is not answered: an ERROR would hit the client's next transfer.
    if (transfers.table.hasJustEnded(datagram, nowMs)) {
      return drops.transferPacket('late', datagram, nowMs)
    }
    const dropped = drops.transferPacket('unknown-tid', datagram, nowMs)
    const packet = decode(datagram)
    if (packet === undefined || packet.kind === 'error' || !isClient(datagram, nowMs))
      return dropped
    return [...dropped, ...errors.to(datagram, 'unknown-tid', datagram.channel, nowMs)]
  }
}

/** The block number of an ACK (RFC 1350 section 5); undefined for any other packet. */
function blockOfAck({ bytes, length }: Datagram): number | undefined {
  if (length < 4 || bytes[0] !== 0 || bytes[1] !== OPCODE.ack) return undefined
  return (bytes[2] as number) * 256 + (bytes[3] as number)
}
