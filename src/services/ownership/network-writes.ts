import { type Binding, type ClientKey, type LeaseChange, placeOf } from '../../leases/binding.ts'
import type { Ipv4 } from '../../net/ipv4.ts'

/** Whose lease a write leaves at its address, and until when; null where it leaves none. */
type Hold = { readonly client: ClientKey; readonly untilMs: number } | null

/** A change of one address that is not known to be stored. */
type Write = {
  change: LeaseChange
  /** What is the client's for certain, whichever of the failed writes that it stands for was made. */
  hold: Hold
  state: 'waiting' | 'sent' | 'failed'
  /** The network was lost or read meanwhile: what becomes of the write tells nothing any more. */
  isForgotten: boolean
}

/**
 * What is known of the rows of one network in a store that may fail: the lease that each address had
 * when a write of it was last answered, and the writes since then whose outcome is not known.
 *
 * That lease was acknowledged, so it is a promise. It may be repeated while no later write can have
 * taken the address from its client: while each of them, made or not, leaves it to the same client. It
 * is repeated for no longer than the earliest end among them.
 */
export class NetworkWrites {
  /** The leases of the answered writes. */
  readonly #answered = new Map<Ipv4, Binding>()
  /** In the order in which they were sent, then those that wait. */
  readonly #pending = new Map<Ipv4, readonly Write[]>()
  /** Failed writes that no later one follows. */
  readonly #owed = new Map<Ipv4, LeaseChange>()

  /** Whether the last change of the address is known to be stored. */
  isStored(address: Ipv4): boolean {
    return !this.#pending.has(address)
  }

  /** A change was decided and waits for its turn. Those of one address are sent in this order. */
  wait(change: LeaseChange): void {
    const waiting = writeOf(change, 'waiting')
    this.#keep(placeOf(change).address, [...this.#writesAt(change), waiting])
  }

  /** A change is sent: one that waited, one that is owed, or another, which goes before all that wait. */
  send(change: LeaseChange): void {
    const { address } = placeOf(change)
    const writes = this.#writesAt(change)
    const known = this.#find(change)
    if (known !== undefined) {
      known.state = 'sent'
      this.#keep(address, writes)
      return
    }
    const isWaiting = ({ state }: Write) => state === 'waiting'
    const before = writes.filter((write) => !isWaiting(write))
    this.#keep(address, [...before, writeOf(change, 'sent'), ...writes.filter(isWaiting)])
  }

  /** What failed and is to be sent again; a later change of an address takes its place. */
  owed(): readonly LeaseChange[] {
    return [...this.#owed.values()]
  }

  /** The store has answered that the change is stored. */
  succeed(change: LeaseChange): void {
    const write = this.#find(change)
    if (write === undefined) return
    const { address } = placeOf(change)
    const writes = this.#writesAt(change)
    // It has replaced whatever those before it have left.
    this.#keep(address, writes.slice(writes.indexOf(write) + 1))
    if (write.isForgotten) return
    const lease = leaseOf(change)
    if (lease === null) this.#answered.delete(address)
    else this.#answered.set(address, lease)
  }

  /** Whether the change is stored is not known. It is owed, unless a later one follows. */
  fail(change: LeaseChange): void {
    const write = this.#find(change)
    if (write !== undefined) this.#end(write)
  }

  /**
   * The same for a change that the table makes once it is stored, and does not make now. What the table
   * has is owed in its place; the lease itself may be gone, and is no promise any more.
   */
  failOnce(change: LeaseChange, record: Binding | undefined): void {
    const write = this.#find(change)
    if (write === undefined) return
    write.hold = null
    if (record === undefined) write.isForgotten = true
    else write.change = { kind: 'put', binding: record }
    this.#answered.delete(placeOf(change).address)
    this.#end(write)
  }

  /**
   * What may be repeated of the record that the table has at an address.
   *
   * @returns The record itself where it is stored as it is; else the promise before it, for as long as
   *   that is certain; undefined where there is none.
   */
  promiseOf(record: Binding): Binding | undefined {
    const { address } = record
    if (!this.#pending.has(address)) return record
    const promise = this.#answered.get(address)
    if (promise === undefined) return undefined
    let untilMs = promise.expiresAtMs
    for (const { hold } of this.#writesAt({ kind: 'put', binding: record })) {
      if (hold?.client !== promise.client) return undefined
      untilMs = Math.min(untilMs, hold.untilMs)
    }
    return { ...promise, expiresAtMs: untilMs }
  }

  /** The network was read: this is what its rows have. */
  load(bindings: readonly Binding[]): void {
    for (const binding of bindings) {
      if (binding.state === 'bound') this.#answered.set(binding.address, binding)
    }
  }

  /** Nothing is known of the rows any more, and nothing is owed. What is under way comes to its end. */
  forget(): void {
    this.#answered.clear()
    for (const [address, writes] of this.#pending) {
      const open = writes.filter(({ state }) => state !== 'failed')
      for (const write of open) write.isForgotten = true
      this.#keep(address, open)
    }
  }

  /** A write has failed. It stands for the one before it too, if that has failed. */
  #end(write: Write): void {
    write.state = 'failed'
    const { address } = placeOf(write.change)
    const writes = this.#writesAt(write.change)
    const before = writes[writes.indexOf(write) - 1]
    if (write.isForgotten) {
      this.#keep(address, without(writes, write))
    } else if (before?.state === 'failed') {
      write.hold = bothHold(before.hold, write.hold)
      this.#keep(address, without(writes, before))
    } else this.#keep(address, writes)
  }

  #find(change: LeaseChange): Write | undefined {
    return this.#writesAt(change).find((write) => write.change === change)
  }

  #writesAt(change: LeaseChange): readonly Write[] {
    return this.#pending.get(placeOf(change).address) ?? []
  }

  #keep(address: Ipv4, writes: readonly Write[]): void {
    const last = writes.at(-1)
    if (last === undefined) this.#pending.delete(address)
    else this.#pending.set(address, writes)
    if (last?.state === 'failed') this.#owed.set(address, last.change)
    else this.#owed.delete(address)
  }
}

function writeOf(change: LeaseChange, state: Write['state']): Write {
  return { change, hold: holdOf(change), state, isForgotten: false }
}

function without(writes: readonly Write[], write: Write): readonly Write[] {
  return writes.filter((other) => other !== write)
}

/** The lease that a change leaves at its address. */
function leaseOf(change: LeaseChange): Binding | null {
  return change.kind === 'put' && change.binding.state === 'bound' ? change.binding : null
}

function holdOf(change: LeaseChange): Hold {
  const lease = leaseOf(change)
  return lease === null ? null : { client: lease.client, untilMs: lease.expiresAtMs }
}

function bothHold(one: Hold, other: Hold): Hold {
  if (one === null || one.client !== other?.client) return null
  return { client: one.client, untilMs: Math.min(one.untilMs, other.untilMs) }
}
