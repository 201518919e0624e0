/** Why bytes from the network were refused. Stable: counters and tests ask for these. */
export type WireErrorCode =
  | 'TRUNCATED'
  | 'TOO_LONG'
  | 'BAD_MAGIC'
  | 'BAD_LENGTH'
  | 'BAD_VALUE'
  | 'NOT_TERMINATED'
  | 'UNKNOWN_OPCODE'

/**
 * The only thing that a decoder throws: bytes from the network are not what they should be.
 *
 * `offset` is where in the datagram the fault was seen, in bytes.
 */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly code: WireErrorCode
  readonly offset: number

  constructor(code: WireErrorCode, offset: number, message: string) {
    super(message)
    this.code = code
    this.offset = offset
  }
}
