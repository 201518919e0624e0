import { family } from '../phones/family/family.ts'
import { generationOfFirstRequest, type RequestedFile } from '../phones/requested-file.ts'
import { type AddressEvent, readAddress } from './address-state.ts'
import {
  type BootState,
  beginBoot,
  continuesPorts,
  followBoot,
  followRequest,
  type Generation,
  readAbsence,
  readFile,
  readImage,
  type TransferEnd,
} from './boot-state.ts'
import {
  type Conversion,
  type ConversionStep,
  type Diagnosis,
  type RestartMode,
  type StepStage,
  waitingStep,
} from './conversion.ts'
import { diagnose, diagnoseEndedStart, explainsMore } from './diagnosis/diagnose.ts'
import { STARTS_OF_A_LOOP } from './diagnosis/silence.ts'
import { inPhoneTime, type StepTrace } from './diagnosis/step-trace.ts'
import type { ConversionEffect, ConversionEvent } from './events.ts'
import {
  type Evidence,
  isContentStart,
  isSettledStart,
  judgeEvidence,
  judgeRegistration,
  NOT_PROVED,
  pageDueMs,
  type RegistrationSeen,
  type StepView,
  suspectedSinceMs,
} from './evidence.ts'
import { NO_OTHER_WAY, type OtherWay } from './other-way.ts'
import { clockMs, type PhoneTime, phoneMsBetween, REAL_TIME } from './phone-time.ts'
import { currentLoad } from './rollback.ts'
import { lacksLoader, takesSignedAlone } from './said-load.ts'
import {
  countStart,
  factsOfRequest,
  factsOfWholeFile,
  isFurther,
  isOnlyBytes,
  type Moment,
  NO_FACTS,
  reach,
  type StepFacts,
} from './step-facts.ts'
import { isImageOf, isLastImageOf, isLoadsOf, type Target } from './target.ts'

/** How a file of this phone travels. */
export type TransferEvent = {
  readonly file: string
  readonly bytes: number
  readonly of: number
  readonly outcome: 'progress' | TransferEnd
}

/** Diagnoses of a phone that will not take the step's image, whatever the network does. */
const REFUSALS: ReadonlySet<string> = new Set(['image-refused', 'refuses-newer-sip'])

/** What a job is given besides its conversion. */
export type JobOptions = {
  /** Asked when the phone refuses the step under way. */
  readonly otherWay?: (conversion: Conversion, boot: BootState | null) => OtherWay
  /** How fast the phone lives; a real one where it is left out. */
  readonly time?: PhoneTime
}

