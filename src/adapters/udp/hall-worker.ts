import { setImmediate } from 'node:timers/promises'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { TftpEffect } from '../../tftp/effect.ts'
import { TransferHall } from '../../tftp/transfer-hall.ts'
import { chooseSockets } from './choose-sockets.ts'
import { type FromHall, type HallData, monotonicMs, type ToHall } from './hall-message.ts'
import { loadLibc } from './native/libc.ts'
import { TransferSockets } from './transfer-sockets.ts'
import type { UdpSockets } from './udp-socket.ts'

/** Longer than an ACK or an ERROR with its words has any reason to be. */
const MAX_DATAGRAM_BYTES = 1024

/** A thread that runs transfers: an engine and its sockets, told what to do by the main thread. */
class HallThread {
  readonly #port: MessagePort
  readonly #data: HallData
  readonly #hall: TransferHall
  readonly #transferSockets: TransferSockets
  readonly #clockMs: () => number
  readonly #onFault = (fault: unknown) => this.#say({ kind: 'fault', message: String(fault) })
  #sockets: UdpSockets | undefined
  #timer: NodeJS.Timeout | undefined
  #isReportDue = false

  constructor(port: MessagePort, data: HallData) {
    this.#port = port
    this.#data = data
    const offsetMs = data.clockOffsetMs + monotonicMs() - performance.now()
    this.#clockMs = () => Math.round(offsetMs + performance.now())
    this.#transferSockets = new TransferSockets(data.sockets, {
      onDatagram: (datagram) =>
        this.#perform(this.#hall.onTransferPacket(datagram, this.#clockMs())),
      onFault: this.#onFault,
    })
    this.#hall = new TransferHall(data.settings, this.#transferSockets.pool)
  }

  async open(): Promise<void> {
    const { choice } = this.#data.sockets
    const needs = { choice, maxDatagramBytes: MAX_DATAGRAM_BYTES, onFault: this.#onFault }
    const { sockets } = await chooseSockets(needs, await loadLibc())
    this.#sockets = sockets
    await this.#transferSockets.open(sockets)
    this.#port.on('message', (message: ToHall) => void this.#onMessage(message))
    this.#say({ kind: 'opened' })
  }

  async #onMessage(message: ToHall): Promise<void> {
    if (message.kind === 'client-subnets') {
      this.#hall.replaceClientSubnets(message.clientSubnets)
      return
    }
    const { order } = message
    // What clients sent before it is told of first: the sockets have their turn.
    if (order.kind === 'fence') await this.#settle()
    this.#perform(this.#hall.onOrder(order, this.#clockMs()))
    this.#sockets?.flush()
    this.#reportSoon()
  }

  /** Waits until what has arrived is read. */
  async #settle(): Promise<void> {
    this.#sockets?.receiveWaiting()
    await setImmediate()
  }

  #perform(effects: readonly TftpEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send-blocks' || effect.kind === 'send')
        this.#transferSockets.send(effect)
      else this.#reportSoon()
    }
    if (this.#timer === undefined) this.#armTimer()
  }

  #armTimer(): void {
    const { nextWakeAtMs } = this.#hall
    if (nextWakeAtMs === undefined) return
    const delayMs = Math.max(0, Math.ceil(nextWakeAtMs - this.#clockMs()))
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#perform(this.#hall.onWake(this.#clockMs()))
      this.#sockets?.flush()
      // Who has acknowledged, and what was dropped, is told with the scan at the latest.
      this.#report()
    }, delayMs)
  }

  /** One report for all that happens in one turn of the event loop. */
  #reportSoon(): void {
    if (this.#isReportDue) return
    this.#isReportDue = true
    void setImmediate().then(() => {
      this.#isReportDue = false
      this.#report()
    })
  }

  #report(): void {
    const report = this.#hall.takeReport()
    if (report !== undefined) this.#say({ kind: 'report', report })
  }

  #say(message: FromHall): void {
    this.#port.postMessage(message)
  }
}

// On the main thread there is no port: importing this file does nothing there.
if (parentPort !== null) await new HallThread(parentPort, workerData as HallData).open()
