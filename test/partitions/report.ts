import type { Breach, Invariant } from './breaches.ts'
import { breachOf, INVARIANTS } from './breaches.ts'
import type { Options } from './options.ts'
import type { RoundReport } from './rounds.ts'

/** Violations of a run that are printed in full. */
const MOST_PRINTED = 20

/** What a run has seen: where one is 0, there was nothing to break. */
export type Totals = {
  readonly acks: number
  readonly naks: number
  /** Rows of the owner's list that were compared with a promise. */
  readonly rowsCompared: number
  readonly edits: number
  /** Phones that reached their load, and roll-outs that ended with all of theirs. */
  readonly converted: number
  readonly rollouts: number
  readonly fileAnswers: number
  /** Events that were read, each counted once. */
  readonly events: number
}

/** Prints what happens, a line a round, and what it came to. */
export class Report {
  readonly #options: Pick<Options, 'isJson' | 'seed'>
  readonly #rounds: RoundReport[] = []
  readonly #loads: number[] = []
  /** Found after the last round. */
  readonly #late: Breach[] = []

  constructor(options: Pick<Options, 'isJson' | 'seed'>) {
    this.#options = options
  }

  get hasBreaches(): boolean {
    return this.#breaches.length > 0
  }

  /** @param load - The load average of the last minute. */
  add(round: RoundReport, load: number): void {
    this.#rounds.push(round)
    this.#loads.push(load)
    if (this.#options.isJson) {
      console.log(JSON.stringify({ round: this.#rounds.length, ...round, load }))
      return
    }
    const seconds = (ms: number) => (ms / 1000).toFixed(1).padStart(5)
    console.log(
      [
        `round ${String(this.#rounds.length).padStart(4)}`,
        round.faults.join(' + ').padEnd(46),
        `${String(round.acks).padStart(4)} ACKs`,
        `fresh lease after${seconds(round.servedMs)} s`,
        `any ACK after${seconds(round.gapMs)} s`,
        ...(round.readMs === null ? [] : [`taken over for${seconds(round.readMs)} s`]),
        `healed after${seconds(round.healedMs)} s`,
        `load${load.toFixed(1).padStart(5)}`,
        round.breaches.length === 0 ? 'kept' : `BROKEN ${round.breaches.length}`,
      ].join('  '),
    )
    say(round.breaches)
    for (const line of round.evidence) console.log(`evidence: ${line}`)
  }

  /** What was found when everything had ended. */
  addLate(texts: readonly string[]): void {
    const late = texts.map(breachOf)
    this.#late.push(...late)
    if (!this.#options.isJson) say(late)
  }

  /** The table at the end. */
  end(totals: Totals): void {
    const { seed, isJson } = this.#options
    const kinds = this.#kinds()
    const load = Math.max(0, ...this.#loads).toFixed(1)
    const total = {
      seed,
      rounds: this.#rounds.length,
      ...totals,
      violations: this.#breaches.length,
      load,
    }
    if (isJson) {
      console.log(
        JSON.stringify({ ...total, invariants: this.#counts(), faults: kinds, late: this.#late }),
      )
      return
    }
    const { acks, naks, rowsCompared, edits, fileAnswers, events } = totals
    console.log(`seed ${seed}, ${total.rounds} rounds, load average at most ${load}`)
    console.log(`ACKs ${acks}, NAKs ${naks}, rows compared ${rowsCompared}`)
    console.log(`edits acknowledged ${edits}, TFTP answers ${fileAnswers}, events ${events}`)
    console.log(`phones converted ${totals.converted}, roll-outs completed ${totals.rollouts}`)
    for (const { fault, rounds, served } of kinds) {
      const times = `${served.median} ms at the median, ${served.p95} at 95 %, ${served.most} at most`
      console.log(`${fault.padEnd(22)} ${String(rounds).padStart(4)}  fresh lease after ${times}`)
    }
    for (const [invariant, count] of Object.entries(this.#counts())) {
      console.log(`${invariant} ${INVARIANTS[invariant as Invariant]}: ${count} violations`)
    }
    console.log(`violations ${total.violations}`)
  }

  get #breaches(): readonly Breach[] {
    return [...this.#rounds.flatMap(({ breaches }) => breaches), ...this.#late]
  }

  #counts(): Readonly<Record<string, number>> {
    const names = Object.keys(INVARIANTS)
    const of = (name: string) => this.#breaches.filter(({ invariant }) => invariant === name).length
    return Object.fromEntries(names.map((name) => [name, of(name)]))
  }

  /** Rounds with one fault, by its name. */
  #kinds() {
    const single = this.#rounds.filter(({ faults }) => faults.length === 1)
    const faultOf = ({ faults }: RoundReport) => faults[0]?.split(' ')[0] ?? ''
    const names = [...new Set(single.map(faultOf))]
    const kinds = names.map((fault) =>
      kindOf(
        fault,
        single.filter((one) => faultOf(one) === fault),
      ),
    )
    return kinds.toSorted((a, b) => a.fault.localeCompare(b.fault))
  }
}

function say(breaches: readonly Breach[]): void {
  for (const { invariant, text } of breaches.slice(0, MOST_PRINTED)) {
    console.log(`violation: ${invariant} (${INVARIANTS[invariant]}): ${text}`)
  }
}

function kindOf(fault: string, rounds: readonly RoundReport[]) {
  return {
    fault,
    rounds: rounds.length,
    served: spreadOf(rounds.map(({ servedMs }) => servedMs)),
    gaps: spreadOf(rounds.map(({ gapMs }) => gapMs)),
    reads: spreadOf(rounds.flatMap(({ readMs }) => readMs ?? [])),
  }
}

/** The middle, the 95th of a hundred and the greatest, rounded. */
function spreadOf(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0)
  return { median: at(0.5), p95: at(0.95), most: Math.round(sorted.at(-1) ?? 0) }
}
