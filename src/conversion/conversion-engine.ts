import type { Phone } from '../inventory/phone.ts'
import type { Mac } from '../net/mac.ts'
import type { ConversionPlan, PlanRequest } from '../phones/conversion-plan.ts'
import { family } from '../phones/family/family.ts'
import type { RequestedFile } from '../phones/requested-file.ts'
import { type SeenSoftware, seen, seenLoad, seenVersion } from '../phones/seen-software.ts'
import type { AddressEvent } from './address-state.ts'
import {
  type BootState,
  followBoot,
  followRequest,
  type Generation,
  readAbsence,
} from './boot-state.ts'
import { CheckSyncReads } from './check-sync-reads.ts'
import { type Conversion, waitingStep } from './conversion.ts'
import { ConversionJob, type TransferEvent } from './conversion-job.ts'
import type { ConversionEffect } from './events.ts'
import type { EvidenceKind, RegistrationSeen } from './evidence.ts'
import { type AvailableFirmware, findOtherWay } from './other-way.ts'
import { type PhoneTime, REAL_TIME } from './phone-time.ts'
import {
  type ConversionRequest,
  type LoadVeto,
  type PlannedPhone,
  type PlanRules,
  planOrigin,
  planRequest,
  type StartRefusal,
} from './plan-request.ts'
import { currentLoad, findRollback, type Rollback } from './rollback.ts'
import { seenOfBoot } from './seen-of-boot.ts'
import { type SeenChange, type SeenPhone, SeenTable } from './seen-table.ts'
import { type Target, targetOf } from './target.ts'

/** What became of it. */
export type StartOutcome =
  | { readonly kind: 'started'; readonly conversion: Conversion }
  | { readonly kind: 'already'; readonly conversion: Conversion }
  | { readonly kind: 'conflict'; readonly conversion: Conversion }
  | StartRefusal

/** What a request would come to now. */
export type StartVerdict = ConversionPlan | Exclude<StartOutcome, { readonly kind: 'started' }>

/** A loader asks for its trust list once a boot; one that asks a fourth time in a row loops. */
const CTLSEP_PATIENCE = 3

/** All that a phone's files depend on, as its conversion and its present boot stand. */
export type FileState = {
  /** The target of the step under way; undefined where none is. */
  readonly target: Target | undefined
  /** The load that the phone is taken to run. */
  readonly running: string | null
  /** The step assumes a loader that the phone has not got. */
  readonly barred: boolean
  /** No unsigned image is for this phone. */
  readonly signedAlone: boolean
  readonly generation: Generation | null
  /** The phone asks for its trust list again and again. */
  readonly looping: boolean
}

/**
 * All conversions, and what each enrolled phone has shown on its present boot.
 *
 * Owns no clock and no store: what must be done goes to `emit`, in order, before a method returns.
 */
export class ConversionEngine {
  readonly #available: AvailableFirmware
  readonly #rules: PlanRules
  readonly #emit: (effects: readonly ConversionEffect[]) => void
  readonly #time: PhoneTime
  readonly #jobs = new Map<Mac, ConversionJob>()
  /** Boots of phones that have no conversion under way; one entry an enrolled phone at most. */
  readonly #boots = new Map<Mac, BootState>()
  readonly #checkSyncs: CheckSyncReads
  readonly #seen = new SeenTable()
  #drives: (mac: Mac) => boolean = () => true

