import type { Diagnosis } from '../../../conversion/conversion.ts'
import type { Target } from '../../../conversion/target.ts'
import { type RequestedFile, readRequestedFile } from '../../../phones/requested-file.ts'
import { Asks, isSccpTimer } from './asks.ts'
import { loopFault, pollingFault, registrationFault, tooSoonFault } from './behaviour-faults.ts'
import { bootLoopIn } from './boot-loop.ts'
import { derivedTarget } from './derived-target.ts'
import { hearingOf } from './hearing.ts'
import { type Blocked, hearingFault } from './hearing-faults.ts'
import type { ObservedEvent, RegistrationStep } from './observed-event.ts'
import { pollingOf } from './polling.ts'
import { refusedImage } from './refused-image.ts'
import { RunningLoad } from './running-load.ts'
import { SoftwareSeen } from './software-seen.ts'

/** What one event means for those who follow the phone's boot. */
export type Reaction = {
  /** The same request once more: its answer was lost, or is late. */
  readonly isRetry: boolean
  /** The load that this request proves to run. */
  readonly proves: Target | null
}

const ANSWERS = { completed: 'whole', failed: 'broken', unheard: 'unheard' } as const

const NOTHING: Reaction = { isRetry: false, proves: null }

/** Starts that are kept; a loop shows in the last few. */
const MOST_STARTS = 48
/** Tries that show which timer runs. */
const TRIES_OF_A_TIMER = 5

/**
 * How a phone behaves over all of its boots: what it repeats, which answers it hears, which of its software
 * asks, and what comes round again. Plans and loads do not matter here, but where a load is proved to run.
 */
export class Behaviour {
  readonly #isTimed: boolean
  readonly #asks: Asks
  readonly #running: RunningLoad
  readonly #software = new SoftwareSeen()
  /** When the first file of a boot was asked for, since the last image. */
  #starts: number[] = []
  /** Whether anything was asked for since the last of them. */
  #isBooting = false
  #blocked: Blocked | null = null
  #tooSoon: Diagnosis | null = null
  #registration: RegistrationStep | null = null

  /** @param isTimed - Whether times mean anything; else only the order counts. */
  constructor(isTimed: boolean) {
    this.#isTimed = isTimed
    this.#asks = new Asks(isTimed)
    this.#running = new RunningLoad(isTimed)
  }

  /** The application that runs by what was seen last; null while a loader may run. */
  get application(): 'sip' | 'sccp' | null {
    return this.#software.application
  }

  /** The protocol of the application that was seen last. */
  get protocol(): 'sip' | 'sccp' | null {
    return this.#software.protocol
  }

  /** How far the phone got with its call manager. */
  get registration(): RegistrationStep | null {
    return this.#registration
  }

  /** The next event, in the order of time. */
  add(observed: ObservedEvent): Reaction {
    switch (observed.kind) {
      case 'request':
        return this.#request(observed)
      case 'absent':
        this.#asks.record(observed.name, 'absent')
        return NOTHING
      case 'ended':
        this.#ended(observed)
        return NOTHING
      case 'blocked':
        this.#asks.record(observed.name, 'unheard')
        this.#blocked = { by: observed.by, reason: observed.reason }
        return NOTHING
      case 'registration':
        this.#register(observed)
        return NOTHING
      case 'boot':
        this.#asks.leave(observed.atMs)
        return NOTHING
      case 'dhcp':
      case 'reply':
        return NOTHING
      /* c8 ignore next 2 -- the compiler proves that there is no other value */
      default:
        return observed satisfies never
    }
  }

  /** Whether a file was asked for again and again before the phone gave it up. */
  gaveUpOn(name: string): boolean {
    const ask = this.#asks.list.findLast((one) => one.name === name)
    return ask !== undefined && ask.tries >= 3 && ask.answer !== 'whole'
  }

  /** Whether no server told the phone that its own SIP file is missing when it asked for it last. */
  hasOwnFile(): boolean {
    const ask = this.#asks.list.findLast(({ file }) => file.kind === 'sip-phone')
    return ask !== undefined && ask.answer !== 'absent'
  }

  /** What the behaviour alone shows to be wrong. */
  fault(endMs: number): Diagnosis | null {
    if (this.#registration === 'accepted') return null
    if (this.#registration === 'refused') return registrationFault(this.#software.protocol)
    const asks = this.#asks.list
    const hearing = hearingOf(asks)
    const unheard = hearingFault(hearing, this.#blocked)
    if (unheard !== null) return unheard
    const refused = refusedImage(asks)
    if (refused !== null) return refused
    const polling = this.#software.application === 'sip' ? pollingOf(asks, this.#isTimed) : null
    if (polling !== null) return pollingFault(polling)
    const loop = this.#isTimed ? bootLoopIn(this.#starts, endMs) : null
    if (loop !== null) return loopFault(loop, this.#software.protocol)
    return this.#tooSoon
  }

  #request({ name, port, atMs }: ObservedEvent & { readonly kind: 'request' }): Reaction {
    const { ask, isRepeat } = this.#asks.request(name, port ?? null, atMs)
    if (isRepeat) {
      if (ask.tries >= TRIES_OF_A_TIMER && isSccpTimer(ask)) this.#software.runs('sccp')
      return { isRetry: true, proves: null }
    }
    const file = readRequestedFile(name)
    this.#software.request(file)
    this.#followBoot(file.kind, atMs)
    const start = this.#running.request(file, derivedTarget(file) ?? null, atMs)
    if (start?.kind === 'too-soon') this.#tooSoon = tooSoonFault(start.load, start.afterMs)
    return start?.kind === 'target' ? { isRetry: false, proves: start.target } : NOTHING
  }

  /** What the kind of a file tells of where in its boot the phone is. */
  #followBoot(kind: RequestedFile['kind'], atMs: number): void {
    if (kind === 'image') {
      this.#starts = []
      this.#tooSoon = null
    }
    if (kind === 'ctlsep' || kind === 'os79xx') this.#begin(atMs)
    else this.#isBooting = true
    // An answer has reached it after all.
    if (kind === 'ringlist-dat' || kind === 'locale') this.#blocked = null
  }

  #begin(atMs: number): void {
    // One that asks for its first file and for nothing else does not get as far as a boot.
    if (!this.#isBooting) this.#starts.pop()
    this.#isBooting = false
    this.#starts = [...this.#starts, atMs].slice(-MOST_STARTS)
  }

  #ended({ name, outcome, port, atMs }: ObservedEvent & { readonly kind: 'ended' }): void {
    this.#running.ended(name, outcome === 'completed', atMs)
    this.#asks.record(name, ANSWERS[outcome], port)
  }

  #register({ protocol, step, atMs }: ObservedEvent & { readonly kind: 'registration' }): void {
    this.#asks.leave(atMs)
    this.#registration = step
    this.#software.runs(protocol)
    if (protocol === 'sccp') this.#running.sawSccp()
    if (step === 'accepted') this.#starts = []
  }
}
