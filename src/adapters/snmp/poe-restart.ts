import { setTimeout as delay } from 'node:timers/promises'
import type {
  RestartMethod,
  RestartTarget,
  SendOutcome,
} from '../../call-control/restart/method.ts'
import type { Mac } from '../../net/mac.ts'
import { parseSwitchPort } from '../../net/switch-port.ts'
import { findPoePort, POWER_OFF, POWER_ON, type PoePort } from './poe-port.ts'
import { type OpenSession, powerOn } from './power-on.ts'
import { type Switch, SwitchError, type SwitchSession } from './switch-session.ts'
import type { SwitchedOffPorts } from './switched-off-ports.ts'

/**
 * What happened to a port.
 *
 * - `switch.port.off` (info): the port is off, to restart the phone.
 * - `switch.port.on` (info): the switch says that the port is on again; `afterStart` where an earlier
 *   process had left it off.
 * - `switch.port.stuck` (error): the port could not be confirmed to be on and may be without power.
 *   Switch it on by hand; the appliance goes on trying.
 */
export type PoeEvent = {
  readonly event: 'switch.port.off' | 'switch.port.on' | 'switch.port.stuck'
  readonly level: 'info' | 'error'
  readonly mac: Mac
  readonly fields: Readonly<Record<string, unknown>>
}

/** What cycles of power need. */
export type PoeRestartParts = {
  readonly switches: () => readonly Switch[]
  readonly openSession: OpenSession
  /** Ports that are off by us, where a restart of the appliance finds them. */
  readonly ports: SwitchedOffPorts
  readonly onEvent: (event: PoeEvent) => void
  readonly nowMs: () => number
  readonly times?: Partial<PoeTimes>
}

/** In milliseconds. */
export type PoeTimes = {
  /** A 7940 has lost all power after 5 s (field scripts). */
  readonly offMs: number
  readonly onWithinMs: number
  readonly onEveryMs: number
  /** Between two rounds of trying ports that are still off. */
  readonly againMs: number
}

const TIMES: PoeTimes = { offMs: 5_000, onWithinMs: 60_000, onEveryMs: 1_000, againMs: 60_000 }

/**
 * Restarts a phone by cutting the power of its port (RFC 3621). It works with any load and with a phone
 * that hangs, unless a wall adapter feeds it.
 *
 * The port is read first: one that is absent, or switched off by an operator, is left as it is. Before it
 * goes off the intention is stored, and forgotten only when the switch has confirmed that it is on.
 */
export class PoeRestart implements RestartMethod {
  readonly name = 'poe'
  readonly #parts: PoeRestartParts
  readonly #times: PoeTimes
  /** Ports that are being switched, and for whom. */
  readonly #busy = new Map<string, Mac>()
  readonly #closing = new AbortController()
  readonly #work = new Set<Promise<unknown>>()
  #again: NodeJS.Timeout | undefined

  constructor(parts: PoeRestartParts) {
    this.#parts = parts
    this.#times = { ...TIMES, ...parts.times }
  }

