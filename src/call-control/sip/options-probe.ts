import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import { decodeMessage } from '../../wire/sip/decode-message.ts'
import { encodeMessage } from '../../wire/sip/encode-message.ts'
import { headerOf, type SipMessage } from '../../wire/sip/message.ts'
import { parseSequence } from '../../wire/sip/sequence.ts'
import { parseVia } from '../../wire/sip/via.ts'
import { WireError } from '../../wire/wire-error.ts'
import { type CiscoUserAgent, readUserAgent } from './cisco-phone.ts'

/** Where one OPTIONS goes, and from where. */
export type OptionsTarget = {
  readonly client: Ipv4
  /** Our address on the phone's network, and the port that the answer comes to. */
  readonly local: Ipv4
  readonly localPort: number
  /** Digits and letters that cannot be guessed: branch, tag and Call-ID are made of it. */
  readonly token: string
}

/** The port of these phones, whatever they are registered with. */
export const PHONE_SIP_PORT = 5060

/**
 * When it is sent, counted from the first time, in milliseconds: timer E of RFC 3261 section 17.1.2.2,
 * ended after two repeats, because loads of 2007 restart under odd SIP traffic (Cisco advisories).
 */
export const OPTIONS_SENDS_MS: readonly number[] = [0, 500, 1500]

/** When nothing more is waited for, in milliseconds. */
export const OPTIONS_END_MS = 3500

/** An OPTIONS (RFC 3261 section 11.1), the same bytes each time. */
export function encodeOptions({ client, local, localPort, token }: OptionsTarget): Uint8Array {
  const here = formatIpv4(local)
  const phone = formatIpv4(client)
  const headers = [
    ['Via', `SIP/2.0/UDP ${here}:${localPort};branch=${branchOf(token)}`],
    ['Max-Forwards', '70'],
    ['From', `<sip:switchhook@${here}>;tag=${token}`],
    ['To', `<sip:${phone}>`],
    ['Call-ID', `${token}@${here}`],
    ['CSeq', '1 OPTIONS'],
    ['Contact', `<sip:switchhook@${here}:${localPort}>`],
    ['Accept', 'application/sdp'],
    ['Content-Length', '0'],
  ] as const
  return encodeMessage({
    kind: 'request',
    method: 'OPTIONS',
    uri: `sip:${phone}:${PHONE_SIP_PORT}`,
    headers: headers.map(([name, value]) => ({ name, value })),
    body: new Uint8Array(0),
    isWhole: true,
  })
}

/** What an answer to it tells: null where it is no Cisco phone that answers. */
export type OptionsAnswer = {
  readonly cisco: (CiscoUserAgent & { readonly model: string | null }) | null
}

/**
 * Reads a datagram as the final answer to an OPTIONS. Whatever its status is, a phone names itself in
 * Server, or in User-Agent.
 *
 * @returns Undefined where it is no final response, or not to this request.
 */
export function readOptionsAnswer(bytes: Uint8Array, token: string): OptionsAnswer | undefined {
  const message = decoded(bytes)
  if (message?.kind !== 'response' || message.status < 200) return undefined
  // RFC 3261 section 17.1.3: a response belongs to its branch and method.
  const branch = parseVia(headerOf(message, 'via') ?? '')?.parameters.get('branch')
  const method = parseSequence(headerOf(message, 'cseq') ?? '')?.method
  if (branch !== branchOf(token) || method !== 'OPTIONS') return undefined
  const software = headerOf(message, 'server') ?? headerOf(message, 'user-agent') ?? ''
  const cisco = readUserAgent(software)
  if (cisco === undefined) return { cisco: null }
  return { cisco: { ...cisco, model: /^Cisco-CP(79\d\d)G?\//.exec(software)?.[1] ?? null } }
}

/** RFC 3261 section 8.1.1.7: the branch of a transaction begins with these characters. */
function branchOf(token: string): string {
  return `z9hG4bK${token}`
}

function decoded(bytes: Uint8Array): SipMessage | undefined {
  try {
    return decodeMessage(bytes)
  } catch (error) {
    if (error instanceof WireError) return undefined
    /* c8 ignore next 2 -- a decoder throws nothing else: its laws hold it to that */
    throw error
  }
}
