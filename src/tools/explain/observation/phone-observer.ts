import { readAddress } from '../../../conversion/address-state.ts'
import {
  type BootState,
  beginBoot,
  followBoot,
  followRequest,
  readAbsence,
} from '../../../conversion/boot-state.ts'
import type { ConversionStep, Diagnosis } from '../../../conversion/conversion.ts'
import { ConversionJob } from '../../../conversion/conversion-job.ts'
import {
  addressDeclined,
  dhcpWithoutTftp,
  noAddress,
  offerNotTaken,
} from '../../../conversion/diagnosis/address.ts'
import { misspeltImage } from '../../../conversion/diagnosis/images.ts'
import type { StepTrace } from '../../../conversion/diagnosis/step-trace.ts'
import { isImageOf, type Target } from '../../../conversion/target.ts'
import type { Mac } from '../../../net/mac.ts'
import { readRequestedFile } from '../../../phones/requested-file.ts'
import { Behaviour } from './behaviour.ts'
import { bootFault } from './boot-faults.ts'
import { bootedWithoutLoader, generationShown, protocolShown } from './boot-traits.ts'
import { derivedTarget } from './derived-target.ts'
import { diagnoseDhcp, withNotes } from './dhcp-faults.ts'
import { dhcpNotes, secondServer } from './dhcp-notes.ts'
import { type DhcpTrace, NO_DHCP_YET, traceDhcp } from './dhcp-trace.ts'
import { observedConversion } from './observed-conversion.ts'
import type { Observation, ObservedEvent } from './observed-event.ts'
import { wordsElsewhere } from './words-elsewhere.ts'

/** Events of one boot that are kept; a phone that loops needs no more to be told. */
const MOST_EVENTS = 512

/** Wakes in one pause: twenty minutes of them are past the patience of every diagnosis. */
const MOST_WAKES = 20

/** Images of eight conversions took 7 to 16 s, 14 in the median; short rather than long (field traces). */
const USUAL_TRANSFER_MS = 12_000

/** What follows the end of a log is taken for silence of this length: past every first patience. */
const SILENCE_AFTER_END_MS = 76_000

/**
 * One phone on another server. There is no plan: where the phone is going is read from what
 * it asks for, and from there on the same job follows it, with the same proofs and diagnoses.
 */
export class PhoneObserver {
  readonly #mac: Mac | null
  #boot: BootState | null = null
  #events: ObservedBootEvent[] = []
  #dhcp: DhcpTrace = NO_DHCP_YET
  #job: ConversionJob | null = null
  #target: Target | null = null
  /** What the application of this boot has proved to run. */
  #settled: Target | null = null
  /** What an earlier boot has proved to run. */
  #running: Target | null = null
  /** An image that was asked for, of which no end has been told. */
  #open: string | null = null
  #openedAtMs = 0
  /** A request for `.loads` of which no answer has been told. */
  #loads: { readonly name: string; readonly atMs: number } | null = null
  /** Whether this server says when a transfer has ended well. */
  #seesEnds = false
  /** What was wrong last, as long as nothing has got better since. */
  #trouble: Diagnosis | null = null
  /** Images of the target that have arrived. */
  #arrived = new Set<string>()
  readonly #behaviour: Behaviour
  /** The load as the phone told its call manager. */
  #reportedLoad: string | null = null

  /** @param isTimed - Whether the times of events mean anything; else only their order counts. */
  constructor(mac: Mac | null, isTimed = true) {
    this.#mac = mac
    this.#behaviour = new Behaviour(isTimed)
  }

  /** The next event, in the order of time. */
  add(observed: ObservedEvent): void {
    const { isRetry, proves } = this.#behaviour.add(observed)
    if (observed.kind === 'registration') this.#reportedLoad = observed.load ?? this.#reportedLoad
    // A request that is repeated shows nothing new to those who follow the boot.
    if (isRetry || observed.kind === 'registration' || observed.kind === 'blocked') return
    this.#seesEnds ||= observed.kind === 'ended' && observed.outcome === 'completed'
    if (observed.kind === 'request' || observed.kind === 'boot') {
      this.#guessLoads()
      this.#guessEnd(observed)
    }
    this.#follow(observed)
    if (proves !== null) this.#settle(proves)
  }

