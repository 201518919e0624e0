import type { Ipv4 } from '../../net/ipv4.ts'
import type { Survey, SurveyOutcome, SurveyRequest, SurveyRow } from '../services.ts'
import { findPlaces, type SurveyNetwork } from './find-places.ts'
import { type AnswerAt, type KnownAt, NO_ANSWER, surveyRow } from './survey-row.ts'
import { type PageOutcome, type SurveyPlace, type SurveyQuestion, SurveyRun } from './survey-run.ts'

/** Surveys that are kept; the oldest one that has ended makes room. */
export const MAX_SURVEYS = 20

/** What surveys stand on. */
export type SurveyTableParts = {
  readonly networks: () => readonly SurveyNetwork[]
  readonly leased: () => readonly { readonly address: Ipv4; readonly network: string }[]
  readonly knownAt: (address: Ipv4) => KnownAt
  readonly isBusy: (address: Ipv4) => boolean
}

/** A question, with the survey that asks it. */
export type AskedQuestion = SurveyQuestion & { readonly id: string }

type Kept = {
  readonly id: string
  readonly run: SurveyRun
  readonly networks: ReadonlySet<string>
  readonly rows: Map<Ipv4, SurveyRow>
  hasFailed: boolean
}

/** Surveys that run and that have ended, in memory. Owns no socket and no clock. */
export class SurveyTable {
  readonly #parts: SurveyTableParts
  readonly #surveys = new Map<string, Kept>()

  constructor(parts: SurveyTableParts) {
    this.#parts = parts
  }

  get(id: string): Survey | undefined {
    const kept = this.#surveys.get(id)
    return kept === undefined ? undefined : viewOf(kept)
  }

  /** When `onWake` is to be called next; null while nothing waits. */
  get wakeAtMs(): number | null {
    const times = [...this.#surveys.values()].flatMap(({ run, hasFailed }) =>
      hasFailed ? [] : (run.wakeAtMs ?? []),
    )
    return times.length === 0 ? null : Math.min(...times)
  }

  /** Begins a survey; one at a time on each network. */
  start(id: string, request: SurveyRequest, nowMs: number): SurveyOutcome {
    const found = findPlaces(request, this.#parts.networks(), this.#parts.leased())
    if (found.kind === 'refused') return found
    const networks = new Set(found.places.map(({ network }) => network))
    for (const kept of this.#surveys.values()) {
      const network = [...networks].find((name) => kept.networks.has(name))
      if (isRunning(kept) && network !== undefined) return { kind: 'busy', network, id: kept.id }
    }
    const run = new SurveyRun(found.places, this.#parts.isBusy, nowMs)
    const rows = new Map(
      found.places.map(({ address }) => [address, this.#row(address, NO_ANSWER)]),
    )
    const kept = { id, run, networks, rows, hasFailed: false }
    this.#surveys.set(id, kept)
    this.#makeRoom()
    return { kind: 'started', survey: viewOf(kept) }
  }

  onWake(nowMs: number): readonly AskedQuestion[] {
    return [...this.#surveys.values()].flatMap((kept) =>
      kept.hasFailed ? [] : asked(kept, kept.run.onWake(nowMs)),
    )
  }

  /** A page was asked for; `answer` is what it told. */
  onPage(
    id: string,
    place: SurveyPlace,
    outcome: PageOutcome,
    answer: AnswerAt,
  ): readonly AskedQuestion[] {
    const kept = this.#surveys.get(id)
    if (kept === undefined) return []
    kept.rows.set(place.address, this.#row(place.address, answer))
    return asked(kept, kept.run.onPage(place, outcome))
  }

  onOptions(id: string, place: SurveyPlace, answer: AnswerAt): readonly AskedQuestion[] {
    const kept = this.#surveys.get(id)
    if (kept === undefined) return []
    kept.rows.set(place.address, this.#row(place.address, answer))
    return asked(kept, kept.run.onOptions(place))
  }

  /** It cannot go on: what it has found stays. */
  fail(id: string): void {
    const kept = this.#surveys.get(id)
    if (kept !== undefined && isRunning(kept)) kept.hasFailed = true
  }

  #row(address: Ipv4, answer: AnswerAt): SurveyRow {
    return surveyRow(address, this.#parts.knownAt(address), answer)
  }

  #makeRoom(): void {
    for (const kept of [...this.#surveys.values()]) {
      if (this.#surveys.size <= MAX_SURVEYS) return
      if (!isRunning(kept)) this.#surveys.delete(kept.id)
    }
  }
}

function asked({ id }: Kept, questions: readonly SurveyQuestion[]): readonly AskedQuestion[] {
  return questions.map((question) => ({ ...question, id }))
}

function isRunning({ run, hasFailed }: Kept): boolean {
  return !hasFailed && !run.isOver
}

function viewOf(kept: Kept): Survey {
  const { id, run, rows, hasFailed } = kept
  const state = isRunning(kept) ? 'running' : hasFailed ? 'failed' : 'done'
  return { id, state, total: run.total, done: run.done, phones: [...rows.values()] }
}
