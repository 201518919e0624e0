import type { DhcpEffect } from '../../dhcp/effect.ts'
import type { DhcpEvent } from '../../dhcp/events.ts'
import type { LeaseChange } from '../../leases/binding.ts'
import { startNodeTimer } from '../clock/node-timer.ts'
import { CommitLane } from './commit-lane.ts'

/** How the effects of the DHCP engine are carried out. */
export type DhcpEffectPorts = {
  /** Resolves when every change is on disk. */
  readonly commit: (changes: readonly LeaseChange[]) => Promise<void>
  readonly send: (effect: SendEffect) => void
  readonly probe: (effect: ProbeEffect) => void
  readonly wakeAt: (atMs: number) => void
  readonly onEvent: (event: DhcpEvent) => void
  /** What waited for a commit was carried out, so that what it sent may leave together. */
  readonly onGroupDone: () => void
  /** Once for each failed commit; `lost` is how many messages stay without an answer. */
  readonly onCommitFailed: (error: unknown, lost: number) => void
  /**
   * The network whose changes are stored apart from the others, because other appliances may serve
   * it; null for the one lane of all that are stored on this machine. Left out: all are.
   */
  readonly laneOf?: (changes: readonly LeaseChange[]) => string | null
  /** Changes of such a network wait for the commit before them to end; `commit` follows, once. */
  readonly onWaiting?: (changes: readonly LeaseChange[]) => void
  /** Whether that store is so far away that several commits should be under way at once. */
  readonly isStoreFar?: () => boolean
  /** Milliseconds of a clock that does not step; needed where `laneOf` is given. */
  readonly nowMs?: () => number
}

export type SendEffect = Extract<DhcpEffect, { kind: 'send' }>
export type ProbeEffect = Extract<DhcpEffect, { kind: 'probe' }>

/** Messages that may wait for the disk: a good tenth of a second at full load. */
const MAX_WAITING = 4096

/**
 * Carries out effects in order, with group commit: a disk of 5 ms a write then costs each client
 * 5 ms, not each other.
 *
 * Changes of networks that are stored elsewhere have lanes of their own: a database that is far away
 * or gone must not keep clients of this machine's networks waiting.
 */
export class DhcpEffectRunner {
  readonly #ports: DhcpEffectPorts
  readonly #maxWaiting: number
  readonly #here: CommitLane
  readonly #shared = new Map<string, CommitLane>()

  /** @param maxWaiting - Messages that may wait in a lane before it is full. */
  constructor(ports: DhcpEffectPorts, maxWaiting: number = MAX_WAITING) {
    this.#ports = ports
    this.#maxWaiting = maxWaiting
    this.#here = this.#openLane(false)
  }

  /**
   * Whether as many messages wait for the disk as may. Ask before the engine sees another one: an
   * engine that has granted a binding must not find it left out of the store.
   */
  get isFull(): boolean {
    return this.#here.size >= this.#maxWaiting
  }

  /** The same for a network that is stored elsewhere. */
  isLaneFull(network: string): boolean {
    return (this.#shared.get(network)?.size ?? 0) >= this.#maxWaiting
  }

  /** Carries out what it can at once; the rest follows by itself. */
  run(effects: readonly DhcpEffect[]): void {
    for (const [index, effect] of effects.entries()) {
      if (effect.kind === 'commit') {
        this.#await(effect.changes, effects.slice(index + 1))
        return
      }
      this.#perform(effect)
    }
  }

  /** Resolves when nothing waits for a disk any more. */
  async idle(): Promise<void> {
    await Promise.all([this.#here.idle(), ...[...this.#shared.values()].map((lane) => lane.idle())])
  }

  /** Resolves when nothing of the network waits any more. */
  async laneIdle(network: string): Promise<void> {
    await this.#shared.get(network)?.idle()
  }

  #await(changes: readonly LeaseChange[], rest: readonly DhcpEffect[]): void {
    // A wake is owed to the engine whether the disk is well or not, and one too early does no harm.
    for (const effect of rest) if (effect.kind === 'wake') this.#perform(effect)
    const network = this.#ports.laneOf?.(changes) ?? null
    const lane = network === null ? this.#here : this.#laneOf(network)
    if (network !== null) this.#ports.onWaiting?.(changes)
    lane.put(
      changes,
      rest.filter(({ kind }) => kind !== 'wake'),
    )
  }

  #laneOf(network: string): CommitLane {
    const known = this.#shared.get(network)
    if (known !== undefined) return known
    const lane = this.#openLane(true)
    this.#shared.set(network, lane)
    return lane
  }

  #openLane(isShared: boolean): CommitLane {
    const { commit, onGroupDone, onCommitFailed, isStoreFar, nowMs = () => 0 } = this.#ports
    const run = (effects: readonly DhcpEffect[]) => this.run(effects)
    const isFar = (isShared ? isStoreFar : undefined) ?? (() => false)
    const ports = { commit, run, onGroupDone, onCommitFailed, isFar, nowMs }
    return new CommitLane({ ...ports, startTimer: startNodeTimer }, isShared)
  }

  #perform(effect: Exclude<DhcpEffect, { kind: 'commit' }>): void {
    switch (effect.kind) {
      case 'send':
        this.#ports.send(effect)
        break
      case 'probe':
        this.#ports.probe(effect)
        break
      case 'wake':
        this.#ports.wakeAt(effect.atMs)
        break
      case 'event':
        this.#ports.onEvent(effect.event)
        break
      default:
        effect satisfies never
    }
  }
}
