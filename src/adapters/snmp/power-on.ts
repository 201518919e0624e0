import { setTimeout as delay } from 'node:timers/promises'
import { POWER_ON, type PoePort } from './poe-port.ts'
import type { Switch, SwitchSession } from './switch-session.ts'

/** Opens a session with a switch; `openSwitchSession` outside of tests. */
export type OpenSession = (target: Switch) => Promise<SwitchSession>

/** What came of switching a port on. */
export type PowerOnOutcome =
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'unconfirmed'; readonly reason: string }

/** How long it is tried. */
export type PowerOnOptions = {
  readonly openSession: OpenSession
  readonly withinMs: number
  /** Between two tries. */
  readonly everyMs: number
}

/**
 * Switches a port on, again and again until the switch itself says that it is on, with a new session for
 * each try: a switch that restarted meanwhile knows nothing of the old one.
 *
 * @param hurry - Aborted when the time is cut short to `hurryMs` from then.
 */
export async function powerOn(
  { target, oid }: PoePort,
  { openSession, withinMs, everyMs }: PowerOnOptions,
  hurry: AbortSignal,
): Promise<PowerOnOutcome> {
  const limit = new TimeLimit(withinMs, hurry)
  let reason = 'there was no time for it'
  try {
    while (!limit.isOver) {
      const tried = await limit.bound(oneTry(target, oid, openSession))
      if (tried === 'on') return { kind: 'confirmed' }
      if (tried !== undefined) reason = tried
      await limit.bound(delay(everyMs))
    }
    return { kind: 'unconfirmed', reason }
  } finally {
    limit.clear()
  }
}

/** `on`, or why not. */
async function oneTry(target: Switch, oid: string, openSession: OpenSession): Promise<string> {
  let session: SwitchSession | undefined
  try {
    session = await openSession(target)
    await session.set(oid, POWER_ON)
    const result = await session.get(oid)
    if (result.kind === 'value' && result.value === POWER_ON) return 'on'
    return `${target.name} took the order and says that the port is off`
  } catch (error) {
    return (error as Error).message
  } finally {
    session?.close()
  }
}

/** A try that is under way when a stop is asked for may take so long, in milliseconds. */
const HURRY_MS = 3_000

class TimeLimit {
  isOver = false
  readonly #over: Promise<undefined>
  readonly #hurry: AbortSignal
  #timer: NodeJS.Timeout
  #end: () => void = () => {}

  constructor(withinMs: number, hurry: AbortSignal) {
    this.#over = new Promise((resolve) => {
      this.#end = () => {
        this.isOver = true
        resolve(undefined)
      }
    })
    this.#hurry = hurry
    this.#timer = setTimeout(this.#end, hurry.aborted ? Math.min(HURRY_MS, withinMs) : withinMs)
    hurry.addEventListener('abort', this.#shorten)
  }

  /** The result, or undefined when the time is over first. */
  bound<Result>(work: Promise<Result>): Promise<Result | undefined> {
    return Promise.race([work, this.#over])
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#hurry.removeEventListener('abort', this.#shorten)
  }

  readonly #shorten = () => {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#end, HURRY_MS)
  }
}