  /** What all events say. `endMs` is when the log or capture ended. */
  observe(endMs: number): Observation {
    this.#guessLoads()
    this.#wakeUpTo(endMs + (this.#open === null ? SILENCE_AFTER_END_MS : 0))
    this.#keepProof()
    const boot = this.#boot
    const { application, protocol, registration } = this.#behaviour
    const shown = {
      generation: boot === null ? null : generationShown(boot),
      protocol:
        application ??
        this.#running?.protocol ??
        (boot === null ? null : protocolShown(boot)) ??
        protocol,
      load: this.#running?.load ?? this.#reportedLoad,
      target: (this.#target ?? this.#settled)?.load ?? null,
      registration,
    }
    const found = this.#diagnosis(endMs)
    const diagnosis = found === null ? null : withNotes(found, this.#dhcp)
    const verdict = this.#verdict(diagnosis !== null)
    return { ...shown, diagnosis, verdict, notes: this.#notes(verdict) }
  }

  #follow(observed: ObservedBootEvent): void {
    this.#wakeUpTo(observed.atMs)
    const isNewBoot = this.#read(observed)
    if (isNewBoot) this.#enterBoot()
    if (isNewBoot && observed.kind === 'boot') this.#dhcp = NO_DHCP_YET
    this.#dhcp = traceDhcp(this.#dhcp, observed)
    if (observed.kind === 'ended' && observed.outcome === 'completed')
      this.#onArrival(observed.name)
    if (this.#events.length < MOST_EVENTS) this.#events.push(observed)
    const target =
      observed.kind === 'request' ? derivedTarget(readRequestedFile(observed.name)) : undefined
    if (target !== undefined && target.load !== this.#target?.load) this.#begin(target)
    else this.#passOn(observed)
    this.#keepProof()
  }

  /** Whether the event opens another boot. */
  #read(observed: ObservedBootEvent): boolean {
    const before = this.#boot
    switch (observed.kind) {
      case 'boot': {
        const followed = followBoot(before, observed.generation, observed.atMs)
        const opened = before === null || followed.startedAtMs !== before.startedAtMs
        // This does not say that the phone was answered: other events tell what DHCP did.
        this.#boot = opened ? followed : { ...followed, address: before.address }
        return opened
      }
      case 'dhcp':
        this.#boot = readDhcp(before, observed)
        return before === null
      case 'request': {
        const { boot, opened } = followRequest(
          before,
          readRequestedFile(observed.name),
          observed.atMs,
        )
        this.#boot = boot
        return opened
      }
      case 'absent':
        if (before !== null) this.#boot = readAbsence(before, observed.name)
        return false
      case 'reply':
      case 'ended':
        return false
      /* c8 ignore next 2 -- the compiler proves that there is no other value */
      default:
        return observed satisfies never
    }
  }

  /** A job that is over has said what it had to: the new boot is judged again. */
  #enterBoot(): void {
    this.#events = []
    this.#settled = null
    if (this.#job?.isOver() !== true) return
    this.#job = null
    this.#target = null
  }

  /** A job of its own for the load that the phone asks for, told all of this boot so far. */
  #begin(target: Target): void {
    this.#target = target
    this.#trouble = null
    this.#arrived.clear()
    const startedAtMs = (this.#events[0] as ObservedBootEvent).atMs
    this.#job = new ConversionJob(observedConversion(this.#mac, target, startedAtMs), [target])
    for (const observed of this.#events) this.#passOn(observed)
  }

  #passOn(observed: ObservedBootEvent): void {
    const { atMs } = observed
    switch (observed.kind) {
      case 'boot':
        this.#job?.onBoot(observed.generation, atMs)
        break
      case 'dhcp':
      case 'reply':
        break
      case 'request': {
        const file = readRequestedFile(observed.name)
        this.#job?.onRequest(file, atMs)
        this.#loads = file.kind === 'loads' ? { name: observed.name, atMs } : null
        if (file.kind === 'image') {
          this.#open = observed.name
          this.#openedAtMs = atMs
          this.#followTransfer(observed.name, 'progress', atMs)
        }
        break
      }
      case 'absent':
        this.#closeIf(observed.name)
        this.#job?.onAbsent(observed.name, atMs)
        break
      case 'ended':
        this.#closeIf(observed.name)
        this.#followTransfer(observed.name, observed.outcome, atMs)
        break
      /* c8 ignore next 2 -- the compiler proves that there is no other value */
      default:
        observed satisfies never
    }
  }

  /** Sizes do not matter here: what counts is whether all of it has arrived. */
  #followTransfer(
    file: string,
    outcome: 'progress' | 'completed' | 'failed' | 'unheard',
    atMs: number,
  ): void {
    this.#job?.onTransfer({ file, bytes: outcome === 'completed' ? 1 : 0, of: 1, outcome }, atMs)
  }

  #closeIf(name: string): void {
    if (this.#loads?.name === name) this.#loads = null
    if (this.#open === name) this.#open = null
  }

  /**
   * A file of one block is there at once, or it is said not to be: on a server that never says how a
   * transfer ended it was read.
   */
  #guessLoads(): void {
    const loads = this.#loads
    if (loads === null || this.#seesEnds || this.#behaviour.gaveUpOn(loads.name)) return
    this.#follow({ kind: 'ended', name: loads.name, outcome: 'completed', atMs: loads.atMs })
  }

  /**
   * Some servers never say how a transfer ended. A phone that goes on to something else has the
   * image; one that asks for the same again has not.
   */
  #guessEnd(observed: ObservedEvent & { readonly kind: 'request' | 'boot' }): void {
    if (this.#open === null || this.#seesEnds) return
    const { atMs } = observed
    const isAgain = observed.kind === 'request' && observed.name === this.#open
    const isLost = isAgain || this.#behaviour.gaveUpOn(this.#open)
    // What comes next comes long after the end: the phone writes its flash.
    const endMs = isLost ? atMs : Math.min(atMs, this.#openedAtMs + USUAL_TRANSFER_MS)
    const outcome = isLost ? 'failed' : 'completed'
    this.#follow({ kind: 'ended', name: this.#open, outcome, atMs: endMs })
  }

  /** Something got better, unless it is the same image once more. */
  #onArrival(name: string): void {
    if (this.#target === null || !isImageOf(this.#target, name) || this.#arrived.has(name)) return
    this.#arrived.add(name)
    this.#trouble = null
  }

  #wakeUpTo(atMs: number): void {
    for (let wakes = 0; wakes < MOST_WAKES; wakes++) {
      const wakeAtMs = this.#job?.wakeAtMs ?? null
      if (wakeAtMs === null || wakeAtMs > atMs) return
      this.#job?.onWake(wakeAtMs)
    }
    this.#job?.onWake(atMs)
  }

  #keepProof(): void {
    const conversion = this.#job?.conversion
    // A job forgets what stalled it as soon as the phone tries again; a reader of a log must not.
    this.#trouble = conversion?.diagnosis ?? this.#trouble
    if (conversion?.state !== 'confirmed') return
    this.#running = this.#target
    this.#trouble = null
  }

  #diagnosis(endMs: number): Observation['diagnosis'] {
    const boot = this.#boot
    if (boot === null) return null
    const unanswered = diagnoseDhcp(this.#dhcp, boot, endMs)
    if (unanswered !== null) return unanswered
    const behaves = this.#behaviour.fault(endMs)
    if (behaves !== null) return behaves
    const trouble = this.#trouble
    if (trouble !== null) {
      const load = (this.#target as Target).load
      return wordsElsewhere(trouble, { load, boot })
    }
    if (this.#behaviour.registration === 'accepted') return null
    const fault = bootFault(boot)
    // The loader's hunt missed the file, and the application has it: it was put there since.
    const isResolved = fault?.code === 'unprovisioned' && this.#behaviour.hasOwnFile()
    if (fault !== null && !isResolved) return wordsElsewhere(fault, { load: '', boot })
    return this.#job === null ? withoutTarget(boot, endMs) : null
  }

  /** What the application has proved needs no job any more: the next boot is judged again. */
  #settle(target: Target): void {
    this.#running = target
    this.#settled = target
    this.#trouble = null
    this.#job = null
    this.#target = null
    this.#open = null
  }

  #notes(verdict: Observation['verdict']): readonly string[] {
    if (verdict === 'stalled') return []
    const notes = verdict === 'healthy' ? [secondServer(this.#dhcp)] : dhcpNotes(this.#dhcp)
    return notes.flatMap((note) => (note === null ? [] : [`${note.seen} ${note.remedy}`]))
  }

  #verdict(hasDiagnosis: boolean): Observation['verdict'] {
    if (this.#boot?.asked.includes('other-model') === true) return 'other-device'
    if (hasDiagnosis) return 'stalled'
    const { application, registration } = this.#behaviour
    if (registration === 'accepted') return 'healthy'
    const job = this.#job
    const isSeen = this.#boot?.generation === 'ual' || registration !== null
    const runs = application !== null && isSeen
    if (job !== null && !job.isOver() && hasFetched(job) && !runs) return 'converting'
    if (this.#running !== null || runs) return 'healthy'
    return this.#boot !== null && bootedWithoutLoader(this.#boot) ? 'healthy' : 'unknown'
  }
}

/** What the phone's boot is followed by; what passes beside it goes no further. */
type ObservedBootEvent = Exclude<ObservedEvent, { readonly kind: 'registration' | 'blocked' }>

function hasFetched(job: ConversionJob): boolean {
  return job.conversion.steps[0]?.progress !== null
}

/** An address and no request, or a name that is none: for that no target need be known. */
function withoutTarget(boot: BootState, endMs: number): Observation['diagnosis'] {
  const { steps } = observedConversion(null, NO_TARGET, boot.startedAtMs)
  const trace: StepTrace = {
    step: { ...(steps[0] as ConversionStep), stage: 'booting' },
    target: NO_TARGET,
    boot,
    lastEventAtMs: boot.startedAtMs,
    brokenTransfers: 0,
    nowMs: endMs + SILENCE_AFTER_END_MS,
  }
  const { granted, ignored, offers, declined } = boot.address
  const isUnderWay = !granted && ignored + offers + declined > 0
  const found =
    noAddress(trace) ??
    addressDeclined(trace) ??
    offerNotTaken(trace) ??
    (isUnderWay ? null : dhcpWithoutTftp(trace)) ??
    misspeltImage(trace)
  return found === null ? null : wordsElsewhere(found, { load: '', boot })
}

/** A device that DHCP alone has shown is a phone that starts. */
function readDhcp(
  before: BootState | null,
  { address, atMs }: ObservedEvent & { readonly kind: 'dhcp' },
): BootState {
  const boot = before ?? beginBoot(atMs, null)
  return { ...boot, address: readAddress(boot.address, address) }
}

const NO_TARGET: Target = { load: '', protocol: 'sip', ual: true, loader: null, shortName: null }
