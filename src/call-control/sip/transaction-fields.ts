import { parseAddress } from '../../wire/sip/address.ts'
import { headerOf, type SipRequest } from '../../wire/sip/message.ts'
import { type CommandSequence, parseSequence } from '../../wire/sip/sequence.ts'

/** The fields that every request has (RFC 3261 section 8.1.1), besides Via. */
export type TransactionFields = {
  readonly callId: string
  readonly fromTag: string
  readonly sequence: CommandSequence
}

/** Reads them; undefined where one is missing or malformed: the request is answered 400. */
export function transactionFieldsOf(request: SipRequest): TransactionFields | undefined {
  const callId = headerOf(request, 'call-id')
  const from = parseAddress(headerOf(request, 'from') ?? '')
  const to = parseAddress(headerOf(request, 'to') ?? '')
  const sequence = parseSequence(headerOf(request, 'cseq') ?? '')
  if (!callId || from === undefined || to === undefined || sequence === undefined) return undefined
  // RFC 3261 section 8.1.1.5: the method of CSeq is that of the request.
  if (sequence.method !== request.method || !request.isWhole) return undefined
  const fromTag = from.parameters.get('tag') ?? ''
  return { callId, fromTag, sequence }
}