/** Diagnoses are looked for this long after the last event: just past the patience of most. */
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
  readonly #otherWay: (conversion: Conversion, boot: BootState | null) => OtherWay
  readonly #time: PhoneTime
  #boot: BootState | null = null
  /** The start ahead of the one that DHCP has opened. */
  #endedStart: BootState | null = null
  #lastEventAtMs: number | null = null
  #brokenTransfers = 0
  /** How far the phone was when it stalled; null while it has not. */
  #stalledAt: StepFacts | null
  /** The step began in mid-boot: what this boot still asks for says nothing about it. */
  #awaitsBoot = false
  #wakeAtMs: number | null = null
  /** The load that the phone's web page has named in this step. */
  #pageLoad: string | null = null
  /** Once a conversion: where it is stored, the worst is that a restart asks once more. */
  #hasAskedPage = false
  #effects: ConversionEffect[] = []

  /** @param targets - One for each step, in order. */
  constructor(conversion: Conversion, targets: readonly Target[], more: JobOptions = {}) {
    this.#conversion = conversion
    this.#targets = targets
    this.#otherWay = more.otherWay ?? (() => NO_OTHER_WAY)
    this.#time = more.time ?? REAL_TIME
    const isStalled = conversion.state === 'stalled'
    this.#stalledAt = isStalled ? this.#facts() : null
    const start = this.isOver() ? null : this.#facts().start
    this.#boot = start === null ? null : { ...beginBoot(start.lastRequestAtMs, null), ...start }
  }

  get conversion(): Conversion {
    return this.#conversion
  }

  /** What the present boot has shown; null before the first. */
  get boot(): BootState | null {
    return this.#boot
  }

  /**
   * What the phone has on board by its present start or, ahead of one, by what it has shown before. To
   * be asked for while the job is under way.
   */
  get generation(): Generation | null {
    const { step } = this.#conversion
    const reached = this.#targets[step - 1]
    const before = reached === undefined ? null : reached.ual ? 'ual' : 'pre-ual'
    return this.#boot?.generation ?? this.#facts().before.generation ?? before
  }

  /** When silence would tell something; null where nothing is waited for. */
  get wakeAtMs(): number | null {
    return this.#wakeAtMs
  }

  /** The load of the step under way; undefined when there is none. */
  get target(): Target | undefined {
    return this.isOver() ? undefined : this.#targets[this.#conversion.step]
  }

  /**
   * The load that the phone is taken to run: that of the step as soon as its last image arrived
   * whole, because the first start of a new load must find all of its configuration.
   */
  get takenToRun(): string | null {
    const facts = this.isOver() ? NO_FACTS : this.#facts()
    const isFlashed = facts.lastImageAtMs !== null && facts.refused === null
    return isFlashed ? this.#step().load : currentLoad(this.#conversion)
  }

  /**
   * Whether the step assumes a universal loader and the phone has shown that it has none: what it
   * would be served could take it over 5.0, and there is no way back.
   */
  get isBarred(): boolean {
    return !this.isOver() && lacksLoader(this.#facts(), currentLoad(this.#conversion))
  }

  /** Whether the phone is said to be past 5.0: an unsigned image is not for it. */
  get takesSignedAlone(): boolean {
    return !this.isOver() && takesSignedAlone(currentLoad(this.#conversion))
  }

  /** Whether nothing that the phone does can change it any more. */
  isOver(): boolean {
    return this.#conversion.state === 'confirmed' || this.#conversion.state === 'cancelled'
  }

  /** The phone starts: a DISCOVER, or a REQUEST in state INIT-REBOOT. */
  onBoot(generation: Generation | null, nowMs: number): readonly ConversionEffect[] {
    if (this.isOver()) return []
    const before = this.#boot
    this.#endBoot(before, nowMs)
    if (before !== null && before.lastRequestAtMs !== null) this.#endedStart = before
    this.#boot = followBoot(before, generation, nowMs)
    if (this.#facts().start !== null) this.#learn({ ...this.#facts(), start: null }, nowMs)
    // An application asks DHCP again by itself: only a start without any request counts twice.
    if (before?.lastRequestAtMs === null && before !== this.#boot) {
      this.#countStart(nowMs, before)
    }
    this.#enterBoot(nowMs)
    return this.#settle(nowMs)
  }

  /** What DHCP did with a message of the phone. */
  onAddress(event: AddressEvent, nowMs: number): readonly ConversionEffect[] {
    if (this.isOver()) return []
    const boot = this.#boot ?? beginBoot(nowMs, null)
    this.#boot = { ...boot, address: readAddress(boot.address, event) }
    if (event.kind === 'granted') this.#learn(reach(this.#facts(), 'address'), nowMs)
    return this.#settle(nowMs)
  }

  /**
   * The phone asks for a file. To be called before the answer is chosen: a request may end a step,
   * and is then answered by the next one.
   *
   * @param port - UDP port that the request came from; null where it is not known.
   */
  onRequest(
    file: RequestedFile,
    nowMs: number,
    port: number | null = null,
  ): readonly ConversionEffect[] {
    if (this.isOver()) return []
    const before = this.#boot
    const from = { port, time: this.#time }
    const { boot, opened } = followRequest(before, file, nowMs, from)
    const isStart = opened || before?.lastRequestAtMs === null
    if (isStart) this.#endBoot(before, nowMs)
    this.#boot = boot
    // A start that DHCP has opened is not over with its first request.
    const ended = before?.lastRequestAtMs === null ? this.#endedStart : before
    if (isStart && !continuesPorts(before, port)) this.#countStart(nowMs, ended)
    if (opened || (this.#stage() === 'waiting' && !this.#awaitsBoot)) this.#enterBoot(nowMs)
    if (!this.#awaitsBoot) this.#learnFrom(file, nowMs)
    if (this.#isPassedBy(file, nowMs)) this.#confirmStep(nowMs, 'booting', null)
    this.#settleQuietly(nowMs)
    this.#keepStart(nowMs)
    return this.#take()
  }

  /** The file that was just asked for does not exist for this phone. */
  onAbsent(name: string, nowMs: number): readonly ConversionEffect[] {
    if (this.isOver() || this.#boot === null) return []
    this.#boot = readAbsence(this.#boot, name)
    return this.#settle(nowMs)
  }

  /** A file travels to the phone, or has ended. */
  onTransfer(event: TransferEvent, nowMs: number): readonly ConversionEffect[] {
    const target = this.target
    if (target === undefined) return []
    if (!isImageOf(target, event.file)) return this.#onOtherFile(event, nowMs)
    if (event.outcome !== 'progress') {
      this.#boot = readImage(this.#boot ?? beginBoot(nowMs, null), event.file, event.outcome)
    }
    const progress = { file: event.file, bytes: event.bytes, of: event.of }
    if (event.outcome === 'completed') {
      this.#brokenTransfers = 0
      this.#learn(factsOfWholeFile(this.#facts(), target, event.file, this.#at(nowMs)), nowMs)
      this.#moveTo('flashing', nowMs, progress)
    } else {
      if (event.outcome !== 'progress') this.#brokenTransfers++
      const isLast = isLastImageOf(target, event.file)
      const milestone = isLast ? 'last-image-asked' : 'loader-asked'
      this.#learn(reach(this.#facts(), milestone, event.bytes), nowMs)
      this.#moveTo('fetching', nowMs, progress)
    }
    return this.#settle(nowMs)
  }

  #onOtherFile(event: TransferEvent, nowMs: number): readonly ConversionEffect[] {
    if (event.outcome === 'progress' || this.#boot === null) return []
    this.#boot = readFile(this.#boot, event.file, event.outcome)
    if (
      event.outcome === 'completed' &&
      isLoadsOf(this.#target(), event.file) &&
      !this.#awaitsBoot
    ) {
      const at = this.#at(nowMs)
      this.#learn(factsOfWholeFile(this.#facts(), this.#target(), event.file, at), nowMs)
    }
    return this.#settle(nowMs)
  }

  /** The phone has registered with this appliance. */
  onRegistration(seen: RegistrationSeen): readonly ConversionEffect[] {
    if (this.isOver() || this.#awaitsBoot) return []
    const evidence = judgeRegistration(this.#view(seen.atMs), seen)
    if (evidence !== null) this.#confirmStep(seen.atMs, 'waiting', evidence)
    return this.#take()
  }

  /** The phone's own web page has named the load that it runs. */
  onPhoneAnswer(load: string, nowMs: number): readonly ConversionEffect[] {
    if (this.isOver()) return []
    this.#pageLoad = load
    this.#judge(nowMs)
    return this.#take()
  }

  /** Time has passed. */
  onWake(nowMs: number): readonly ConversionEffect[] {
    if (this.isOver()) return []
    if (this.#wakeAtMs !== null && this.#wakeAtMs <= nowMs) this.#wakeAtMs = null
    this.#judge(nowMs)
    return this.#take()
  }

  /** An operator decides again who restarts the phone. */
  changeRestart(restart: RestartMode, nowMs: number): readonly ConversionEffect[] {
    if (this.isOver() || this.#conversion.restart === restart) return []
    this.#update({ restart }, nowMs)
    return this.#take()
  }

  /** An operator ends it. Its phone sees the files of its own load again. */
  cancel(nowMs: number): readonly ConversionEffect[] {
    if (this.isOver()) return []
    const { mac, state } = this.#conversion
    this.#update({ state: 'cancelled' }, nowMs)
    this.#report({ event: 'conversion.cancelled', mac, state })
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
    const flashed = this.#hasLastImage() || ['flashing', 'rebooting'].includes(this.#stage())
    this.#moveTo(flashed ? 'rebooting' : 'booting', nowMs)
  }

  #stage(): StepStage {
    return this.#step().stage
  }

  #facts(): StepFacts {
    return this.#step().facts
  }

  #at(nowMs: number): Moment {
    return { nowMs, time: this.#time }
  }

  #view(nowMs: number): StepView {
    return {
      target: this.#target(),
      facts: this.#facts(),
      boot: this.#boot,
      nowMs,
      time: this.#time,
      running: currentLoad(this.#conversion),
      pageLoad: this.#pageLoad,
    }
  }

  /** Read from what is stored, so that a restart of the appliance does not forget it. */
  #hasLastImage(): boolean {
    return this.#facts().lastImageAtMs !== null
  }

  /** What the phone asks for, and how far it is by that. */
  #learnFrom(file: RequestedFile, nowMs: number): void {
    const target = this.#target()
    const boot = this.#boot as BootState
    const before = this.#facts()
    const after = factsOfRequest(before, { target, boot }, file, this.#at(nowMs))
    this.#learn(after, nowMs)
    // The application starts after the last image without another hunt.
    if (this.#hasLastImage() && this.#stage() === 'flashing' && file.kind !== 'image') {
      this.#moveTo('rebooting', nowMs)
    }
  }

  /** A start has ended by the next one: whether it showed a phone that is content with its image. */
  #endBoot(boot: BootState | null, nowMs: number): void {
    if (boot === null || this.#awaitsBoot) return
    const facts = this.#facts()
    if (!isContentStart(this.#target(), boot, this.#hasLastImage())) return
    if (!isSettledStart(boot, nowMs, this.#time)) return
    this.#learn({ ...facts, contentStarts: facts.contentStarts + 1 }, nowMs)
  }

  /** @param before - What the start before has shown. */
  #countStart(nowMs: number, before: BootState | null): void {
    if (this.#awaitsBoot) return
    this.#learn(countStart(this.#facts(), this.#at(nowMs)), nowMs)
    const isLoop = this.#facts().starts >= STARTS_OF_A_LOOP && this.#stalledAt === null
    const found = isLoop ? diagnoseEndedStart(this.#trace(nowMs, before)) : null
    if (found !== null) this.#stall(found, nowMs)
  }

  /**
   * A step in the middle of a plan is over when its last image arrived whole and the phone then
   * starts as that kind of load does, later than one that has refused it. Waiting for evidence would
   * cost a power-cycle by hand at each step, because a phone reads what names the next load only
   * while it starts.
   */
  #isPassedBy(file: RequestedFile, nowMs: number): boolean {
    const { lastImageAtMs } = this.#facts()
    if (this.#isLastStep() || this.#stage() !== 'rebooting' || lastImageAtMs === null) return false
    const { ual } = this.#target()
    if (generationOfFirstRequest(file) !== (ual ? 'ual' : 'pre-ual')) return false
    return (
      !ual ||
      phoneMsBetween(this.#time, lastImageAtMs, nowMs) >= family.bootTimes.refusalWindowMs.sccp
    )
  }

  /** Looks at what is known now, and asks to be called again when silence would tell more. */
  #settle(nowMs: number): readonly ConversionEffect[] {
    this.#settleQuietly(nowMs)
    return this.#take()
  }

  #settleQuietly(nowMs: number): void {
    this.#lastEventAtMs = nowMs
    this.#judge(nowMs)
  }

  /** A start that counts for the step is stored with it, as far as it has got. */
  #keepStart(nowMs: number): void {
    if (this.isOver() || this.#awaitsBoot || this.#boot === null) return
    const { generation, asked } = this.#boot
    const known = this.#facts().start
    if (known?.generation === generation && known.asked.join() === asked.join()) return
    this.#learn({ ...this.#facts(), start: { generation, asked, lastRequestAtMs: nowMs } }, nowMs)
  }

  #judge(nowMs: number): void {
    if (this.#awaitsBoot) return
    // A phone that is served nothing reads nothing, and its silence shows nothing.
    const judged = this.isBarred ? NOT_PROVED : judgeEvidence(this.#view(nowMs))
    if (judged.kind === 'proved') {
      this.#confirmStep(nowMs, this.#startsStep(nowMs) ? 'booting' : 'waiting', judged.evidence)
      return
    }
    if (judged.kind === 'proved-if-quiet') this.#wakeAt(judged.untilMs, nowMs)
    this.#askPage(nowMs)
    this.#lookForTrouble(nowMs, judged.kind === 'open')
  }

  /** Asks the phone itself, once, when the target of the last step should be running. */
  #askPage(nowMs: number): void {
    const dueMs = this.#isLastStep() && !this.#hasAskedPage ? pageDueMs(this.#view(nowMs)) : null
    if (dueMs === null) return
    if (dueMs > nowMs) {
      this.#wakeAt(dueMs, nowMs)
      return
    }
    this.#hasAskedPage = true
    this.#effects.push({ kind: 'ask-page', mac: this.#conversion.mac })
  }

  /**
   * The request that proves a step is answered by the next one: an application reads there that
   * another load is wanted, and goes back to its loader by itself (field traces, three phones).
   */
  #startsStep(nowMs: number): boolean {
    return this.#boot?.lastRequestAtMs === nowMs && this.#hasLastImage()
  }

  #lookForTrouble(nowMs: number, isOpen: boolean): void {
    const { state, diagnosis: known } = this.#conversion
    const found = isOpen || this.#facts().refused !== null ? this.#diagnose(nowMs) : null
    if (state === 'stalled') {
      const isBetter = found !== null && known !== null && explainsMore(found, known)
      if (isBetter) this.#stall(found, nowMs)
      return
    }
    if (found !== null) this.#stall(found, nowMs)
    else if (this.#stage() !== 'waiting') this.#wakeForTrouble(nowMs)
  }

  #wakeForTrouble(nowMs: number): void {
    const suspectedMs = suspectedSinceMs(this.#view(nowMs))
    const ends =
      suspectedMs === null ? null : suspectedMs + clockMs(this.#time, family.bootTimes.silenceMs)
    const later = nowMs + clockMs(this.#time, CHECK_AFTER_MS)
    this.#wakeAt(ends !== null && ends > nowMs ? Math.min(ends, later) : later, nowMs)
  }

  #diagnose(nowMs: number): Diagnosis | null {
    return diagnose(this.#trace(nowMs, this.#boot))
  }

  #trace(nowMs: number, boot: BootState | null): StepTrace {
    const trace = {
      step: this.#step(),
      target: this.#target(),
      boot,
      lastEventAtMs: this.#lastEventAtMs,
      brokenTransfers: this.#brokenTransfers,
      suspectedSinceMs: suspectedSinceMs(this.#view(nowMs)),
      nowMs,
      running: currentLoad(this.#conversion),
    }
    return inPhoneTime(trace, this.#time)
  }

  /** One wake at a time: an earlier one that is still to come finds the later reason by itself. */
  #wakeAt(atMs: number, nowMs: number): void {
    const pending = this.#wakeAtMs !== null && this.#wakeAtMs > nowMs && this.#wakeAtMs <= atMs
    if (pending) return
    this.#wakeAtMs = atMs
    this.#effects.push({ kind: 'wake', atMs })
  }

  /** @param evidence - Null where the next start alone says that the step is done. */
  #confirmStep(nowMs: number, nextStage: StepStage, evidence: Evidence | null): void {
    const { mac, from, to, startedAtMs, step, evidence: earlier } = this.#conversion
    const { load } = this.#step()
    this.#stalledAt = null
    this.#pageLoad = null
    this.#changeStep({ stage: 'confirmed' }, nowMs, null)
    this.#brokenTransfers = 0
    this.#report({ event: 'conversion.step.confirmed', mac, load })
    const isEnd = this.#isLastStep()
    const kept = evidence === null ? earlier : [...earlier, evidence]
    // The last step never ends by the next start alone.
    const decisive = evidence as Evidence
    const end = isEnd ? { confirmedBy: decisive.kind } : {}
    const state = isEnd ? 'confirmed' : 'running'
    this.#update({ ...end, state, step: step + 1, evidence: kept, diagnosis: null }, nowMs)
    if (isEnd) {
      const seconds = Math.round((nowMs - startedAtMs) / 1000)
      const { kind, detail } = decisive
      this.#report({
        event: 'conversion.confirmed',
        mac,
        from,
        to,
        seconds,
        evidence: kind,
        detail,
      })
      return
    }
    if (evidence !== null) this.#carryOver(load)
    this.#awaitsBoot = nextStage === 'waiting'
    this.#changeStep({ stage: nextStage }, nowMs, null)
  }

  /** What evidence has proved is no longer what an operator says. */
  #carryOver(load: string): void {
    const { protocol, ual } = this.#targets[this.#conversion.step - 1] as Target
    const generation = ual ? 'ual' : 'pre-ual'
    const facts = { ...NO_FACTS, before: { protocol, generation, load } as const }
    this.#conversion = { ...this.#conversion, steps: this.#withStep({ ...this.#step(), facts }) }
  }

  /** The steps with another one in place of that under way. */
  #withStep(step: ConversionStep): readonly ConversionStep[] {
    const { step: index, steps } = this.#conversion
    return steps.map((each, at) => (at === index ? step : each))
  }

  #stall(diagnosed: Diagnosis, nowMs: number): void {
    const found = withPage(diagnosed, this.#pageLoad)
    this.#brokenTransfers = 0
    // A loader takes any load in one step: what it refuses is the image, and no detour helps.
    const other =
      REFUSALS.has(found.code) && this.generation !== 'ual'
        ? this.#otherWay(this.#conversion, this.#boot)
        : NO_OTHER_WAY
    if (other.kind === 'found') {
      this.#takeOtherWay(other, found, nowMs)
      return
    }
    const diagnosis = other.kind === 'missing' ? { ...found, remedy: other.remedy } : found
    this.#stalledAt = this.#facts()
    this.#changeStep({ stage: 'stalled' }, nowMs, null)
    this.#update({ state: 'stalled', diagnosis }, nowMs)
    this.#report({ event: 'conversion.stalled', mac: this.#conversion.mac, diagnosis })
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
    this.#stalledAt = null
    const loads = steps.map((each) => each.load)
    this.#report({ event: 'conversion.replanned', mac, refused: load, steps: loads, diagnosis })
  }

  /** The step's stage by what the phone does; a stalled one stays so until the phone gets further. */
  #moveTo(stage: StepStage, nowMs: number, progress?: ConversionStep['progress']): void {
    const moved = progress === undefined ? {} : { progress }
    if (this.#stalledAt === null)
      this.#changeStep({ stage, ...moved }, nowMs, progress?.file ?? null)
    else if (progress !== undefined) this.#changeStep(moved, nowMs, null)
  }

  /** Keeps what the phone has shown. One that gets further than where it stalled goes on. */
  #learn(facts: StepFacts, nowMs: number): void {
    const before = this.#facts()
    if (facts === before) return
    const { mac } = this.#conversion
    const { load } = this.#step()
    const steps = this.#withStep({ ...this.#step(), facts })
    // Bytes alone are shown by the progress that follows.
    if (isOnlyBytes(facts, before)) this.#conversion = { ...this.#conversion, steps }
    else this.#update({ steps }, nowMs)
    if (this.#stalledAt === null || !isFurther(facts, this.#stalledAt)) return
    this.#stalledAt = null
    this.#report({ event: 'conversion.resumed', mac, load })
    this.#update({ state: 'running', diagnosis: null }, nowMs)
    this.#changeStep({ stage: this.#hasLastImage() ? 'rebooting' : 'booting' }, nowMs, null)
  }

  #changeStep(
    change: Partial<Pick<ConversionStep, 'stage' | 'progress'>>,
    nowMs: number,
    file: string | null,
  ): void {
    const before = this.#step()
    const moved = change.stage !== undefined && change.stage !== before.stage
    const after = { ...before, ...change, stageSinceMs: moved ? nowMs : before.stageSinceMs }
    const steps = this.#withStep(after)
    const { mac } = this.#conversion
    const runs = !['waiting', 'stalled', 'confirmed'].includes(after.stage)
    const state = runs && this.#stalledAt === null ? 'running' : this.#conversion.state
    this.#update({ steps, state }, nowMs, moved)
    if (moved && after.stage !== 'stalled') {
      const { load, stage } = after
      this.#report({ event: 'conversion.stage.changed', mac, load, stage, file })
    }
  }

  #update(change: Partial<Conversion>, nowMs: number, durable = true): void {
    const revision = this.#conversion.revision + 1
    this.#conversion = { ...this.#conversion, ...change, updatedAtMs: nowMs, revision }
    this.#effects.push({ kind: 'changed', conversion: this.#conversion, durable })
  }

  #report(event: ConversionEvent): void {
    this.#effects.push({ kind: 'event', event })
  }

  #take(): readonly ConversionEffect[] {
    const effects = this.#effects
    this.#effects = []
    return effects
  }
}

/** What the phone's own page says is part of what was seen of one that does not go on. */
function withPage(diagnosis: Diagnosis, pageLoad: string | null): Diagnosis {
  if (pageLoad === null) return diagnosis
  return { ...diagnosis, seen: `${diagnosis.seen} Its web page names ${pageLoad} as App Load ID.` }
}
