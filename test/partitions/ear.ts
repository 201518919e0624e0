import { keyOf, Type } from '../kills/dhcp-datagram.ts'
import type { LeaseLedger } from '../kills/lease-ledger.ts'
import { BRIEF_SECONDS, LEASE_SECONDS } from './places.ts'
import type { Heard } from './vlan.ts'

/**
 * An answer that waited longer behind a commit is dropped after 4 s (R3). The rest is for a busy
 * machine.
 */
const STALE_MS = 6000

/** The same, with a second for a busy machine alone. */
const HELD_BACK_MS = 5000

/** A lease that is told for another time has been repeated, and says nothing of who serves, in seconds. */
const FULL_SECONDS = [BRIEF_SECONDS, LEASE_SECONDS]

/** Replies that are remembered of an address. */
const REMEMBERED = 6

/** Hears every reply, awaited or not, and judges it by what the clients were promised. */
export class Ear {
  readonly #ledger: LeaseLedger
  readonly #latestMs: number
  readonly #lastGrants = new Map<string, number>()
  /** When ACKs came in, and whose. */
  readonly acks: { readonly server: string; readonly atMs: number }[] = []
  naks = 0
  readonly #history = new Map<string, Heard[]>()

  /**
   * @param sureForMs - How long an owner is sure without a word from PostgreSQL: what it has not read
   *   by then, it does not answer as an owner.
   */
  constructor(ledger: LeaseLedger, sureForMs: number) {
    this.#ledger = ledger
    this.#latestMs = sureForMs + HELD_BACK_MS
  }

  onHeard(heard: Heard): void {
    this.#remember(heard)
    if (heard.type === Type.nak) this.#judgeNak(heard)
    if (heard.type === Type.ack) this.#judgeAck(heard)
  }

  /** The last replies that were heard about an address, a line each. */
  historyOf(address: string): readonly string[] {
    return (this.#history.get(address) ?? []).map((heard) => {
      const { server, type, leaseSeconds, said, saidAtMs, heardAtMs } = heard
      const times = `said ${iso(saidAtMs)} heard ${iso(heardAtMs)}`
      return `${server} type ${type} for ${leaseSeconds} s to ${keyOf(said)}, ${times}`
    })
  }

  #remember(heard: Heard): void {
    const history = this.#history.get(heard.yiaddr) ?? []
    this.#history.set(heard.yiaddr, [...history, heard].slice(-REMEMBERED))
  }

  #judgeNak({ said, heardAtMs, server }: Heard): void {
    this.naks++
    const lease = this.#ledger.of(keyOf(said), heardAtMs)
    if (lease === undefined || lease.address !== (said.ciaddr ?? said.requested)) return
    this.#ledger.breach(`I4 ${lease.address} of ${lease.client}: NAK from ${server}`)
  }

  #judgeAck({ said, saidAtMs, heardAtMs, server, leaseSeconds }: Heard): void {
    this.acks.push({ server, atMs: heardAtMs })
    const others = [...this.#lastGrants].filter(([other]) => other !== server)
    const isServedElsewhere = others.some(([, atMs]) => atMs > saidAtMs)
    const isFull = FULL_SECONDS.includes(leaseSeconds)
    // An owner that wakes up may repeat what is left of a lease, however late: that is no longer than
    // the client was promised.
    const lateMs = Math.round(heardAtMs - saidAtMs)
    const late = `I5 ${server} answered ${keyOf(said)} ${lateMs} ms late`
    if (isFull && lateMs > STALE_MS && isServedElsewhere) {
      this.#ledger.breach(`${late}, after another served`)
    } else if (isFull && lateMs > this.#latestMs) {
      // A client that uses one xid for ever would count the lease from a later question.
      this.#ledger.breach(`${late}: it had held the answer back`)
    }
    if (isFull) this.#lastGrants.set(server, heardAtMs)
  }
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}

/** The longest time between two moments in which nothing happened, and when it began; `times` ascend. */
export function longestGap(times: readonly number[], fromMs: number, toMs: number) {
  const within = times.filter((atMs) => atMs > fromMs && atMs < toMs)
  const marks = [fromMs, ...within, toMs]
  const gaps = marks.slice(1).map((atMs, index) => {
    const begin = marks[index] ?? atMs
    return { ms: atMs - begin, atMs: begin }
  })
  return gaps.reduce((longest, gap) => (gap.ms > longest.ms ? gap : longest))
}
