import type { Ipv4 } from '../net/ipv4.ts'
import type { PhoneNews } from './events.ts'
import type { Expectation } from './expectation.ts'

/** What became of a simulated phone, as far as its news has told. */
export type PhoneOutcome = {
  /** The load of its last boot, if that ended well; null otherwise. */
  readonly runs: string | null
  /** Its last address; null where it never had one. */
  readonly address: Ipv4 | null
  /** Images that were written to its flash, in order. */
  readonly written: readonly string[]
  /** What its display has said, each text once, in order. */
  readonly shown: readonly string[]
  /** What its display says, where it has stopped. */
  readonly stopped: string | null
  /** The last thing that went wrong with an image, in words; null for nothing. */
  readonly trouble: string | null
  /** Where it is registered; of several lines the last. */
  readonly registered: PhoneRegistration | null
  readonly asExpected: boolean
  /** What was found and what was wanted; null where it is as expected. */
  readonly why: string | null
}

/** A registration of a simulated phone: `name` is that of the line, or `SEP` and its MAC address. */
export type PhoneRegistration = {
  readonly protocol: 'sccp' | 'sip'
  readonly server: Ipv4
  readonly name: string
}

/** What is wanted of a phone. */
export type Wanted = {
  /** How it ends. */
  readonly end: Expectation
  /** A text that its display is to have shown; null for none. */
  readonly shows: string | null
  /** It is to be registered at its end. */
  readonly registers: boolean
}

/** A phone that writes or shows more than this in one rehearsal goes round in a circle. */
const MAX_KEPT = 100

/** Files without which a load does not start; others are missing on any bench. */
const IMAGE = /\.(?:bin|sbn|sb2|loads)$/

/**
 * Follows one simulated phone and holds what becomes of it against what is expected.
 *
 * Owns no clock: the caller says when it has been watched for long enough.
 */
export class PhoneWatch {
  readonly #wanted: Wanted
  readonly #written: string[] = []
  readonly #shown: string[] = []
  #boots = 0
  #runs: string | null = null
  #address: Ipv4 | null = null
  #stopped: string | null = null
  #trouble: string | null = null
  #registered: PhoneRegistration | null = null
  #mayGoOn = false

  constructor(wanted: Wanted) {
    this.#wanted = wanted
  }

  /** @param mayGoOn - Something will be done to the phone once more: this is not its end. */
  onNews(news: PhoneNews, mayGoOn: boolean): void {
    this.#mayGoOn = mayGoOn
    switch (news.event) {
      case 'phone.boot.started':
        this.#registered = null
        this.#onBoot()
        break
      case 'phone.sync.asked':
        this.#onBoot()
        break
      case 'phone.registered': {
        const { protocol, server, name } = news
        this.#registered = { protocol, server, name }
        break
      }
      case 'phone.registration.failed':
        this.#registered = null
        break
      case 'phone.address.taken':
        this.#address = news.address
        break
      case 'phone.file.missing':
        if (IMAGE.test(news.name)) this.#trouble = `${news.name} was not found`
        break
      case 'phone.file.failed':
        this.#trouble = `${news.name} did not come: ${news.reason}`
        break
      case 'phone.image.refused':
        this.#trouble = `it refused ${news.name}: ${news.reason}`
        break
      case 'phone.flash.written':
        this.#trouble = null
        keep(this.#written, news.name)
        break
      case 'phone.screen':
        if (!this.#shown.includes(news.text)) keep(this.#shown, news.text)
        break
      case 'phone.running':
        this.#runs = news.load
        break
      case 'phone.stopped':
        this.#stopped = news.screen
        break
      default:
    }
  }

  #onBoot(): void {
    this.#boots++
    this.#stopped = null
    this.#runs = null
  }

  /** How often the phone has begun to boot, or to check its files. */
  get boots(): number {
    return this.#boots
  }

  /** Whether it runs or has stopped, so that nothing more comes of itself. */
  get isAtRest(): boolean {
    return this.#runs !== null || this.#stopped !== null
  }

  /**
   * Whether nothing that may still come changes the verdict. What is expected not to happen is never
   * decided for the better by news: it takes time without it.
   */
  get isDecided(): boolean {
    const { end } = this.#wanted
    if (end.kind === 'unchanged') return this.#written.length > 0
    if (end.kind === 'no-address') return this.#address !== null
    if (this.#stopped !== null) return !this.#mayGoOn
    if (this.#wanted.registers && this.#registered === null) return false
    return end.kind === 'runs' && this.#runs === end.load && !this.#mayGoOn
  }

  get outcome(): PhoneOutcome {
    const why = this.#findFault()
    return {
      runs: this.#runs,
      address: this.#address,
      written: [...this.#written],
      shown: [...this.#shown],
      stopped: this.#stopped,
      registered: this.#registered,
      trouble: this.#trouble,
      asExpected: why === null,
      why,
    }
  }

  #findFault(): string | null {
    const fault = this.#findFaultOfEnd()
    if (fault !== null) return this.#trouble === null ? fault : `${fault}; ${this.#trouble}`
    const { shows, registers } = this.#wanted
    if (registers && this.#registered === null) return `${this.#found()}; wanted it registered`
    if (shows === null || this.#shown.some((text) => text.includes(shows))) return null
    const found = this.#shown.map((text) => `"${text}"`).join(', ') || 'nothing'
    return `its display showed ${found}; wanted "${shows}"`
  }

  #findFaultOfEnd(): string | null {
    const { end } = this.#wanted
    // A phone that was never switched on proves nothing.
    if (this.#boots === 0) return 'it was not switched on'
    switch (end.kind) {
      case 'runs':
        return this.#runs === end.load ? null : `${this.#found()}; wanted it to run ${end.load}`
      case 'unchanged':
        if (this.#written.length > 0)
          return `it took ${this.#written.join(', ')}; wanted it unchanged`
        // Nor does one that no server served: it could not change.
        return this.#runs === null ? `${this.#found()}; wanted it to run on unchanged` : null
      case 'stopped':
        return this.#stopped === null ? `${this.#found()}; wanted it to stop` : null
      case 'no-address':
        return this.#address === null ? null : 'it was given an address; wanted none'
      default:
        return end satisfies never
    }
  }

  #found(): string {
    if (this.#stopped !== null) return `it stopped with "${this.#stopped}"`
    if (this.#runs !== null) return `it runs ${this.#runs}`
    if (this.#address === null) return 'it has no address'
    return 'its boot has not ended'
  }
}

function keep(list: string[], text: string): void {
  if (list.length < MAX_KEPT) list.push(text)
}
