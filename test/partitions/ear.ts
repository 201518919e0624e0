import { keyOf, Type } from '../kills/dhcp-datagram.ts'
import type { LeaseLedger } from '../kills/lease-ledger.ts'
import type { Heard } from './vlan.ts'

/**
 * A lease that is told later than this after its question is compared with what PostgreSQL has: one
 * that waits for longer than 4 s behind its commit is not told at all (R3).
 */
const LATE_MS = 4000

/** Replies that are remembered of an address. */
const REMEMBERED = 6

/** Hears every reply, awaited or not, and judges it by what the clients were promised. */
export class Ear {
  readonly #ledger: LeaseLedger
  /** When ACKs came in, and whose. */
  readonly acks: { readonly server: string; readonly atMs: number }[] = []
  /** ACKs that came late, for whatever reason. */
  readonly late: Heard[] = []
  naks = 0
  readonly #history = new Map<string, Heard[]>()

  constructor(ledger: LeaseLedger) {
    this.#ledger = ledger
  }

  onHeard(heard: Heard): void {
    this.#remember(heard)
    if (heard.type === Type.nak) this.#judgeNak(heard)
    if (heard.type === Type.ack) this.#noteAck(heard)
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

  #noteAck(heard: Heard): void {
    const { server, saidAtMs, heardAtMs, arrivedAfterMs } = heard
    this.acks.push({ server, atMs: heardAtMs })
    if (arrivedAfterMs - saidAtMs > LATE_MS) this.late.push(heard)
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
