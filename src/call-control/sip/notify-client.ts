import { createHash } from 'node:crypto'
import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { headerOf, type SipResponse } from '../../wire/sip/message.ts'
import { parseSequence } from '../../wire/sip/sequence.ts'
import { parseVia } from '../../wire/sip/via.ts'
import type { NotifyOutcome, SipEffect } from '../effect.ts'
import { type NotifyTarget, NotifyTransaction } from './notify-transaction.ts'

/** Whether a NOTIFY could be begun. */
export type NotifyOrder =
  | { readonly kind: 'begun'; readonly effects: readonly SipEffect[] }
  /** One to that phone is under way. */
  | { readonly kind: 'busy' }
  /** The name of the line is not allowed in a URI. */
  | { readonly kind: 'bad-user' }

/** RFC 3261 section 25.1, user: what needs no escape. */
const USER = /^[A-Za-z0-9\-_.!~*'()&=+$,]{1,128}$/

/** Whether the name of a line can be the user of a SIP URI as it is. */
export function isNotifyUser(user: string): boolean {
  return USER.test(user)
}

/** NOTIFYs under way, one a phone at most. */
export class NotifyClient {
  readonly #secret: Uint8Array
  readonly #transactions = new Map<Mac, NotifyTransaction>()
  #begun = 0

  constructor(secret: Uint8Array) {
    this.#secret = secret
  }

  begin(target: NotifyTarget, nowMs: number): NotifyOrder {
    if (this.#transactions.has(target.mac)) return { kind: 'busy' }
    if (!isNotifyUser(target.user)) return { kind: 'bad-user' }
    this.#begun++
    const hash = createHash('sha256').update(this.#secret).update(`${nowMs} ${this.#begun}`)
    const transaction = new NotifyTransaction(target, hash.digest('hex').slice(0, 24), nowMs)
    this.#transactions.set(target.mac, transaction)
    return { kind: 'begun', effects: [sendOf(transaction)] }
  }

  /** RFC 3261 section 17.1.3: a response belongs to its branch and method; here to its phone, too. */
  onResponse(response: SipResponse, client: Ipv4): readonly SipEffect[] {
    const branch = parseVia(headerOf(response, 'via') ?? '')?.parameters.get('branch')
    const method = parseSequence(headerOf(response, 'cseq') ?? '')?.method
    const transaction = [...this.#transactions.values()].find(
      (one) => one.branch === branch && one.target.client === client,
    )
    if (transaction === undefined || method !== 'NOTIFY') return []
    if (response.status < 200) {
      transaction.onProvisional()
      return []
    }
    const { status } = response
    return this.#end(transaction, status < 300 ? { kind: 'accepted' } : { kind: 'refused', status })
  }

  onWake(nowMs: number): readonly SipEffect[] {
    return [...this.#transactions.values()].flatMap((transaction) => {
      const step = transaction.onWake(nowMs)
      if (step === 'timed-out') return this.#end(transaction, { kind: 'timed-out' })
      return step === 'send' ? [sendOf(transaction)] : []
    })
  }

  #end(transaction: NotifyTransaction, outcome: NotifyOutcome): readonly SipEffect[] {
    const { mac } = transaction.target
    this.#transactions.delete(mac)
    return [{ kind: 'notify-ended', mac, outcome }]
  }
}

function sendOf({ bytes, target }: NotifyTransaction): SipEffect {
  const { local, client, clientPort } = target
  return { kind: 'send-datagram', bytes, local, client, clientPort }
}
