import type { TftpPacket } from '../../src/wire/tftp/packet.ts'
import type { LossyNetwork } from './lossy-network.ts'
import { type Answer, anRrq, type TftpLab } from './tftp-lab.ts'

/** Less patient than the server, as many clients are: it asks and acknowledges again by itself. */
const RETRY_MS = 700
const ATTEMPTS = 20

/**
 * A client by RFC 1350, RFC 2347 and RFC 7440 that reads `file` from an engine over a network with
 * faults. Written from the documents, with nothing of the server in it.
 */
export class LossyDownload {
  readonly #lab: TftpLab
  readonly #network: LossyNetwork
  readonly #blockSize: number
  readonly #parts: Uint8Array[] = []
  /** DATA packets that the server sent, whether they arrived or not. */
  blocksSent = 0
  #expected = 1
  #windowSize = 1
  #inWindow = 0
  #serverChannel = -1
  #isDone = false
  #attempts = 0
  #sent = 0

  constructor(lab: TftpLab, network: LossyNetwork, options: Readonly<Record<string, string>>) {
    this.#lab = lab
    this.#network = network
    this.#blockSize = Number(options['blksize'] ?? 512)
    this.#send(anRrq('file', options))
  }

  /** What has arrived, in the order of the blocks. */
  get bytes(): Uint8Array {
    return Buffer.concat(this.#parts)
  }

  #send(packet: TftpPacket): void {
    const channel = this.#serverChannel
    this.#network.carry(() => this.#toServer(packet, channel))
    const number = ++this.#sent
    this.#network.at(this.#network.nowMs + RETRY_MS, () => {
      if (number !== this.#sent || this.#isDone || ++this.#attempts > ATTEMPTS) return
      this.#send(packet)
    })
  }

  #toServer(packet: TftpPacket, channel: number): void {
    const { nowMs } = this.#network
    const isFirst = channel < 0
    this.#fromServer(
      isFirst ? this.#lab.request(packet, nowMs) : this.#lab.packet(packet, nowMs, { channel }),
    )
  }

  #fromServer({ packets, sent }: Answer): void {
    for (const [index, packet] of packets.entries()) {
      if (packet.kind === 'data') this.blocksSent++
      const channel = sent[index]?.channel ?? -1
      this.#network.carry(() => this.#receive(packet, channel))
    }
    const wakeAtMs = this.#lab.server.nextWakeAtMs
    if (wakeAtMs === undefined) return
    this.#network.at(wakeAtMs, () => this.#fromServer(this.#lab.wake(this.#network.nowMs)))
  }

  #receive(packet: TftpPacket, channel: number): void {
    if (this.#serverChannel < 0) this.#serverChannel = channel
    if (channel !== this.#serverChannel) {
      // RFC 1350 section 4: a second transfer for one request is told so, the first one kept.
      const other = { kind: 'error', code: 5, message: '' } as const
      this.#network.carry(() => this.#toServer(other, channel))
      return
    }
    if (packet.kind === 'options-ack') {
      this.#windowSize = Number(packet.options.get('windowsize') ?? 1)
      if (this.#expected === 1) this.#send({ kind: 'ack', block: 0 })
    }
    if (packet.kind === 'data') this.#onData(packet.block, packet.payload)
  }

  #onData(block: number, payload: Uint8Array): void {
    const isExpected = block === (this.#expected & 0xffff)
    if (isExpected) {
      this.#attempts = 0
      this.#parts.push(Uint8Array.from(payload))
      this.#expected++
      this.#inWindow++
      this.#isDone = payload.length < this.#blockSize
    }
    // RFC 7440 section 4: at the end of a window, and at once where a block is missing.
    if (isExpected && !this.#isDone && this.#inWindow < this.#windowSize) return
    this.#inWindow = 0
    this.#send({ kind: 'ack', block: (this.#expected - 1) & 0xffff })
  }
}
