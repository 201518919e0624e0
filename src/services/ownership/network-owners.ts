import {
  type Authority,
  NetworkOwnership,
  type OwnershipEffect,
  type OwnershipEvent,
} from '../../ownership/network-ownership.ts'
import type { OwnershipStore } from '../../ownership/ownership-store.ts'
import type { OwnershipTiming } from '../../ownership/ownership-timing.ts'
import { DeadlineTimer } from '../deadline-timer.ts'
import type { StartTimer } from '../start-timer.ts'

/** What ownership needs. `Loaded` is what is read of a network that was taken. */
export type NetworkOwnersParts<Loaded> = {
  /** The name of this appliance. */
  readonly self: string
  readonly timing: OwnershipTiming
  readonly store: OwnershipStore
  /** Reads what is stored of a network; rejects where it cannot be read now. */
  readonly read: (network: string) => Promise<Loaded>
  /** Takes what was read; called only while the network is still ours. */
  readonly accept: (network: string, loaded: Loaded) => void
  /** Resolves when no write of the network is under way any more. */
  readonly drain: (network: string) => Promise<void>
  /** Forgets the network: another appliance changes it from now on. */
  readonly drop: (network: string) => void
  /** The database has confirmed that the network is ours. */
  readonly onBeat?: (network: string) => void
  /** Whether an earlier owner may still repeat its leases; told after each answer. */
  readonly onUnclean: (network: string, isUnclean: boolean) => void
  /** Why the network could not be served here now, in words; null if it could. */
  readonly unfitFor: (network: string) => string | null
  readonly onEvent: (network: string, event: OwnershipEvent) => void
  readonly onFault: (error: unknown) => void
  /** Milliseconds of a clock that does not step. */
  readonly nowMs: () => number
  readonly startTimer: StartTimer
}

/** How often it is looked whether networks can be served here, in milliseconds. */
const FITNESS_MS = 500

/** A machine that is due and has nothing to do is not asked again at once, in milliseconds. */
const LEAST_WAIT_MS = 10

/**
 * Who serves each network whose leases are shared: runs one state machine a network over the store.
 * It decides nothing itself.
 */
export class NetworkOwners<Loaded> {
  readonly #parts: NetworkOwnersParts<Loaded>
  readonly #machines = new Map<string, NetworkOwnership>()
  /** Counts what was forgotten or asked for of a network: what was read before is not accepted. */
  readonly #generations = new Map<string, number>()
  readonly #timer: DeadlineTimer
  readonly #underWay = new Set<Promise<void>>()

  constructor(parts: NetworkOwnersParts<Loaded>) {
    this.#parts = parts
    this.#timer = new DeadlineTimer(parts, () => this.#wake())
  }

