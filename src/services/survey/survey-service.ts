import { PAGE_PATHS } from '../../phones/phone-page.ts'
import type { Survey, SurveyOutcome, SurveyRequest } from '../services.ts'
import type { PhoneQuestions } from './phone-questions.ts'
import type { SurveyEvent } from './survey-events.ts'
import type { SurveyPlace } from './survey-run.ts'
import { type AskedQuestion, SurveyTable, type SurveyTableParts } from './survey-table.ts'

/** One timer: calls back at the time that was asked for, or earlier. */
export type SurveyTimer = {
  readonly wakeBy: (atMs: number) => void
  readonly close: () => void
}

/** What surveys are run by. */
export type SurveyServiceParts = SurveyTableParts & {
  readonly questions: Pick<PhoneQuestions, 'page' | 'options'>
  readonly timer: (onRing: (nowMs: number) => void) => SurveyTimer
  readonly newId: () => string
  readonly tell: (event: SurveyEvent, atMs: number) => void
  /** Is told what should never happen: a survey ends by it. */
  readonly onFault: (fault: unknown) => void
  readonly nowMs: () => number
}

/** Runs surveys: asks who is next in the table, asks phones, and tells the table what they answered. */
export class SurveyService {
  readonly #parts: SurveyServiceParts
  readonly #table: SurveyTable
  readonly #timer: SurveyTimer
  /** Surveys whose end was not told of yet, with the network that was asked for. */
  readonly #open = new Map<string, string | null>()
  #isClosed = false

  constructor(parts: SurveyServiceParts) {
    this.#parts = parts
    this.#table = new SurveyTable(parts)
    this.#timer = parts.timer((nowMs) => this.#onWake(nowMs))
  }

  get(id: string): Survey | undefined {
    return this.#table.get(id)
  }

  start(request: SurveyRequest): SurveyOutcome {
    const nowMs = this.#parts.nowMs()
    const outcome = this.#table.start(this.#parts.newId(), request, nowMs)
    if (outcome.kind !== 'started') return outcome
    const { id, total: addresses } = outcome.survey
    const { network } = request
    this.#open.set(id, network)
    this.#parts.tell({ event: 'survey.started', survey: id, mac: null, network, addresses }, nowMs)
    this.#onWake(nowMs)
    return outcome
  }

  /** Asks one phone for its pages, outside a survey. Never rejects. */
  async askPage(place: SurveyPlace): Promise<void> {
    for (const path of PAGE_PATHS) {
      if (this.#isClosed) return
      const { outcome } = await this.#parts.questions.page(place, path)
      if (outcome !== 'nothing') return
    }
  }

  /** Asks no further address. Running questions end by themselves, within seconds. */
  close(): void {
    this.#isClosed = true
    this.#timer.close()
    for (const id of this.#open.keys()) this.#table.fail(id)
  }

  #onWake(nowMs: number): void {
    this.#ask(this.#table.onWake(nowMs))
    const { wakeAtMs } = this.#table
    if (wakeAtMs !== null) this.#timer.wakeBy(wakeAtMs)
    this.#tellOfEnds()
  }

  #ask(questions: readonly AskedQuestion[]): void {
    if (this.#isClosed) return
    for (const question of questions) {
      void this.#answer(question).catch((fault: unknown) => {
        this.#parts.onFault(fault)
        this.#table.fail(question.id)
        this.#tellOfEnds()
      })
    }
  }

  async #answer(question: AskedQuestion): Promise<void> {
    const { id, place } = question
    if (question.kind === 'options') {
      const answer = await this.#parts.questions.options(place)
      this.#ask(this.#table.onOptions(id, place, answer))
    } else {
      const { outcome, answer } = await this.#parts.questions.page(place, question.path)
      this.#ask(this.#table.onPage(id, place, outcome, answer))
    }
    this.#tellOfEnds()
  }

  #tellOfEnds(): void {
    for (const [id, network] of this.#open) {
      const survey = this.#table.get(id)
      if (survey?.state === 'running') continue
      this.#open.delete(id)
      if (survey === undefined) continue
      const { total: addresses, phones } = survey
      const told = phones.filter(({ load, protocol }) => load !== null || protocol !== null).length
      this.#parts.tell(
        { event: 'survey.finished', survey: id, mac: null, network, addresses, told },
        this.#parts.nowMs(),
      )
    }
  }
}
