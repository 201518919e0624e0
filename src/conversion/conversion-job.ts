import { generationOfFirstRequest, type RequestedFile } from '../phones/requested-file.ts'
import { type AddressSign, readAddress } from './address-reading.ts'
import { bootProof } from './boot-proof.ts'
import {
  type BootReading,
  beginBoot,
  followBoot,
  followRequest,
  type Generation,
  readAbsence,
  readFile,
  readImage,
  type TransferEnd,
} from './boot-reading.ts'
import {
  type Conversion,
  type ConversionStep,
  type Diagnosis,
  type StepStage,
  waitingStep,
} from './conversion.ts'
import { currentLoad } from './current-load.ts'
import { diagnose } from './diagnosis/diagnose.ts'
import type { ConversionEffect } from './effect.ts'
import type { ConversionEvent } from './events.ts'
import { NO_OTHER_WAY, type OtherWay } from './other-way.ts'
import { isImageOf, isLastImageOf, type Target } from './target.ts'

/** How a file of this phone travels. */
export type TransferSign = {
  readonly file: string
  readonly bytes: number
  readonly of: number
  readonly outcome: 'progress' | TransferEnd
}

/** Diagnoses of a phone that will not take the step's image, whatever the network does. */
const REFUSALS: ReadonlySet<string> = new Set(['image-refused', 'refuses-newer-sip'])

/** Diagnoses are looked for this long after the last sign: just past the patience of most. */
const CHECK_AFTER_MS = 61_000

/**
 * One phone on its steps, moved by what it asks for and gets.
 *
 * It owns no clock and no store. Each method takes the current time and returns what the caller
 * must do, so a whole conversion is a list of requests in and a list of effects out.
 */
export class ConversionJob {
  #conversion: Conversion
  #targets: readonly Target[]
  readonly #otherWay: (conversion: Conversion, reading: BootReading | null) => OtherWay
  #reading: BootReading | null = null
  #lastSignAtMs: number | null = null
  #flashedBoots = 0
  #brokenTransfers = 0
  /** The step began in mid-boot: what this boot still asks for says nothing about it. */
  #awaitsBoot = false
  #wakeAtMs: number | null = null
  #effects: ConversionEffect[] = []

  /**
   * @param targets - One for each step, in order.
   * @param otherWay - Asked when the phone refuses the step under way.
   */
  constructor(
    conversion: Conversion,
    targets: readonly Target[],
    otherWay: (conversion: Conversion, reading: BootReading | null) => OtherWay = () =>
      NO_OTHER_WAY,
  ) {
    this.#conversion = conversion
    this.#targets = targets
    this.#otherWay = otherWay
  }

  get conversion(): Conversion {
    return this.#conversion
  }

  /** What the present boot has shown; null before the first. */
  get reading(): BootReading | null {
    return this.#reading
  }

  /** When silence would tell something; null where nothing is waited for. */
  get wakeAtMs(): number | null {
    return this.#wakeAtMs
  }

  /** The load of the step under way; undefined when there is none. */
  get target(): Target | undefined {
    return this.isOver() ? undefined : this.#targets[this.#conversion.step]
  }

  /** Whether nothing that the phone does can change it any more. */
  isOver(): boolean {
    return this.#conversion.state === 'confirmed' || this.#conversion.state === 'cancelled'
  }

  /** The phone starts: a DISCOVER, or a REQUEST in state INIT-REBOOT. */
  onBoot(generation: Generation | null, nowMs: number): readonly ConversionEffect[] {
    if (this.isOver()) return []
    this.#reading = followBoot(this.#reading, generation, nowMs)
    this.#enterBoot(nowMs)
    return this.#settle(nowMs)
  }

  /** What DHCP did with a message of the phone. */
  onAddress(sign: AddressSign, nowMs: number): readonly ConversionEffect[] {
    if (this.isOver()) return []
    const reading = this.#reading ?? beginBoot(nowMs, null)
    this.#reading = { ...reading, address: readAddress(reading.address, sign) }
    return this.#settle(nowMs)
  }

