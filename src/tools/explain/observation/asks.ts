import { type RequestedFile, readRequestedFile } from '../../../phones/requested-file.ts'

/** One file that a phone asked for, with all its tries, until it went on to something else. */
export type Ask = {
  readonly file: RequestedFile
  readonly name: string
  readonly firstAtMs: number
  lastAtMs: number
  tries: number
  /** Tries from the port of the last one; all of them where no port is known. */
  triesOfPort: number
  /** The most tries that one port had. */
  mostOfPort: number
  port: number | null
  /** All ports that it was asked from: three at most, by the timers. */
  readonly ports: number[]
  /** Whether one second lay between two tries: loader and SIP application, never the SCCP application. */
  hasShortPause: boolean
  /** What the server said of it last. */
  answer: 'nothing' | 'absent' | 'whole' | 'broken'
  /** How often the server got no ACK in time, or could not send. */
  unheard: number
  /** How it went, as what the phone did next shows. */
  end: AskEnd
}

/**
 * `heard`: the phone asked for something else at once, so it had an answer. `single`: it asked once
 * and did not repeat it, so most likely it had one. `given-up`: it went on only after it had repeated
 * itself as often as its timers allow. `unclear`: anything else.
 */
export type AskEnd = 'open' | 'heard' | 'single' | 'given-up' | 'unclear'

/*
 * Timers of phones (field traces of nine phones, July 2021): loader and SIP application repeat a
 * request after 1, 5 and 9 s and take the next port at 13 s; the SCCP application repeats it after 4,
 * 8, 12 and 16 s and takes the next port at 20 s; each tries three ports. Logs count whole seconds.
 */
/** Two tries of one port lie no further apart; a port may be given out again much later. */
const SAME_PORT_MS = 12_000
/** No timer is so short. */
const DOUBLE_MS = 500
/** Two tries with nothing else between, whatever their ports: no timer waits longer than four seconds. */
const SAME_ASK_MS = 6_000
/** A phone that has its answer goes on within a second or two; the next try comes after four. */
const AT_ONCE_MS = 3_000
/** Tries after which either timer has come to the end of a port. */
const WHOLE_PORT = 4
/** A repeat after one second; the other timer's is four. */
const SHORT_PAUSE_MS = 2_000
/** A phone that repeats nothing for so long waits for no answer. */
const NO_REPEAT_MS = 6_000
/** A log may have a hole, and a phone may lose its power: what comes later shows nothing. */
const LONGEST_PAUSE_MS = 120_000

/** Asks that are kept; a phone that loops needs no more to be told. */
const MOST_ASKS = 192

/**
 * The files that a phone asked for, in order, each with its repeats. A phone may run two hunts at
 * once, so a repeat is told by name and port; without ports by what lies between.
 */
export class Asks {
  #list: Ask[] = []
  readonly #isTimed: boolean

  /** @param isTimed - Whether times mean anything; else only the order counts. */
  constructor(isTimed: boolean) {
    this.#isTimed = isTimed
  }

  /** All that are kept, oldest first. */
  get list(): readonly Ask[] {
    return this.#list
  }