  /**
   * @param veto - Asked for each load of a plan before its conversion begins.
   * @param time - How fast phones live; simulated ones may run faster than real ones.
   */
  constructor(
    available: AvailableFirmware,
    emit: (effects: readonly ConversionEffect[]) => void,
    veto: LoadVeto = () => undefined,
    time: PhoneTime = REAL_TIME,
  ) {
    this.#available = available
    this.#emit = (effects) => {
      emit(effects)
      for (const effect of effects)
        if (effect.kind === 'changed') this.#seeProved(effect.conversion)
    }
    this.#rules = { available, veto }
    this.#time = time
    this.#checkSyncs = new CheckSyncReads(time)
  }

  /** Takes what was seen of enrolled phones before a restart; to be called ahead of `restore`. */
  restoreSeen(phones: readonly SeenPhone[]): void {
    this.#seen.restore(phones)
  }

  /** Takes up what was stored before a restart. A conversion that cannot be understood is left out. */
  restore(conversions: readonly Conversion[]): readonly string[] {
    const faults: string[] = []
    for (const conversion of conversions) {
      const { mac, step, steps, state } = conversion
      const targets = this.#targetsOf(steps)
      const unknown = steps.find(({ load }) => targetOf(load, undefined) === undefined)
      if (unknown !== undefined) {
        faults.push(`conversion of ${mac}: ${unknown.load} is no load of a ${family.either}`)
      } else if (step >= steps.length && state !== 'confirmed' && state !== 'cancelled') {
        faults.push(`conversion of ${mac}: ${state} at step ${step} of ${steps.length}`)
      } else {
        this.#jobs.set(mac, this.#jobOf(conversion, targets))
        this.#seeProved(conversion)
      }
    }
    return faults
  }

  /** Names the conversions that go on here as time passes; the others are shown alone. */
  driveOnly(drives: (mac: Mac) => boolean): void {
    this.#drives = drives
  }

  /**
   * Another appliance has stored this conversion: it is shown as it stands there. It goes on here when
   * its phone appears here.
   */
  adopt(conversion: Conversion): readonly string[] {
    const faults = this.restore([conversion])
    if (faults.length > 0) return faults
    this.#boots.delete(conversion.mac)
    this.#emit([{ kind: 'changed', conversion, durable: false }])
    return []
  }

  /** The last conversion of each phone. */
  conversions(): readonly Conversion[] {
    return [...this.#jobs.values()].map((job) => job.conversion)
  }

  conversion(mac: Mac): Conversion | undefined {
    return this.#jobs.get(mac)?.conversion
  }

  /** The phones whose conversion under way has a step yet to end with this load. */
  phonesNeeding(load: string): readonly Mac[] {
    const running = [...this.#jobs.values()].filter((job) => !job.isOver())
    return running.flatMap(({ conversion: { mac, step, steps } }) =>
      steps.slice(step).some((one) => one.load === load) ? [mac] : [],
    )
  }

  /** The step's target while a conversion is under way. */
  targetFor(mac: Mac): Target | undefined {
    return this.#jobs.get(mac)?.target
  }

  /** What the phone has shown on its present boot. */
  boot(mac: Mac): BootState | null {
    const job = this.#jobs.get(mac)
    return job !== undefined && !job.isOver() ? job.boot : (this.#boots.get(mac) ?? null)
  }

  /** Whether the phone has a universal loader, by its present boot or by what its conversion has shown. */
  generation(mac: Mac): Generation | null {
    const job = this.#running(mac)
    return job === undefined ? (this.boot(mac)?.generation ?? null) : job.generation
  }

  /** The load that the phone runs, as far as its last conversion has proved it. */
  currentLoad(mac: Mac): string | null {
    const conversion = this.conversion(mac)
    return conversion === undefined ? null : currentLoad(conversion)
  }

  /** What an enrolled phone was seen to run; undefined where nothing was seen of it. */
  seen(mac: Mac): SeenPhone | undefined {
    return this.#seen.get(mac)
  }

  /** A survey, or another query, has seen what an enrolled phone runs. */
  onSeen(mac: Mac, found: SeenSoftware): void {
    const change = this.#see(mac, found)
    const job = this.#running(mac)
    if (job !== undefined) {
      // The events of a conversion tell what its phone shows, and more of it.
      const isPage = found.by === 'web-page' && found.load !== null
      if (isPage) this.#emit(job.onPhoneAnswer(found.load, found.atMs))
      return
    }
    if (change?.isNews !== true) return
    const { load, protocol, by } = change.seen
    this.#emit([{ kind: 'event', event: { event: 'phone.seen', mac, load, protocol, by } }])
  }

  /** The load that the phone is taken to run, an image that has just arrived whole included. */
  takenToRun(mac: Mac): string | null {
    return this.#jobs.get(mac)?.takenToRun ?? null
  }

  /** Whether the step under way assumes a loader that the phone has not got: nothing may change it. */
  isBarred(mac: Mac): boolean {
    return this.#jobs.get(mac)?.isBarred ?? false
  }

  /** Whether a conversion is under way whose phone is said to be past 5.0: no unsigned image is for it. */
  takesSignedAlone(mac: Mac): boolean {
    return this.#jobs.get(mac)?.takesSignedAlone ?? false
  }

  /** All that a phone's files depend on, as one snapshot. */
  fileState(mac: Mac): FileState {
    return {
      target: this.targetFor(mac),
      running: this.takenToRun(mac),
      barred: this.isBarred(mac),
      signedAlone: this.takesSignedAlone(mac),
      generation: this.generation(mac),
      looping: (this.boot(mac)?.ctlsepInARow ?? 0) > CTLSEP_PATIENCE,
    }
  }

  /** Plans a conversion and begins it. Asking again for the same one changes nothing. */
  start(phone: Phone, request: ConversionRequest, nowMs: number): StartOutcome {
    const plan = this.preview(phone, request)
    if (plan.kind === 'already') return this.#changeRestart(plan.conversion, request, nowMs)
    if (plan.kind !== 'plan') return plan
    const conversion = conversionOf(phone.mac, plan, request, nowMs)
    const job = this.#jobOf(conversion, this.#targetsOf(plan.steps))
    this.#jobs.set(phone.mac, job)
    this.#boots.delete(phone.mac)
    const { mac, from, to } = conversion
    const steps = conversion.steps.map(({ load }) => load)
    this.#emit([
      { kind: 'changed', conversion, durable: true },
      { kind: 'event', event: { event: 'conversion.started', mac, from, to, steps } },
    ])
    return { kind: 'started', conversion }
  }

  /** Asked for again with another way to restart, a conversion goes on with that one. */
  #changeRestart({ mac }: Conversion, { restart }: ConversionRequest, nowMs: number): StartOutcome {
    const job = this.#jobs.get(mac) as ConversionJob
    if (restart !== undefined) this.#emit(job.changeRestart(restart, nowMs))
    return { kind: 'already', conversion: job.conversion }
  }

  /** The plan of a conversion that may begin, or why none begins; nothing is changed. */
  preview(phone: Phone, request: ConversionRequest): StartVerdict {
    const before = this.#jobs.get(phone.mac)
    if (before !== undefined && before.conversion.state !== 'cancelled') {
      const { conversion } = before
      if (isSame(conversion, request, before.isOver())) return { kind: 'already', conversion }
      if (!before.isOver()) return { kind: 'conflict', conversion }
    }
    return planRequest(phone, request, this.#planned(phone.mac), this.#rules)
  }

  /** The loads that a conversion would take the phone over, were it begun now; none where it would not. */
  loadsOnTheWay(phone: Phone, request: ConversionRequest): readonly string[] {
    const judged = this.preview(phone, request)
    return judged.kind === 'plan' ? judged.steps.map(({ load }) => load) : []
  }

  /** Where a plan for a phone starts: what the operator says, what was seen, or what an earlier conversion proved. */
  origin(
    mac: Mac,
    named: Pick<ConversionRequest, 'from'>,
  ): Pick<PlanRequest, 'from' | 'generation' | 'release'> {
    return planOrigin(named, this.#planned(mac))
  }

  /** Ends a conversion; undefined where none is under way. */
  cancel(mac: Mac, nowMs: number): Conversion | undefined {
    const job = this.#jobs.get(mac)
    if (job === undefined || job.isOver()) return undefined
    this.#emit(job.cancel(nowMs))
    return job.conversion
  }

  /** An enrolled phone was removed: nothing is kept of it. */
  forget(mac: Mac): void {
    this.#jobs.delete(mac)
    this.#boots.delete(mac)
    this.#checkSyncs.forget(mac)
    if (this.#seen.forget(mac)) this.#emit([{ kind: 'seen', mac, seen: null }])
  }

  /** An enrolled phone starts. */
  onBoot(mac: Mac, generation: Generation | null, nowMs: number): void {
    const job = this.#running(mac)
    if (job !== undefined) this.#emit(job.onBoot(generation, nowMs))
    else this.#boots.set(mac, followBoot(this.#boots.get(mac) ?? null, generation, nowMs))
    this.onSeen(mac, seen({ generation }, generation === null ? 'lease' : 'vendor-class', nowMs))
  }

  /** An enrolled phone asks for a file, before the answer is chosen. */
  onRequest(mac: Mac, file: RequestedFile, nowMs: number, port: number | null = null): void {
    // A running application that looks whether it is to restart has not started.
    if (this.#checkSyncs.isOne(mac, file, nowMs)) return
    const job = this.#running(mac)
    if (job !== undefined) {
      this.#emit(job.onRequest(file, nowMs, port))
    } else {
      const from = { port, time: this.#time }
      const { boot } = followRequest(this.#boots.get(mac) ?? null, file, nowMs, from)
      this.#boots.set(mac, boot)
    }
    const boot = this.boot(mac)
    // None where this very request has ended a conversion: then evidence tells more.
    if (boot !== null) this.onSeen(mac, seenOfBoot(boot, nowMs))
  }

  /** The file that an enrolled phone has just asked for does not exist for it. */
  onAbsent(mac: Mac, name: string, nowMs: number): void {
    const job = this.#running(mac)
    const boot = this.#boots.get(mac)
    if (job !== undefined) this.#emit(job.onAbsent(name, nowMs))
    else if (boot !== undefined) this.#boots.set(mac, readAbsence(boot, name))
  }

  /** What DHCP did with a message of an enrolled phone. */
  onAddress(mac: Mac, event: AddressEvent, nowMs: number): void {
    const job = this.#running(mac)
    if (job !== undefined) this.#emit(job.onAddress(event, nowMs))
  }

  /** A file travels to an enrolled phone. */
  onTransfer(mac: Mac, event: TransferEvent, nowMs: number): void {
    const job = this.#running(mac)
    if (job !== undefined) this.#emit(job.onTransfer(event, nowMs))
  }

  /** An enrolled phone has registered with this appliance. */
  onRegistration(mac: Mac, registered: RegistrationSeen & { readonly load?: string | null }): void {
    const { protocol, version, load = null, atMs } = registered
    const by = 'registration'
    this.onSeen(
      mac,
      load === null ? seenVersion(protocol, version, by, atMs) : seenLoad(load, by, atMs),
    )
    const job = this.#running(mac)
    if (job !== undefined) this.#emit(job.onRegistration(registered))
  }

  /** Time has passed. To be called once after `restore`, then as `wake` effects ask for it. */
  onWake(nowMs: number): void {
    let nextAtMs = Number.POSITIVE_INFINITY
    for (const job of this.#jobs.values()) {
      if (job.isOver() || !this.#drives(job.conversion.mac)) continue
      if ((job.wakeAtMs ?? 0) <= nowMs) this.#emit(job.onWake(nowMs))
      if (job.wakeAtMs !== null) nextAtMs = Math.min(nextAtMs, job.wakeAtMs)
    }
    // The owner of the timer keeps one: the earliest of all that are still to come.
    if (Number.isFinite(nextAtMs)) this.#emit([{ kind: 'wake', atMs: nextAtMs }])
  }

  /** Whether the phone can be taken back to where its last conversion began; null for no such place. */
  rollback(mac: Mac): Rollback | null {
    const conversion = this.conversion(mac)
    return conversion === undefined
      ? null
      : findRollback(conversion, this.#available.firmwareLoads())
  }

  #jobOf(conversion: Conversion, targets: readonly Target[]): ConversionJob {
    return new ConversionJob(conversion, targets, {
      otherWay: (now, boot) => findOtherWay(now, boot, this.#available),
      time: this.#time,
    })
  }

  /** Evidence that a phone runs the target of its conversion is the strongest thing that was seen. */
  #seeProved({ mac, state, to, confirmedBy, updatedAtMs }: Conversion): void {
    if (state !== 'confirmed') return
    const by = confirmedBy === null ? 'requested-files' : SEEN_BY_EVIDENCE[confirmedBy]
    this.#see(mac, seenLoad(to, by, updatedAtMs))
  }

  #see(mac: Mac, found: SeenSoftware): SeenChange | undefined {
    const change = this.#seen.see(mac, found)
    if (change !== undefined) this.#emit([{ kind: 'seen', mac, seen: change.seen }])
    return change
  }

  #running(mac: Mac): ConversionJob | undefined {
    const job = this.#jobs.get(mac)
    return job === undefined || job.isOver() ? undefined : job
  }

  #planned(mac: Mac): PlannedPhone {
    return { boot: this.boot(mac), seen: this.#seen.get(mac), load: this.currentLoad(mac) }
  }

  #targetsOf(steps: readonly { readonly load: string }[]): readonly Target[] {
    return steps.flatMap(({ load }) => targetOf(load, this.#available.firmware(load)) ?? [])
  }
}

/** How a conversion's evidence became known, by the names for what was seen. */
const SEEN_BY_EVIDENCE = {
  registration: 'registration',
  'phone-answer': 'web-page',
  'application-files': 'requested-files',
  'second-boot': 'requested-files',
  quiet: 'requested-files',
} as const satisfies Record<EvidenceKind, SeenSoftware['by']>

/** The same request again: automation repeats itself, and a finished conversion answers it. */
function isSame(
  conversion: Conversion,
  { to, from, path }: ConversionRequest,
  isOver: boolean,
): boolean {
  if (conversion.to !== to) return false
  // Which plan leads there does not matter any more once the phone is there.
  if (!isOver && path !== undefined && path !== conversion.path) return false
  return from === undefined || from === conversion.from
}

function conversionOf(
  mac: Mac,
  plan: ConversionPlan,
  request: ConversionRequest,
  nowMs: number,
): Conversion {
  return {
    mac,
    from: plan.from,
    to: plan.to,
    path: plan.path,
    acceptOneWay: request.acceptOneWay ?? false,
    restart: request.restart ?? null,
    state: 'waiting',
    step: 0,
    steps: plan.steps.map((step) => waitingStep(step, nowMs)),
    refused: [],
    diagnosis: null,
    evidence: [],
    confirmedBy: null,
    startedAtMs: nowMs,
    updatedAtMs: nowMs,
    revision: 1,
  }
}
