import { formatIpv4 } from '../../net/ipv4.ts'
import { parseAddress, parseSipUri } from '../../wire/sip/address.ts'
import { encodeMessage } from '../../wire/sip/encode-message.ts'
import { headerOf, headersOf, type SipHeader, type SipRequest } from '../../wire/sip/message.ts'
import { type SipIdentity, userAgent } from './sip-identity.ts'

/** What a phone says to a request; null: nothing. */
export type SipAnswer = { readonly status: number; readonly reason: string } | null

const OK = { status: 200, reason: 'OK' }
const BAD_REQUEST = { status: 400, reason: 'Bad Request' }
const NOT_FOUND = { status: 404, reason: 'Not Found' }

/**
 * How a SIP load judges a request. NOTIFY is checked as Cisco's own later stack does it (SIPCC `ccsip_task.c`, kin of
 * these loads): the address of the sender, registration, a dialog or credentials are not looked at.
 *
 * @param names - Of its lines.
 */
export function judgeRequest(request: SipRequest, names: readonly string[]): SipAnswer {
  switch (request.method) {
    case 'NOTIFY':
      return judgeNotify(request, names)
    case 'OPTIONS':
      return OK
    case 'INVITE':
      return { status: 480, reason: 'Temporarily Not Available' }
    case 'ACK':
      return null
    default:
      return { status: 501, reason: 'Not Implemented' }
  }
}

/** In the order of the stack: Event, user of the Request-URI, whose it is, user of To, then which event. */
function judgeNotify(request: SipRequest, names: readonly string[]): SipAnswer {
  const event = headerOf(request, 'event')
  if (event === undefined) return BAD_REQUEST
  const user = parseSipUri(request.uri)?.user ?? ''
  if (user === '') return BAD_REQUEST
  if (!names.includes(user)) return NOT_FOUND
  const to = parseSipUri(parseAddress(headerOf(request, 'to') ?? '')?.uri ?? '')
  if ((to?.user ?? '') === '') return BAD_REQUEST
  // Compared whole: `check-sync;reboot=true` is another event.
  return event.toLowerCase() === 'check-sync' ? OK : BAD_REQUEST
}

/** The methods that a 7960 with 7.x named (one published answer to OPTIONS). */
const ALLOW = 'OPTIONS,INVITE,BYE,CANCEL,REGISTER,ACK,NOTIFY,REFER'

/** Writes the answer: the fields of the transaction go back as they came (RFC 3261 section 8.2.6.2). */
export function encodeAnswer(
  request: SipRequest,
  answer: NonNullable<SipAnswer>,
  identity: SipIdentity,
  tag: string,
): Uint8Array {
  const isOptions = request.method === 'OPTIONS'
  const body = new TextEncoder().encode(isOptions ? sessionOf(identity) : '')
  const to = headerOf(request, 'to') ?? ''
  const isTagged = parseAddress(to)?.parameters.has('tag') ?? true
  const headers: readonly (readonly [string, string | undefined])[] = [
    ...headersOf(request, 'via').map((via) => ['Via', via] as const),
    ['From', headerOf(request, 'from')],
    ['To', isTagged ? to : `${to};tag=${tag}`],
    ['Call-ID', headerOf(request, 'call-id')],
    ['CSeq', headerOf(request, 'cseq')],
    ['Server', userAgent(identity)],
    ['Allow', isOptions ? ALLOW : undefined],
    ['Content-Type', isOptions ? 'application/sdp' : undefined],
    ['Content-Length', `${body.length}`],
  ]
  const written = headers.flatMap(([name, value]): SipHeader[] =>
    value === undefined ? [] : [{ name, value }],
  )
  return encodeMessage({ kind: 'response', ...answer, headers: written, body, isWhole: true })
}

/** Its owner is `Cisco-SIPUA`, by which such phones are known (one published answer). */
function sessionOf({ address }: SipIdentity): string {
  const own = formatIpv4(address)
  return [
    'v=0',
    `o=Cisco-SIPUA 0 0 IN IP4 ${own}`,
    's=SIP Call',
    `c=IN IP4 ${own}`,
    't=0 0',
    'm=audio 0 RTP/AVP 0 8 18 101',
    'a=rtpmap:0 PCMU/8000',
    '',
  ].join('\r\n')
}