  async send({ mac, switchPort }: RestartTarget, signal: AbortSignal): Promise<SendOutcome> {
    const named = switchPort === null ? undefined : parseSwitchPort(switchPort)
    if (named === undefined) return failed('the switch port of the phone is not known')
    const port = findPoePort(named, this.#parts.switches())
    if (port === undefined) return failed(`no switch is configured for ${named}`)
    if (signal.aborted || this.#closing.signal.aborted)
      return failed('it was stopped before it began')
    const stop = AbortSignal.any([signal, this.#closing.signal])
    return this.#alone(port, mac, () => this.#cycle(port, mac, stop))
  }

  /**
   * Switches on what an earlier process left off. It begins at once and is not waited for: DHCP and TFTP
   * must not wait for a switch.
   */
  recover(): void {
    if (this.#closing.signal.aborted) return
    void this.#keep(this.#recoverAll())
  }

  /** Ends cycles under way with their ports on, as far as the switch answers within some seconds. */
  async close(): Promise<void> {
    clearTimeout(this.#again)
    this.#closing.abort()
    await Promise.allSettled([...this.#work])
  }

  async #alone({ id }: PoePort, mac: Mac, work: () => Promise<SendOutcome>): Promise<SendOutcome> {
    const holder = this.#busy.get(id)
    if (holder !== undefined) return failed(`${id} is being switched for phone ${holder}`)
    this.#busy.set(id, mac)
    try {
      return await this.#keep(work())
    } finally {
      this.#busy.delete(id)
    }
  }

  async #keep<Result>(work: Promise<Result>): Promise<Result> {
    this.#work.add(work)
    try {
      return await work
    } finally {
      this.#work.delete(work)
    }
  }

  async #cycle(port: PoePort, mac: Mac, stop: AbortSignal): Promise<SendOutcome> {
    const { ports, nowMs } = this.#parts
    let session: SwitchSession | undefined
    try {
      session = await this.#parts.openSession(port.target)
      const refusal = await refusalOf(port, session, await ports.has(port.id))
      if (refusal !== undefined) return failed(refusal)
      await ports.add({ port: port.id, mac, atMs: nowMs() })
    } catch (error) {
      session?.close()
      return failed((error as Error).message)
    }
    try {
      const fault = await this.#switchOff(port, mac, session, stop)
      if (fault?.isRefusal && (await isOn(port, session))) {
        await this.#forget(port)
        return failed(fault.message)
      }
      const isOnAgain = await this.#switchOn(port, mac, stop, {})
      if (fault !== undefined) return failed(fault.message)
      return isOnAgain
        ? { kind: 'sent' }
        : failed(`${port.id} could not be confirmed to be on again`)
    } finally {
      session.close()
    }
  }

  /** Why the port is not known to have been off for long enough; undefined where it was. */
  async #switchOff(
    { id, oid, target }: PoePort,
    mac: Mac,
    session: SwitchSession,
    stop: AbortSignal,
  ): Promise<SwitchError | undefined> {
    try {
      await session.set(oid, POWER_OFF)
      const after = await session.get(oid)
      if (after.kind !== 'value' || after.value !== POWER_OFF) {
        return new SwitchError(`${target.name} took the order and left ${id} on`)
      }
      this.#report('switch.port.off', mac, { port: id })
      await delay(this.#times.offMs, undefined, { signal: stop })
      return undefined
    } catch (error) {
      if (error instanceof SwitchError) return error
      return new SwitchError('it was stopped')
    }
  }

  /** Whatever has happened to the order to go off: the port is left when the switch says that it is on. */
  async #switchOn(port: PoePort, mac: Mac, hurry: AbortSignal, more: object): Promise<boolean> {
    const { openSession } = this.#parts
    const { onWithinMs, onEveryMs } = this.#times
    const options = { openSession, withinMs: onWithinMs, everyMs: onEveryMs }
    const outcome = await powerOn(port, options, hurry)
    if (outcome.kind === 'unconfirmed') {
      const why = `${outcome.reason}. Switch it on by hand`
      this.#report('switch.port.stuck', mac, { port: port.id, why, ...more })
      this.#tryAgainLater()
      return false
    }
    this.#report('switch.port.on', mac, { port: port.id, ...more })
    await this.#forget(port)
    return true
  }

  /** Where it cannot be forgotten, the next start switches on a port that is on already. */
  async #forget({ id }: PoePort): Promise<void> {
    await this.#parts.ports.remove(id).catch(() => {})
  }

  async #recoverAll(): Promise<void> {
    const left = await this.#parts.ports.all()
    await Promise.all(
      left.map(async ({ port: id, mac }) => {
        const port = findPoePort(id, this.#parts.switches())
        if (port === undefined) {
          const why = 'no switch of that name is configured. Switch it on by hand'
          return this.#report('switch.port.stuck', mac, { port: id, why, afterStart: true })
        }
        await this.#alone(port, mac, async () => {
          await this.#switchOn(port, mac, this.#closing.signal, { afterStart: true })
          return { kind: 'sent' }
        })
      }),
    )
  }

  #tryAgainLater(): void {
    if (this.#closing.signal.aborted) return
    clearTimeout(this.#again)
    this.#again = setTimeout(() => this.recover(), this.#times.againMs)
  }

  #report(event: PoeEvent['event'], mac: Mac, fields: PoeEvent['fields']): void {
    const level = event === 'switch.port.stuck' ? 'error' : 'info'
    this.#parts.onEvent({ event, level, mac, fields })
  }
}

/** Why the port is left as it is; undefined where its power may be cut. */
async function refusalOf(
  { id, oid }: PoePort,
  session: SwitchSession,
  isOffByUs: boolean,
): Promise<string | undefined> {
  const result = await session.get(oid)
  if (result.kind === 'absent') {
    return `${id} has no PoE port: there is no ${oid}; the index is that of the PoE table, not an ifIndex`
  }
  if (result.value === POWER_ON || isOffByUs) return undefined
  if (result.value === POWER_OFF) return `${id} is switched off already, and not by this appliance`
  return `${id} answers ${result.value}, which RFC 3621 does not know`
}

async function isOn({ oid }: PoePort, session: SwitchSession): Promise<boolean> {
  const result = await session.get(oid).catch(() => undefined)
  return result?.kind === 'value' && result.value === POWER_ON
}

function failed(reason: string): SendOutcome {
  return { kind: 'failed', reason }
}
