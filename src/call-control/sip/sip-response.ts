import { createHash } from 'node:crypto'
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import { parseAddress } from '../../wire/sip/address.ts'
import { encodeMessage } from '../../wire/sip/encode-message.ts'
import { cutAt } from '../../wire/sip/field-list.ts'
import {
  canonicalName,
  headerOf,
  headersOf,
  type SipHeader,
  type SipRequest,
} from '../../wire/sip/message.ts'
import { parseVia } from '../../wire/sip/via.ts'

/** The responses that this server sends. */
const REASONS = {
  200: 'OK',
  400: 'Bad Request',
  405: 'Method Not Allowed',
  420: 'Bad Extension',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
} as const

/** A status that this server sends. */
export type SentStatus = keyof typeof REASONS

/** A response, and the port that it goes to: that of the topmost Via, at the source address. */
export type AddressedResponse = { readonly bytes: Uint8Array; readonly port: number }

/**
 * Answers a request without keeping anything of it: the same request, sent again, is answered by the
 * same response (RFC 3261 section 8.2.7).
 */
export class SipResponder {
  readonly #secret: Uint8Array

  /** @param secret - Random bytes of this process, so that no tag can be guessed. */
  constructor(secret: Uint8Array) {
    this.#secret = secret
  }

  /** The response; undefined where the request has no Via that says where it goes. */
  respond(
    request: SipRequest,
    client: Ipv4,
    status: SentStatus,
    more: readonly SipHeader[] = [],
  ): AddressedResponse | undefined {
    const [top = '', ...lower] = headersOf(request, 'via')
    const via = parseVia(top)
    if (via === undefined) return undefined
    const headers = [
      { name: 'Via', value: withReceived(top, via.host, client) },
      ...lower.map((value) => ({ name: 'Via', value })),
      ...this.#echoed(request, via.parameters.get('branch') ?? ''),
      ...more,
      { name: 'Content-Length', value: '0' },
    ]
    const bytes = encodeMessage({
      kind: 'response',
      status,
      reason: REASONS[status],
      headers,
      body: new Uint8Array(0),
      isWhole: true,
    })
    return { bytes, port: via.port }
  }

  /** RFC 3261 section 8.2.6.2: what a response takes over; To gets a tag where it has none. */
  #echoed(request: SipRequest, branch: string): readonly SipHeader[] {
    const names = ['From', 'To', 'Call-ID', 'CSeq'] as const
    return names.flatMap((name) => {
      const value = headerOf(request, canonicalName(name))
      if (value === undefined) return []
      const isTagged = name !== 'To' || parseAddress(value)?.parameters.has('tag') === true
      return [{ name, value: isTagged ? value : `${value};tag=${this.#tagFor(request, branch)}` }]
    })
  }

  #tagFor(request: SipRequest, branch: string): string {
    const hash = createHash('sha256').update(this.#secret).update(branch)
    return hash
      .update(headerOf(request, 'call-id') ?? '')
      .update(headerOf(request, 'cseq') ?? '')
      .digest('hex')
      .slice(0, 16)
  }
}

/** RFC 3261 section 18.2.1: where the host of Via is not the source address, that is added. */
function withReceived(value: string, host: string, client: Ipv4): string {
  const source = formatIpv4(client)
  if (host === source) return value
  const [top = '', ...lower] = cutAt(value, ',')
  const kept = cutAt(top, ';').filter((part) => !/^received\s*=/i.test(part))
  return [`${kept.join(';')};received=${source}`, ...lower].join(', ')
}
