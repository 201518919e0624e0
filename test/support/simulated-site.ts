import type { ConversionEngine } from '../../src/conversion/conversion-engine.ts'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import type { Tracking } from '../../src/services/tracking/tracking.ts'
import type {
  BootSequence,
  FileReply,
  WantedFile,
} from '../../src/simulator/boot-sequences/boot-step.ts'
import { bootSequence } from '../../src/simulator/phone-boot.ts'
import { flashRunning, type PhoneFlash } from '../../src/simulator/phone-flash.ts'
import { DEFAULT_QUIRKS } from '../../src/simulator/phone-quirks.ts'
import { DEFAULT_TIMING } from '../../src/simulator/phone-timing.ts'
import { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import { turn } from './slow-store.ts'

/** What the phones of a site talk to. */
export type SiteServer = {
  readonly tracking: Pick<Tracking, 'answer'>
  readonly engine: ConversionEngine
}

type SitePhone = {
  readonly mac: Mac
  readonly address: Ipv4
  flash: PhoneFlash
  sequence: BootSequence | null
  replies: readonly FileReply[]
  wantedLoad: string | null
  nextAtMs: number
  /** The load that it runs; null while it boots. */
  running: string | null
}

/**
 * Many simulated phones against one appliance's files, in time that is passed: they boot, fetch, flash and
 * start again by themselves. There are no packets; what a transfer reports is reported.
 */
export class SimulatedSite {
  nowMs: number
  readonly #phones = new Map<Mac, SitePhone>()
  #server: SiteServer

  constructor(server: SiteServer, nowMs: number) {
    this.#server = server
    this.nowMs = nowMs
  }

  /** Another appliance answers from now on. */
  connect(server: SiteServer): void {
    this.#server = server
  }

  /** A phone that is not switched on yet. */
  add(mac: Mac, address: Ipv4, load: string): void {
    this.#phones.set(mac, {
      mac,
      address,
      flash: flashRunning(load),
      sequence: null,
      replies: [],
      wantedLoad: null,
      nextAtMs: Number.POSITIVE_INFINITY,
      running: null,
    })
  }

  /** Switches a phone off and on. */
  powerCycle(mac: Mac): void {
    const phone = this.#phones.get(mac)
    if (phone !== undefined) this.#startAfter(phone, DEFAULT_TIMING.powerUpMs, null)
  }

  /** The load that a phone runs now. */
  runs(mac: Mac): string | null {
    return this.#phones.get(mac)?.running ?? null
  }

  /** Lets the time pass, and the appliance answer, until the phones have nothing more to do. */
  async settle(untilMs: number): Promise<void> {
    for (;;) {
      await turn()
      const next = this.#next()
      if (next === undefined || next.nextAtMs > untilMs) break
      this.nowMs = Math.max(this.nowMs, next.nextAtMs)
      this.#step(next)
    }
    this.nowMs = Math.max(this.nowMs, untilMs)
    this.#server.engine.onWake(this.nowMs)
    await turn()
  }

  #next(): SitePhone | undefined {
    let first: SitePhone | undefined
    for (const phone of this.#phones.values()) {
      if (phone.nextAtMs < (first?.nextAtMs ?? Number.POSITIVE_INFINITY)) first = phone
    }
    return first
  }

  #startAfter(phone: SitePhone, afterMs: number, wantedLoad: string | null): void {
    Object.assign(phone, { sequence: null, replies: [], wantedLoad, running: null })
    phone.nextAtMs = this.nowMs + afterMs
  }

  #step(phone: SitePhone): void {
    if (phone.sequence === null) {
      this.#server.engine.onBoot(phone.mac, null, this.nowMs)
      phone.sequence = bootSequence({
        mac: phone.mac,
        model: '7960',
        flash: phone.flash,
        quirks: DEFAULT_QUIRKS,
        timing: DEFAULT_TIMING,
        random: new PseudoRandom(1),
        hasTftpServer: true,
        isFactoryNew: false,
        wantedLoad: phone.wantedLoad,
        failedLoad: null,
      })
    }
    const result = phone.sequence.next(phone.replies)
    phone.replies = []
    phone.nextAtMs = this.nowMs
    if (result.done) {
      const end = result.value
      phone.running = end.kind === 'running' ? end.load : null
      phone.nextAtMs = Number.POSITIVE_INFINITY
      if (end.kind === 'restart') this.#startAfter(phone, 2_000, end.wantedLoad)
    } else if (result.value.kind === 'running') {
      phone.running = result.value.end.load
    } else if (result.value.kind === 'address') {
      this.#server.engine.onBoot(phone.mac, null, this.nowMs)
    } else if (result.value.kind === 'pause') {
      phone.nextAtMs = this.nowMs + result.value.pauseMs
    } else if (result.value.kind === 'write') {
      phone.flash = result.value.flash
    } else if (result.value.kind === 'ask') {
      phone.replies = result.value.files.map((file) => this.#fetch(phone, file))
    }
  }

  #fetch({ mac, address }: SitePhone, { name, maxBytes }: WantedFile): FileReply {
    const { tracking, engine } = this.#server
    const request = { client: address, clientPort: 50_000, requestedName: name, atMs: this.nowMs }
    const answer = tracking.answer(request)
    if (answer.kind === 'silence') return { kind: 'failed', reason: 'silence' }
    if (answer.kind === 'absent') return { kind: 'absent' }
    const { bytes } = answer.file
    const transfer = { file: answer.name, of: bytes.length }
    engine.onTransfer(mac, { ...transfer, bytes: 0, outcome: 'progress' }, this.nowMs)
    if (bytes.length > maxBytes) {
      engine.onTransfer(mac, { ...transfer, bytes: 0, outcome: 'failed' }, this.nowMs)
      return { kind: 'failed', reason: 'too-long' }
    }
    engine.onTransfer(mac, { ...transfer, bytes: bytes.length, outcome: 'completed' }, this.nowMs)
    return { kind: 'file', bytes }
  }
}