  /**
   * A request.
   *
   * @returns What it belongs to, and whether it repeats a request before.
   */
  request(
    name: string,
    port: number | null,
    atMs: number,
  ): { readonly ask: Ask; readonly isRepeat: boolean } {
    const known = this.#list.slice(-MOST_HUNTS).findLast((ask) => ask.name === name)
    const last = this.#list.at(-1)
    if (known !== undefined && this.#repeats(known, port, atMs)) {
      // A request that comes twice at once was doubled by the network, or by the log.
      const isDouble = this.#isTimed && atMs - known.lastAtMs < DOUBLE_MS
      if (!isDouble) again(known, port, atMs)
      return { ask: known, isRepeat: true }
    }
    if (last !== undefined) this.#end(last, atMs, last.name !== name)
    const ask = begin(name, port, atMs)
    this.#list.push(ask)
    if (this.#list.length > 2 * MOST_ASKS) this.#list = this.#list.slice(-MOST_ASKS)
    return { ask, isRepeat: false }
  }

  /** What the server said of a file, to the ask from that port, or to the newest ask for it. */
  record(name: string, answer: 'absent' | 'whole' | 'broken' | 'unheard', port?: number): void {
    const isOurs = (one: Ask) =>
      port === undefined || one.ports.length === 0 || one.ports.includes(port)
    const ask = this.#list.findLast((one) => one.name === name && isOurs(one))
    if (ask === undefined) return
    if (answer === 'unheard') ask.unheard++
    else ask.answer = answer
  }

  /** Something else shows that the phone went on: a start by DHCP, a registration. */
  leave(atMs: number): void {
    const last = this.#list.at(-1)
    if (last !== undefined) this.#end(last, atMs, false)
  }

  /** Whether a request repeats an ask: the same name and port, or the next port with nothing between. */
  #repeats(ask: Ask, port: number | null, atMs: number): boolean {
    // It had its answer, or broke it off: what it asks for now it asks for once more.
    if (ask.answer === 'broken' || (ask.answer === 'whole' && ask.file.kind === 'image'))
      return false
    const pauseMs = atMs - ask.lastAtMs
    if (port !== null && port === ask.port) return pauseMs <= SAME_PORT_MS
    if (ask !== this.#list.at(-1) || pauseMs > SAME_ASK_MS) return false
    // Without times a phone that polls for its own file and one that repeats itself look alike.
    return this.#isTimed || ask.file.kind !== 'sip-phone'
  }

  /**
   * @param isElse - Whether it went on to another file.
   */
  #end(ask: Ask, atMs: number, isElse: boolean): void {
    if (ask.end !== 'open') return
    ask.end = this.#isTimed ? endOf(ask, atMs - ask.lastAtMs, isElse) : endByOrder(ask)
  }
}

/** More ports than the timers take; a phone of one file without end must not fill the memory. */
const MOST_PORTS = 32

/** A phone runs two hunts at once at most: a repeat lies among so many asks. */
const MOST_HUNTS = 4

function endOf(ask: Ask, pauseMs: number, isElse: boolean): AskEnd {
  if (pauseMs < AT_ONCE_MS && isElse) return 'heard'
  if (pauseMs > LONGEST_PAUSE_MS) return 'unclear'
  if (ask.triesOfPort >= WHOLE_PORT) return 'given-up'
  return ask.tries === 1 && pauseMs >= NO_REPEAT_MS ? 'single' : 'unclear'
}

function endByOrder(ask: Ask): AskEnd {
  if (ask.triesOfPort >= WHOLE_PORT) return 'given-up'
  return ask.tries === 1 ? 'single' : 'unclear'
}

function begin(name: string, port: number | null, atMs: number): Ask {
  return {
    file: readRequestedFile(name),
    name,
    firstAtMs: atMs,
    lastAtMs: atMs,
    tries: 1,
    triesOfPort: 1,
    mostOfPort: 1,
    port,
    ports: port === null ? [] : [port],
    hasShortPause: false,
    answer: 'nothing',
    unheard: 0,
    end: 'open',
  }
}

function again(ask: Ask, port: number | null, atMs: number): void {
  const pauseMs = atMs - ask.lastAtMs
  ask.tries++
  ask.triesOfPort = port === ask.port ? ask.triesOfPort + 1 : 1
  ask.mostOfPort = Math.max(ask.mostOfPort, ask.triesOfPort)
  if (pauseMs > 0 && pauseMs <= SHORT_PAUSE_MS) ask.hasShortPause = true
  if (port !== null && !ask.ports.includes(port) && ask.ports.length < MOST_PORTS) {
    ask.ports.push(port)
  }
  ask.port = port
  ask.lastAtMs = atMs
}

/** Whether the ask is under way and has been repeated so often that an answer would have come. */
export function isRepeating({ end, tries }: Ask): boolean {
  return end === 'open' && tries >= 3
}

/**
 * Whether the tries went by the timer of the SCCP application: five from one port, four seconds apart,
 * where loader and SIP application repeat themselves after one second and stop at four.
 */
export function isSccpTimer({ hasShortPause, mostOfPort }: Ask): boolean {
  return !hasShortPause && mostOfPort >= TRIES_OF_SCCP
}

const TRIES_OF_SCCP = 5