  /**
   * The phone asks for a file. To be called before the answer is chosen: the first request of a
   * boot may end a step, and is then answered by the next one.
   */
  onRequest(file: RequestedFile, nowMs: number): readonly ConversionEffect[] {
    if (this.isOver()) return []
    const { reading, opened } = followRequest(this.#reading, file, nowMs)
    this.#reading = reading
    if (opened || (this.#stage() === 'waiting' && !this.#awaitsBoot)) this.#enterBoot(nowMs)
    // A stalled phone that repeats what stalled it is not on its way again.
    if (this.#stage() === 'stalled' && this.#diagnose(nowMs) === null) this.#enterBoot(nowMs)
    if (this.#isPassedBy(file)) this.#confirmStep(nowMs, 'booting')
    return this.#settle(nowMs)
  }

  /** The file that was just asked for does not exist for this phone. */
  onAbsent(name: string, nowMs: number): readonly ConversionEffect[] {
    if (this.isOver() || this.#reading === null) return []
    this.#reading = readAbsence(this.#reading, name)
    return this.#settle(nowMs)
  }

  /** A file travels to the phone, or has ended. */
  onTransfer(sign: TransferSign, nowMs: number): readonly ConversionEffect[] {
    const target = this.target
    if (target === undefined) return []
    if (!isImageOf(target, sign.file)) return this.#onOtherFile(sign, nowMs)
    if (sign.outcome !== 'progress') {
      this.#reading = readImage(this.#reading ?? beginBoot(nowMs, null), sign.file, sign.outcome)
    }
    const progress = { file: sign.file, bytes: sign.bytes, of: sign.of }
    if (sign.outcome === 'completed') {
      this.#brokenTransfers = 0
      if (isLastImageOf(target, sign.file)) this.#flashedBoots++
      this.#changeStep({ stage: 'flashing', progress }, nowMs, sign.file)
    } else {
      if (sign.outcome !== 'progress') this.#brokenTransfers++
      this.#changeStep({ stage: 'fetching', progress }, nowMs, sign.file)
    }
    return this.#settle(nowMs)
  }

  #onOtherFile(sign: TransferSign, nowMs: number): readonly ConversionEffect[] {
    if (sign.outcome === 'progress' || this.#reading === null) return []
    this.#reading = readFile(this.#reading, sign.file, sign.outcome)
    return this.#settle(nowMs)
  }

  /** Time has passed. */
  onWake(nowMs: number): readonly ConversionEffect[] {
    if (this.isOver()) return []
    if (this.#wakeAtMs !== null && this.#wakeAtMs <= nowMs) this.#wakeAtMs = null
    this.#judge(nowMs)
    return this.#take()
  }

  /** An operator ends it. Its phone sees the files of its own load again. */
  cancel(nowMs: number): readonly ConversionEffect[] {
    if (this.isOver()) return []
    const { mac, state } = this.#conversion
    this.#update({ state: 'cancelled' }, nowMs)
    this.#note({ event: 'conversion.cancelled', mac, state })
    return this.#take()
  }

  /** The step under way; there is one until the job is over. */
  #step(): ConversionStep {
    return this.#conversion.steps[this.#conversion.step] as ConversionStep
  }

  #target(): Target {
    return this.#targets[this.#conversion.step] as Target
  }

  #isLastStep(): boolean {
    return this.#conversion.step === this.#conversion.steps.length - 1
  }

  #enterBoot(nowMs: number): void {
    this.#awaitsBoot = false
    const flashed = this.#lastImageArrived() || ['flashing', 'rebooting'].includes(this.#stage())
    this.#changeStep({ stage: flashed ? 'rebooting' : 'booting' }, nowMs, null)
  }

  #stage(): StepStage {
    return this.#step().stage
  }

  /** Read from what is stored, so that a restart of the appliance does not forget it. */
  #lastImageArrived(): boolean {
    const { progress } = this.#step()
    if (progress === null) return false
    return progress.bytes === progress.of && isLastImageOf(this.#target(), progress.file)
  }

  /**
   * A step in the middle of a ladder is over when its last image arrived whole and the phone then
   * starts as that kind of load does. Waiting for a full proof would cost a power-cycle by hand on
   * every rung, because the phone reads what names the next load only while it starts.
   */
  #isPassedBy(file: RequestedFile): boolean {
    if (this.#isLastStep() || this.#stage() !== 'rebooting') return false
    if (!this.#lastImageArrived()) return false
    return generationOfFirstRequest(file) === (this.#target().ual ? 'ual' : 'pre-ual')
  }

  /** Looks at what is known now, and asks to be called again when silence would tell more. */
  #settle(nowMs: number): readonly ConversionEffect[] {
    this.#lastSignAtMs = nowMs
    this.#judge(nowMs)
    return this.#take()
  }

  #judge(nowMs: number): void {
    if (this.#awaitsBoot) return
    const proof =
      this.#reading === null
        ? null
        : bootProof(this.#target(), this.#reading, this.#lastImageArrived())
    const quiet = proof?.kind === 'running-if-quiet'
    if (proof?.kind === 'running' || (quiet && nowMs >= proof.untilMs)) {
      this.#confirmStep(nowMs, 'waiting')
    } else if (quiet) {
      this.#wakeAt(proof.untilMs, nowMs)
    } else if (this.#conversion.state !== 'stalled') {
      this.#lookForTrouble(nowMs)
    }
  }

  #lookForTrouble(nowMs: number): void {
    const diagnosis = this.#diagnose(nowMs)
    if (diagnosis !== null) this.#stall(diagnosis, nowMs)
    else if (this.#stage() !== 'waiting') this.#wakeAt(nowMs + CHECK_AFTER_MS, nowMs)
  }

  #diagnose(nowMs: number): Diagnosis | null {
    return diagnose({
      step: this.#step(),
      target: this.#target(),
      reading: this.#reading,
      lastSignAtMs: this.#lastSignAtMs,
      flashedBoots: this.#flashedBoots,
      brokenTransfers: this.#brokenTransfers,
      nowMs,
      running: currentLoad(this.#conversion),
    })
  }

  /** One wake at a time: an earlier one that is still to come finds the later reason by itself. */
  #wakeAt(atMs: number, nowMs: number): void {
    const pending = this.#wakeAtMs !== null && this.#wakeAtMs > nowMs && this.#wakeAtMs <= atMs
    if (pending) return
    this.#wakeAtMs = atMs
    this.#effects.push({ kind: 'wake', atMs })
  }

  #confirmStep(nowMs: number, nextStage: StepStage): void {
    const { mac, to, startedAtMs, step } = this.#conversion
    const { load } = this.#step()
    this.#changeStep({ stage: 'confirmed' }, nowMs, null)
    this.#flashedBoots = 0
    this.#brokenTransfers = 0
    this.#note({ event: 'conversion.step.confirmed', mac, load })
    const isEnd = this.#isLastStep()
    this.#update({ step: step + 1, state: isEnd ? 'confirmed' : 'running', diagnosis: null }, nowMs)
    if (isEnd) {
      const seconds = Math.round((nowMs - startedAtMs) / 1000)
      this.#note({ event: 'conversion.confirmed', mac, to, seconds })
    } else {
      this.#awaitsBoot = nextStage === 'waiting'
      this.#changeStep({ stage: nextStage }, nowMs, null)
    }
  }

  #stall(found: Diagnosis, nowMs: number): void {
    this.#flashedBoots = 0
    this.#brokenTransfers = 0
    const other = REFUSALS.has(found.code)
      ? this.#otherWay(this.#conversion, this.#reading)
      : NO_OTHER_WAY
    if (other.kind === 'found') {
      this.#takeOtherWay(other, found, nowMs)
      return
    }
    const diagnosis = other.kind === 'missing' ? { ...found, remedy: other.remedy } : found
    this.#changeStep({ stage: 'stalled' }, nowMs, null)
    this.#update({ state: 'stalled', diagnosis }, nowMs)
    this.#note({ event: 'conversion.stalled', mac: this.#conversion.mac, diagnosis })
  }

  /** Goes on from the load that the phone runs, round the step that it has refused. */
  #takeOtherWay(
    { steps, targets }: OtherWay & { readonly kind: 'found' },
    diagnosis: Diagnosis,
    nowMs: number,
  ): void {
    const { mac, step, steps: before, refused } = this.#conversion
    const { load } = this.#step()
    const ahead = steps.map((each) => waitingStep(each, nowMs))
    this.#targets = [...this.#targets.slice(0, step), ...targets]
    this.#update(
      {
        steps: [...before.slice(0, step), ...ahead],
        refused: [...refused, { from: currentLoad(this.#conversion), to: load }],
      },
      nowMs,
    )
    this.#awaitsBoot = true
    const loads = steps.map((each) => each.load)
    this.#note({ event: 'conversion.replanned', mac, refused: load, steps: loads, diagnosis })
  }

  #changeStep(
    change: Partial<Pick<ConversionStep, 'stage' | 'progress'>>,
    nowMs: number,
    file: string | null,
  ): void {
    const before = this.#step()
    const moved = change.stage !== undefined && change.stage !== before.stage
    const after = { ...before, ...change, stageSinceMs: moved ? nowMs : before.stageSinceMs }
    const steps = this.#conversion.steps.map((step) => (step === before ? after : step))
    const { mac, state } = this.#conversion
    const runs = after.stage !== 'waiting' && after.stage !== 'stalled' && !this.isOver()
    if (runs && state === 'stalled') {
      this.#note({ event: 'conversion.resumed', mac, load: after.load })
    }
    this.#update(runs ? { steps, state: 'running', diagnosis: null } : { steps }, nowMs, moved)
    if (moved && after.stage !== 'stalled') {
      const { load, stage } = after
      this.#note({ event: 'conversion.stage.changed', mac, load, stage, file })
    }
  }

  #update(change: Partial<Conversion>, nowMs: number, durable = true): void {
    const revision = this.#conversion.revision + 1
    this.#conversion = { ...this.#conversion, ...change, updatedAtMs: nowMs, revision }
    this.#effects.push({ kind: 'changed', conversion: this.#conversion, durable })
  }

  #note(event: ConversionEvent): void {
    this.#effects.push({ kind: 'note', event })
  }

  #take(): readonly ConversionEffect[] {
    const effects = this.#effects
    this.#effects = []
    return effects
  }
}
