import { TokenBucket } from '../net/token-bucket.ts'
import type { Datagram } from './datagram.ts'
import type { TftpEffect } from './effect.ts'
import type { DropReason, RequestDrop, TransferDrop } from './events.ts'

/** How many packets were dropped, by reason. */
export type DropCounts = Readonly<Record<DropReason, number>>

/** Events about dropped packets in one second, at most. */
const REPORTS_PER_SECOND = 5

/** Counts every packet that had no effect, and reports a few of them: a flood must not fill a log. */
export class DropCounter {
  readonly #counts: Record<DropReason, number> = {
    'not-a-client': 0,
    'left-to-owner': 0,
    silenced: 0,
    'not-a-packet': 0,
    'malformed-request': 0,
    'not-a-request': 0,
    error: 0,
    'repeated-request': 0,
    'too-many-transfers': 0,
    'unknown-tid': 0,
    late: 0,
    'stale-ack': 0,
    'future-ack': 0,
    'not-an-ack': 0,
  }
  readonly #reports = new TokenBucket({
    burst: REPORTS_PER_SECOND,
    perSecond: REPORTS_PER_SECOND,
  })

  /** A snapshot. */
  counts(): DropCounts {
    return { ...this.#counts }
  }

  /** A packet to the listening port. */
  request(reason: RequestDrop, datagram: Datagram, nowMs: number): readonly TftpEffect[] {
    if (!this.#isReported(reason, nowMs)) return []
    return [
      {
        kind: 'event',
        event: { event: 'tftp.request.ignored', ...about(datagram, nowMs), reason },
      },
    ]
  }

  /** A packet to the listening port that another appliance answers. */
  leftToOwner(): readonly TftpEffect[] {
    this.#counts['left-to-owner']++
    return []
  }

  /** A packet to the port of a transfer. */
  transferPacket(reason: TransferDrop, datagram: Datagram, nowMs: number): readonly TftpEffect[] {
    if (!this.#isReported(reason, nowMs)) return []
    return [
      { kind: 'event', event: { event: 'tftp.packet.dropped', ...about(datagram, nowMs), reason } },
    ]
  }

  #isReported(reason: DropReason, nowMs: number): boolean {
    this.#counts[reason]++
    return this.#reports.take(nowMs)
  }
}

function about({ client, clientPort }: Datagram, atMs: number) {
  return { client, clientTid: clientPort, atMs }
}
