import type { NotifyOutcome, SccpEffect, SipEffect } from '../../call-control/effect.ts'
import type { RestartMethod, SendOutcome } from '../../call-control/restart/method.ts'
import type { ResetOrder } from '../../call-control/sccp/call-manager.ts'
import type { NotifyOrder } from '../../call-control/sip/notify-client.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'

/** An Alarm, or how a Reset or a NOTIFY ended. */
export type RestartNews = Extract<
  SipEffect | SccpEffect,
  { readonly kind: 'alarm' | 'reset' | 'notify-ended' }
>

/** Of call control, what restarts need. */
export type RestartingCallControl = {
  reset(mac: Mac): ResetOrder
  notify(target: {
    readonly mac: Mac
    readonly user: string
    readonly client: Ipv4
    readonly clientPort: number
    readonly local: Ipv4
  }): NotifyOrder | { readonly kind: 'off' }
}

/** What a NOTIFY is made of besides its target. */
export type NotifyDetails = {
  /** Of the phone, as last served; null where it has none. */
  readonly line: (mac: Mac) => string | null
  /** Our address on the network of the phone's address; undefined for none of ours. */
  readonly localFor: (address: Ipv4) => Ipv4 | undefined
}

/** On which these phones take SIP, whatever port they register from. */
const PHONE_SIP_PORT = 5060

/**
 * The methods that our own call control carries out: SCCP Reset and NOTIFY. Both tell by news what
 * became of an order; one an order and phone waits for them.
 */
export class CallControlMethods {
  readonly #control: () => RestartingCallControl | null
  readonly #details: NotifyDetails
  readonly #waiting = new Map<string, (outcome: SendOutcome) => void>()

  constructor(control: () => RestartingCallControl | null, details: NotifyDetails) {
    this.#control = control
    this.#details = details
  }

  get sccp(): RestartMethod {
    return { name: 'sccp', send: ({ mac }, signal) => this.#reset(mac, signal) }
  }

  get notify(): RestartMethod {
    return {
      name: 'notify',
      send: ({ mac, address }, signal) => this.#notify(mac, address, signal),
    }
  }

  /** An order has left or has ended. */
  onNews(news: RestartNews): void {
    if (news.kind === 'reset') this.#settle(`sccp ${news.mac}`, OF_RESET[news.outcome])
    if (news.kind === 'notify-ended') this.#settle(`notify ${news.mac}`, ofNotify(news.outcome))
  }

  #reset(mac: Mac, signal: AbortSignal): Promise<SendOutcome> {
    return this.#wait(`sccp ${mac}`, signal, () => {
      const order = this.#control()?.reset(mac)
      if (order === undefined) return failed('call control is off')
      if (order.kind === 'ordered') return null
      return failed(order.reason === 'loop' ? LOOPS : 'its SCCP session has ended')
    })
  }

  #notify(mac: Mac, address: Ipv4 | null, signal: AbortSignal): Promise<SendOutcome> {
    return this.#wait(`notify ${mac}`, signal, () => {
      const user = this.#details.line(mac)
      const local = address === null ? undefined : this.#details.localFor(address)
      if (user === null || address === null || local === undefined) {
        return failed('its line or its address is not known any more')
      }
      const target = { mac, user, client: address, clientPort: PHONE_SIP_PORT, local }
      const order = this.#control()?.notify(target) ?? { kind: 'off' }
      return order.kind === 'begun' ? null : failed(NOT_BEGUN[order.kind])
    })
  }

  /** @param begin - Gives an order; null where it was taken and news of it will come. */
  #wait(key: string, signal: AbortSignal, begin: () => SendOutcome | null): Promise<SendOutcome> {
    return new Promise((resolve) => {
      // Before the order: its news may come while it is being given.
      this.#waiting.set(key, resolve)
      const refused = begin()
      if (refused !== null) this.#settle(key, refused)
      const onAbort = () => this.#settle(key, failed('it was not done in time'))
      signal.addEventListener('abort', onAbort, { once: true })
    })
  }

  #settle(key: string, outcome: SendOutcome): void {
    this.#waiting.get(key)?.(outcome)
    this.#waiting.delete(key)
  }
}

const LOOPS = 'it registered more than 3 times within 5 minutes'

const OF_RESET = {
  sent: { kind: 'sent' },
  'session-ended': { kind: 'failed', reason: 'its SCCP session ended before the Reset left' },
  loop: { kind: 'failed', reason: LOOPS },
} as const satisfies Record<string, SendOutcome>

const NOT_BEGUN = {
  busy: 'another NOTIFY to it is under way',
  'bad-user': 'the name of its line is not valid in a SIP URI',
  off: 'there is no SIP call control on its network',
} as const

function ofNotify(outcome: NotifyOutcome): SendOutcome {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'sent' }
    case 'refused':
      return failed(`it answered the NOTIFY with ${outcome.status}`)
    case 'timed-out':
      return failed('it did not answer the NOTIFY within 32 s')
    /* c8 ignore next 2 -- the compiler proves that there is no other value */
    default:
      return outcome satisfies never
  }
}

function failed(reason: string): SendOutcome {
  return { kind: 'failed', reason }
}