  /** Follows these networks from now on, and gives up all others. */
  follow(networks: readonly string[]): void {
    const { self, timing, nowMs } = this.#parts
    for (const [network, machine] of this.#machines) {
      if (networks.includes(network)) continue
      this.#run(network, machine, machine.stop(nowMs()))
    }
    for (const network of networks) {
      if (this.#machines.get(network)?.isOver === false) continue
      this.#machines.set(network, new NetworkOwnership(self, timing, nowMs()))
    }
    this.#wake()
  }

  /** The networks that are followed. */
  get networks(): readonly string[] {
    return [...this.#machines].flatMap(([network, { isOver }]) => (isOver ? [] : [network]))
  }

  /** Whether the network is followed, and so not served without asking. */
  isFollowed(network: string): boolean {
    return this.#machines.has(network)
  }

  /** What may be answered on a network; everything where its leases are this appliance's alone. */
  authority(network: string, nowMs: number): Authority {
    return this.#machines.get(network)?.authority(nowMs) ?? 'full'
  }

  /** Whether this appliance acts for a network now. */
  owns(network: string): boolean {
    return this.authority(network, this.#parts.nowMs()) === 'full'
  }

  /** The owner as far as it is known here; null if there is none, or the network is not shared. */
  ownerOf(network: string): string | null {
    return this.#machines.get(network)?.owner ?? null
  }

  /** The token for writes; null where this appliance is not the owner. */
  tokenOf(network: string): string | null {
    return this.#machines.get(network)?.token ?? null
  }

  /** The owner whose configuration of the network differs from ours; null if none. */
  differsFrom(network: string): string | null {
    return this.#machines.get(network)?.differsFrom ?? null
  }

  /** The row of a network is said to have changed. */
  hint(network: string): void {
    const machine = this.#machines.get(network)
    if (machine === undefined) return
    machine.onHint(this.#parts.nowMs())
    this.#wake()
  }

  /** A write of a network was refused. */
  onRefused(network: string): void {
    const machine = this.#machines.get(network)
    if (machine !== undefined) this.#run(network, machine, machine.onRefused(this.#parts.nowMs()))
    this.#arm()
  }

  /** Gives up what it has, and resolves when that is known to the others or could not be said. */
  async stop(): Promise<void> {
    const nowMs = this.#parts.nowMs()
    for (const [network, machine] of this.#machines)
      this.#run(network, machine, machine.stop(nowMs))
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
    this.#timer.close()
  }

  #wake(): void {
    for (const [network, machine] of this.#machines) {
      const nowMs = this.#parts.nowMs()
      machine.setFit(this.#parts.unfitFor(network) === null, nowMs)
      this.#run(network, machine, machine.onWake(nowMs))
    }
    this.#arm()
  }

  #arm(): void {
    const nowMs = this.#parts.nowMs()
    const waiting = [...this.#machines.values()].filter(({ isAsking }) => !isAsking)
    const next = Math.min(...waiting.map(({ wakeAtMs }) => wakeAtMs), nowMs + FITNESS_MS)
    if (this.#machines.size > 0) this.#timer.wakeBy(Math.max(next, nowMs + LEAST_WAIT_MS))
  }

  /** Effects are those of the machine that is given: another may have taken its place meanwhile. */
  #run(network: string, machine: NetworkOwnership, effects: readonly OwnershipEffect[]): void {
    for (const effect of effects) this.#perform(network, machine, effect)
    if (this.#machines.get(network) === machine) {
      this.#parts.onUnclean(network, machine.isUnclean)
    }
  }

  #perform(network: string, machine: NetworkOwnership, effect: OwnershipEffect): void {
    const { store, drain, drop, onEvent } = this.#parts
    const now = this.#parts.nowMs
    switch (effect.kind) {
      case 'look':
        this.#ask(network, machine, store.look(network), (look) =>
          machine.onLook(look ?? null, now()),
        )
        break
      case 'take': {
        const taken = store.take(network, effect.seen)
        this.#ask(network, machine, taken, (record) => machine.onTaken(orFailed(record), now()))
        break
      }
      case 'beat': {
        const beaten = store.beat(network, effect.token, effect.clear)
        this.#ask(network, machine, beaten, (look) => {
          const effects = machine.onBeat(orFailed(look), now())
          if (look && machine.token === effect.token) this.#parts.onBeat?.(network)
          return effects
        })
        break
      }
      case 'release': {
        const released = store.release(network, effect.token, effect.to)
        this.#ask(network, machine, released, () => machine.onReleased(now()))
        break
      }
      case 'load':
        this.#load(network, machine)
        break
      case 'drain':
        this.#ask(network, machine, drain(network), () => machine.onDrained(now()))
        break
      case 'drop':
        this.#nextGeneration(network)
        drop(network)
        break
      case 'event':
        onEvent(network, effect.event)
        break
      /* c8 ignore next 2 -- the compiler proves that there is no other value */
      default:
        effect satisfies never
    }
  }

  #load(network: string, machine: NetworkOwnership): void {
    const { read, accept, nowMs } = this.#parts
    const generation = this.#nextGeneration(network)
    this.#ask(network, machine, read(network), (loaded) => {
      if (this.#generations.get(network) !== generation) return []
      if (loaded === undefined) return machine.onLoaded(false, nowMs())
      accept(network, loaded)
      return machine.onLoaded(true, nowMs())
    })
  }

  /** Asks the store, and goes on with what it answers; undefined: it did not. */
  #ask<Answer>(
    network: string,
    machine: NetworkOwnership,
    asked: Promise<Answer>,
    answer: (answer: Answer | undefined) => readonly OwnershipEffect[],
  ): void {
    const underWay = asked
      .catch((error: unknown) => {
        this.#parts.onFault(error)
        return undefined
      })
      .then((given) => {
        this.#underWay.delete(underWay)
        this.#run(network, machine, answer(given))
        this.#arm()
      })
    this.#underWay.add(underWay)
  }

  #nextGeneration(network: string): number {
    const generation = (this.#generations.get(network) ?? 0) + 1
    this.#generations.set(network, generation)
    return generation
  }
}

function orFailed<Answer>(answer: Answer | undefined): Answer | 'failed' {
  return answer === undefined ? 'failed' : answer
}
