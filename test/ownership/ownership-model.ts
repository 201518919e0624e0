import { NetworkOwnership, type OwnershipEffect } from '../../src/ownership/network-ownership.ts'
import type { OwnershipRecord } from '../../src/ownership/ownership-record.ts'
import type { OwnershipTiming } from '../../src/ownership/ownership-timing.ts'

/** How long a caller waits for the database before it says that it has not answered. */
const TIMEOUT_MS = 1500

/** What goes wrong, each between two times of the world. */
export type Fault = {
  readonly kind: 'cut' | 'frozen' | 'slow' | 'deaf'
  readonly appliance: number
  readonly fromMs: number
  readonly untilMs: number
}

type Node = {
  readonly name: string
  readonly machine: NetworkOwnership
  /** Its clock runs so much faster than the world's. */
  readonly rate: number
  readonly inbox: { atMs: number; run: (nowMs: number) => void }[]
  isStopped: boolean
}

/**
 * Appliances and a database in virtual time. A request reaches the database after a delay and is
 * carried out there; its answer comes back after another, or is lost, or both are late.
 */
export class OwnershipModel {
  readonly nodes: readonly Node[]
  readonly breaches: string[] = []
  record: OwnershipRecord | null = null
  /** Last time at which somebody had full authority. */
  lastFullMs = Number.NEGATIVE_INFINITY
  nowMs = 0
  readonly #faults: readonly Fault[]
  readonly #timing: OwnershipTiming
  readonly #random: () => number
  readonly #pending: { atMs: number; run: () => void }[] = []
  #tokens = 0
  readonly #confirmed = new Map<Node, number>()

  constructor(
    rates: readonly number[],
    faults: readonly Fault[],
    timing: OwnershipTiming,
    random: () => number,
  ) {
    this.#faults = faults
    this.#timing = timing
    this.#random = random
    this.nodes = rates.map((rate, index) => ({
      name: `sw-${index}`,
      machine: new NetworkOwnership(`sw-${index}`, timing, 0),
      rate,
      inbox: [],
      isStopped: false,
    }))
  }

  /** Runs to `untilMs` in steps of 20 ms and records every breach of the promises. */
  run(untilMs: number): void {
    for (; this.nowMs <= untilMs; this.nowMs += 20) {
      for (const item of this.#due(this.#pending)) item.run()
      for (const [index, node] of this.nodes.entries()) this.#step(index, node)
      this.#check()
    }
  }

  stop(index: number): void {
    const node = this.nodes[index]
    if (node === undefined) return
    node.isStopped = true
    this.#carryOut(node, node.machine.stop(this.#clockOf(node)))
  }

  /** An operator hands the network over, at any appliance. */
  want(index: number): void {
    if (this.record !== null) this.record = { ...this.record, wanted: `sw-${index}` }
  }

  #clockOf(node: Node): number {
    return this.nowMs * node.rate
  }

