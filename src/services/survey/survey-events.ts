import type { Mac } from '../../net/mac.ts'

/**
 * What surveys tell the world. Each name is stable.
 *
 * - `survey.started`, `survey.finished`: an operator asked what phones run. Nothing to do.
 * - `phone.serial.seen`: the web page of a phone was believed and told its serial number. Nothing to
 *   do; reports have it.
 * - `survey.answer.refused`: a page at that address names another phone than the one that is there, or
 *   none. It was not believed. Look which device has the address.
 */
export type SurveyEvent =
  /** The web page of a phone told its serial number. */
  | {
      readonly event: 'phone.serial.seen'
      readonly mac: Mac
      readonly network: string | null
      readonly serial: string
      /** As the page names it; null where it does not. */
      readonly model: string | null
    }
  | {
      readonly event: 'survey.started'
      readonly survey: string
      readonly mac: null
      readonly network: string | null
      readonly addresses: number
    }
  | {
      readonly event: 'survey.finished'
      readonly survey: string
      readonly mac: null
      readonly network: string | null
      readonly addresses: number
      /** How many addresses told what they run. */
      readonly told: number
    }
  | {
      readonly event: 'survey.answer.refused'
      /** The phone that is there; null if unknown. */
      readonly mac: Mac | null
      readonly network: string | null
      /** As text. */
      readonly address: string
      /** The phone that the page names. */
      readonly named: Mac | null
      readonly reason: 'other-phone' | 'no-mac'
    }
