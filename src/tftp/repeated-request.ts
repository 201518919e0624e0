/** A transfer whose pair of ports sends a request. */
export type AskedAgain = {
  readonly requestedName: string
  readonly startedAtMs: number
  /** Whether its client has acknowledged anything. */
  readonly hasBeenAcknowledged: boolean
}

/** What a request means to the transfer that its pair of ports has already. */
export type RepeatedRequest =
  /** The same packet twice. */
  | 'duplicate'
  /** The client has not seen our reply, which goes out once more. */
  | 'unheard'
  /** RFC 1350 section 4: a pair of ports is one transfer, so the client has given up the earlier. */
  | 'anew'

/** @param repeatMs - One retransmission interval: what comes again within it is the same packet. */
export function judgeRequest(
  earlier: AskedAgain,
  requestedName: string,
  nowMs: number,
  repeatMs: number,
): RepeatedRequest {
  if (requestedName !== earlier.requestedName) return 'anew'
  if (nowMs - earlier.startedAtMs < repeatMs) return 'duplicate'
  return earlier.hasBeenAcknowledged ? 'anew' : 'unheard'
}
