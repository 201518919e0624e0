import type { CiscoUserAgent } from '../../call-control/sip/cisco-phone.ts'
import type { ClientIdentity } from '../../clients/client-identities.ts'
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { type PhonePage, readPhonePage } from '../../phones/phone-page.ts'
import { type SeenSoftware, seen, seenLoad, seenVersion } from '../../phones/seen-software.ts'
import { judgePage } from './judge-page.ts'
import type { SurveyEvent } from './survey-events.ts'
import { type AnswerAt, NO_ANSWER } from './survey-row.ts'
import type { PageOutcome, SurveyPlace } from './survey-run.ts'

/** What a web server answered. */
export type PageReply =
  | { readonly kind: 'page'; readonly bytes: Uint8Array }
  | { readonly kind: 'status' }
  | { readonly kind: 'closed' }

/** What a SIP phone answered; null if none did, or no Cisco phone. */
export type OptionsReply = (CiscoUserAgent & { readonly model: string | null }) | null

/** What phones are asked by, and who is told of it. */
export type PhoneQuestionParts = {
  readonly page: (place: SurveyPlace, path: string) => Promise<PageReply>
  readonly options: (place: SurveyPlace) => Promise<OptionsReply>
  readonly identify: (address: Ipv4, nowMs: number) => ClientIdentity
  readonly isEnrolled: (mac: Mac) => boolean
  /** An enrolled phone that is known to be there has answered. */
  readonly onAnswer: (mac: Mac, found: SeenSoftware) => void
  readonly tell: (event: SurveyEvent, atMs: number) => void
  readonly nowMs: () => number
}

/** Asks phones, and decides whether it is them who answer. */
export class PhoneQuestions {
  readonly #parts: PhoneQuestionParts

  constructor(parts: PhoneQuestionParts) {
    this.#parts = parts
  }

  /** Asks for one page. */
  async page(
    place: SurveyPlace,
    path: string,
  ): Promise<{ readonly outcome: PageOutcome; readonly answer: AnswerAt }> {
    const reply = await this.#parts.page(place, path)
    if (reply.kind === 'closed') return { outcome: 'closed', answer: NO_ANSWER }
    const page = reply.kind === 'page' ? readPhonePage(reply.bytes) : undefined
    if (page === undefined) return { outcome: 'nothing', answer: NO_ANSWER }
    return this.#judge(place, page)
  }

  /** Asks by OPTIONS. */
  async options(place: SurveyPlace): Promise<AnswerAt> {
    const reply = await this.#parts.options(place)
    if (reply === null) return NO_ANSWER
    const atMs = this.#parts.nowMs()
    const found = seenVersion('sip', reply.version, 'options', atMs)
    const there = this.#there(place.address, atMs)
    if (there !== null && this.#parts.isEnrolled(there)) this.#parts.onAnswer(there, found)
    return { found, model: reply.model, page: null }
  }

  #judge(place: SurveyPlace, page: PhonePage) {
    const { isEnrolled, nowMs, onAnswer, tell } = this.#parts
    const atMs = nowMs()
    // Looked up after the answer: the connection has put the hardware address into the kernel's table.
    const there = this.#there(place.address, atMs)
    const judged = judgePage(page, there, isEnrolled)
    if (judged.kind !== 'believed') {
      const { address, network } = place
      const named = judged.kind === 'other-phone' ? judged.named : null
      const reason = judged.kind
      const about = { mac: there, network, address: formatIpv4(address), named, reason }
      tell({ event: 'survey.answer.refused', ...about }, atMs)
      return { outcome: 'other', answer: NO_ANSWER } as const
    }
    const found =
      page.load === null ? seen({}, 'web-page', atMs) : seenLoad(page.load, 'web-page', atMs)
    if (isEnrolled(judged.mac)) onAnswer(judged.mac, found)
    const { serial, model } = page
    if (serial !== null) {
      const about = { mac: judged.mac, network: place.network, serial, model }
      tell({ event: 'phone.serial.seen', ...about }, atMs)
    }
    return { outcome: 'told', answer: { found, model: page.model, page } } as const
  }

  /** Who is at an address by the one rule that decides which files it gets; null if unknown. */
  #there(address: Ipv4, nowMs: number): Mac | null {
    const identity = this.#parts.identify(address, nowMs)
    return identity.kind === 'phone' || identity.kind === 'device' ? identity.mac : null
  }
}