  #step(index: number, node: Node): void {
    if (this.#has('frozen', index)) return
    for (const item of this.#due(node.inbox)) item.run(this.#clockOf(node))
    const nowMs = this.#clockOf(node)
    if (node.machine.wakeAtMs <= nowMs) this.#carryOut(node, node.machine.onWake(nowMs))
  }

  #carryOut(node: Node, effects: readonly OwnershipEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'load') {
        this.#later(node, 40 + this.#random() * 900, (nowMs) => {
          this.#carryOut(
            node,
            node.machine.onLoaded(this.#faults.length === 0 || this.#random() < 0.9, nowMs),
          )
        })
      } else if (effect.kind === 'drain') {
        this.#later(node, this.#random() * 900, (nowMs) => {
          this.#carryOut(node, node.machine.onDrained(nowMs))
        })
      } else if (effect.kind !== 'drop' && effect.kind !== 'event') this.#request(node, effect)
    }
  }

  #request(node: Node, effect: OwnershipEffect): void {
    const index = this.nodes.indexOf(node)
    const sentAtMs = this.nowMs
    let isAnswered = false
    const answer = (run: (nowMs: number) => void) => (nowMs: number) => {
      if (isAnswered) return
      isAnswered = true
      run(nowMs)
    }
    this.#later(
      node,
      TIMEOUT_MS,
      answer((nowMs) => this.#reply(node, effect, 'failed', nowMs)),
    )
    if (this.#has('cut', index)) return
    const slow = this.#has('slow', index) ? 3000 : 60
    this.#pending.push({
      atMs: this.nowMs + this.#random() * slow,
      run: () => {
        const result = this.#execute(node, effect)
        if (this.#has('deaf', index)) return
        this.#later(
          node,
          this.#random() * slow,
          answer((nowMs) => {
            if (effect.kind === 'beat' && result !== null) this.#confirmed.set(node, sentAtMs)
            if (effect.kind === 'take' && result !== null) this.#confirmed.set(node, sentAtMs)
            this.#reply(node, effect, result, nowMs)
          }),
        )
      },
    })
  }

  #reply(
    node: Node,
    { kind }: OwnershipEffect,
    result: OwnershipRecord | null | 'failed',
    nowMs: number,
  ): void {
    const { machine } = node
    const fit = this.nodes.filter(({ isStopped }) => !isStopped).map(({ name }) => name)
    const look = result === 'failed' ? 'failed' : { record: result, fit }
    if (kind === 'look') {
      this.#carryOut(node, machine.onLook(look === 'failed' ? null : look, nowMs))
    } else if (kind === 'take') this.#carryOut(node, machine.onTaken(result, nowMs))
    else if (kind === 'beat') {
      this.#carryOut(node, machine.onBeat(result === null ? null : look, nowMs))
    } else this.#carryOut(node, machine.onReleased(nowMs))
  }

  /** What the statements of the database do. */
  #execute(node: Node, effect: OwnershipEffect): OwnershipRecord | null {
    const { record } = this
    switch (effect.kind) {
      case 'look':
        return record
      case 'take': {
        const { seen } = effect
        const isAsSeen =
          record === null
            ? seen === null
            : record.token === seen?.token &&
              record.beat === seen.beat &&
              record.owner === seen.owner
        if (!isAsSeen) return null
        this.#tokens += 1
        const isUnclean = record !== null && (record.owner !== null || record.isUnclean)
        const token = `token-${this.#tokens}`
        this.record = { owner: node.name, token, beat: 0, isUnclean, wanted: null }
        return this.record
      }
      case 'beat':
        if (record?.token !== effect.token || record.owner === null) return null
        this.record = {
          ...record,
          beat: record.beat + 1,
          isUnclean: record.isUnclean && !effect.clear,
        }
        return this.record
      case 'release':
        if (record?.token !== effect.token) return null
        this.record = { ...record, owner: null, wanted: effect.to }
        return this.record
      default:
        return null
    }
  }

  #later(node: Node, inMs: number, run: (nowMs: number) => void): void {
    node.inbox.push({ atMs: this.nowMs + inMs, run })
  }

  #due<T extends { atMs: number }>(items: T[]): T[] {
    const due = items.filter(({ atMs }) => atMs <= this.nowMs)
    for (const item of due) items.splice(items.indexOf(item), 1)
    return due.sort((a, b) => a.atMs - b.atMs)
  }

  #has(kind: Fault['kind'], appliance: number): boolean {
    return this.#faults.some(
      (fault) =>
        fault.kind === kind &&
        fault.appliance === appliance &&
        fault.fromMs <= this.nowMs &&
        this.nowMs < fault.untilMs,
    )
  }

  #check(): void {
    const full = this.nodes.filter((node) => node.machine.authority(this.#clockOf(node)) === 'full')
    if (full.length > 0) this.lastFullMs = this.nowMs
    if (full.length > 1) this.#breach(`${full.map(({ name }) => name)} are owners at once`)
    for (const node of this.nodes) {
      if (node.machine.authority(this.#clockOf(node)) !== 'repeat') continue
      const sinceMs = this.nowMs - (this.#confirmed.get(node) ?? Number.NEGATIVE_INFINITY)
      if (sinceMs * node.rate >= this.#timing.repeatForMs + 20) this.#breach('repeats too long')
    }
  }

  #breach(what: string): void {
    if (this.breaches.length < 5) this.breaches.push(`${this.nowMs} ms: ${what}`)
  }
}
