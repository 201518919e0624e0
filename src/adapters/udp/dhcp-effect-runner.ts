import type { DhcpEffect } from '../../dhcp/effect.ts'
import type { DhcpEvent } from '../../dhcp/events.ts'
import type { LeaseChange } from '../../leases/binding.ts'

/** How the effects of the DHCP engine are carried out. */
export type DhcpEffectPorts = {
  /** Resolves when every change is on disk. */
  readonly commit: (changes: readonly LeaseChange[]) => Promise<void>
  readonly send: (effect: SendEffect) => void
  readonly probe: (effect: ProbeEffect) => void
  readonly wakeAt: (atMs: number) => void
  readonly onEvent: (event: DhcpEvent) => void
  /** What stood behind a commit was carried out, so that what it sent may leave together. */
  readonly onGroupDone: () => void
  /** Once for each failed commit; `lost` is how many messages stay without an answer. */
  readonly onCommitFailed: (error: unknown, lost: number) => void
}

export type SendEffect = Extract<DhcpEffect, { kind: 'send' }>
export type ProbeEffect = Extract<DhcpEffect, { kind: 'probe' }>

/** Effects that wait for their changes to be on disk. */
type Waiting = { readonly changes: readonly LeaseChange[]; readonly rest: readonly DhcpEffect[] }

/** Messages that may wait for the disk: a good tenth of a second at full load. */
const MAX_WAITING = 4096

/**
 * Carries out effects in order, with group commit: the changes of all messages that come in while a
 * commit is under way are the next one, and what stands behind a change leaves when it is on disk
 * (RFC 2131 section 3.1 step 4). A disk of 5 ms a write then costs each client 5 ms, not each other.
 *
 * A failed commit takes with it what stood behind it; the clients ask again.
 */
export class DhcpEffectRunner {
  readonly #ports: DhcpEffectPorts
  readonly #maxWaiting: number
  #waiting: Waiting[] = []
  #inFlight = 0
  #whenIdle: Promise<void> | undefined

  /** @param maxWaiting - Messages that may wait for the disk before `isFull` says so. */
  constructor(ports: DhcpEffectPorts, maxWaiting: number = MAX_WAITING) {
    this.#ports = ports
    this.#maxWaiting = maxWaiting
  }

  /**
   * Whether as many messages wait for the disk as may. Ask before the engine sees another one: an
   * engine that has granted a binding must not find it left out of the store.
   */
  get isFull(): boolean {
    return this.#waiting.length + this.#inFlight >= this.#maxWaiting
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

  /** Resolves when nothing waits for the disk any more. */
  async idle(): Promise<void> {
    while (this.#whenIdle !== undefined) await this.#whenIdle
  }

  #await(changes: readonly LeaseChange[], rest: readonly DhcpEffect[]): void {
    // A wake is owed to the engine whether the disk is well or not, and one too early does no harm.
    for (const effect of rest) if (effect.kind === 'wake') this.#perform(effect)
    this.#waiting.push({ changes, rest: rest.filter(({ kind }) => kind !== 'wake') })
    this.#whenIdle ??= this.#commitAll()
  }

  async #commitAll(): Promise<void> {
    // Once the event loop has handed over all datagrams that it has.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) await this.#commitGroup()
    this.#whenIdle = undefined
  }

  async #commitGroup(): Promise<void> {
    const group = this.#waiting
    this.#waiting = []
    this.#inFlight = group.length
    try {
      await this.#ports.commit(group.flatMap(({ changes }) => changes))
    } catch (error) {
      this.#ports.onCommitFailed(error, group.length)
      return
    } finally {
      this.#inFlight = 0
    }
    for (const { rest } of group) this.run(rest)
    this.#ports.onGroupDone()
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
      case 'note':
        this.#ports.onEvent(effect.event)
        break
      default:
        effect satisfies never
    }
  }
}
