import type { HallOrder } from '../../src/tftp/hall-order.ts'
import { type HallSettings, TransferHall } from '../../src/tftp/transfer-hall.ts'
import type { TftpPacket } from '../../src/wire/tftp/packet.ts'
import {
  type Answer,
  aDatagram,
  answerOf,
  LAB_SETTINGS,
  NumberedTids,
  type TftpLab,
} from './tftp-lab.ts'

/** One more thread's engine beside that of a lab, which hears of it at once. */
export class HallLab {
  readonly tids = new NumberedTids()
  readonly hall: TransferHall
  readonly #lab: TftpLab
  readonly #number: number

  constructor(lab: TftpLab, number: number, settings: Partial<HallSettings> = {}) {
    this.#lab = lab
    this.#number = number
    this.hall = new TransferHall({ ...LAB_SETTINGS, ...settings }, this.tids)
    lab.server.onHallOpened(number)
  }

  /** Carries out the orders of an answer that are for this hall, as if from another thread. */
  obey({ orders }: Pick<Answer, 'orders'>, nowMs: number): Answer {
    const effects = orders
      .filter(({ hall }) => hall === this.#number)
      .flatMap(({ order }) => this.hall.onOrder(structuredClone<HallOrder>(order), nowMs))
    return answerOf(effects)
  }

  /** To the port of a transfer; to that of the first one unless said otherwise. */
  packet(packet: TftpPacket, nowMs: number, from: Parameters<typeof aDatagram>[1] = {}): Answer {
    const where = { channel: 100, ...from }
    return answerOf(this.hall.onTransferPacket(aDatagram(packet, where), nowMs))
  }

  ack(block: number, nowMs: number, from: Parameters<typeof aDatagram>[1] = {}): Answer {
    return this.packet({ kind: 'ack', block }, nowMs, from)
  }

  /** Tells the listener's side what happened, and gives its answer. */
  report(nowMs: number): Answer {
    const report = this.hall.takeReport()
    if (report === undefined) return answerOf([])
    return answerOf(this.#lab.server.onHallReport(this.#number, structuredClone(report), nowMs))
  }
}
