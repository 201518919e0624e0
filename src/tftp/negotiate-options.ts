import { MAX_BLOCK_BYTES, type TftpOptions } from '../wire/tftp/packet.ts'

/** What this server agrees to at most. */
export type OptionLimits = {
  /** Bytes of a block, 512 to 65464. The MTU less 32 keeps a block in one frame (RFC 2348). */
  readonly maxBlockSize: number
  /** Blocks in flight, 1 to 65535 (RFC 7440). */
  readonly maxWindowSize: number
}

/** What the options are about. */
export type Offered = {
  readonly mode: 'octet' | 'netascii'
  /** Bytes that will be sent. */
  readonly sizeBytes: number
}

/** The terms of one transfer. */
export type Terms = {
  readonly blockSize: number
  readonly windowSize: number
  /** The client's interval between retransmissions; null if it requests none. */
  readonly retryMs: number | null
  /** What the OACK says; empty: no OACK, the first packet is DATA 1 (RFC 2347). */
  readonly accepted: TftpOptions
}

/** Without options (RFC 1350 section 2). */
const DEFAULT_BLOCK_SIZE = 512
/** Bytes in flight at most, so that no request makes one burst of gigabytes (RFC 7440 section 6). */
const MAX_WINDOW_BYTES = 131_072

/** Of a request without options, which is each one of these phones. */
const PLAIN_TERMS: Terms = {
  blockSize: DEFAULT_BLOCK_SIZE,
  windowSize: 1,
  retryMs: null,
  accepted: new Map(),
}

/**
 * Agrees on the options of a read request. What is unknown, out of range or no decimal number is
 * left out of the answer, and the transfer goes on without it (RFC 2347).
 *
 * Values may have leading zeros. `tsize` is answered whatever number came with it, and omitted for
 * netascii, where a client could take it for the size of the file.
 */
export function negotiateOptions(
  requested: TftpOptions,
  offered: Offered,
  limits: OptionLimits,
): Terms {
  if (requested.size === 0) return PLAIN_TERMS
  const blockSize = agreedBlockSize(requested.get('blksize'), limits)
  const windowSize = agreedWindowSize(requested.get('windowsize'), blockSize, limits)
  const timeoutSeconds = numberWithin(requested.get('timeout'), 1, 255) // RFC 2349
  const wantsSize = numberWithin(requested.get('tsize'), 0, Number.MAX_SAFE_INTEGER) !== undefined
  const answers: Record<string, number | undefined> = {
    blksize: blockSize,
    windowsize: windowSize,
    timeout: timeoutSeconds,
    tsize: wantsSize && offered.mode === 'octet' ? offered.sizeBytes : undefined, // RFC 2349
  }
  const accepted = new Map<string, string>()
  for (const name of requested.keys()) {
    const answer = Object.hasOwn(answers, name) ? answers[name] : undefined
    if (answer !== undefined) accepted.set(name, `${answer}`)
  }
  return {
    blockSize: blockSize ?? DEFAULT_BLOCK_SIZE,
    windowSize: windowSize ?? 1,
    retryMs: timeoutSeconds === undefined ? null : timeoutSeconds * 1000,
    accepted,
  }
}

/** RFC 2348: valid from 8 to 65464, and ours is not above the client's. */
function agreedBlockSize(value: string | undefined, limits: OptionLimits): number | undefined {
  const wanted = numberWithin(value, 8, MAX_BLOCK_BYTES)
  return wanted && Math.min(wanted, limits.maxBlockSize)
}

/** RFC 7440 section 3: valid from 1 to 65535, and ours is not above the client's. */
function agreedWindowSize(
  value: string | undefined,
  blockSize: number | undefined,
  limits: OptionLimits,
): number | undefined {
  const wanted = numberWithin(value, 1, 65_535)
  const fitting = Math.max(1, Math.floor(MAX_WINDOW_BYTES / (blockSize ?? DEFAULT_BLOCK_SIZE)))
  return wanted && Math.min(wanted, limits.maxWindowSize, fitting)
}

function numberWithin(value: string | undefined, least: number, most: number): number | undefined {
  if (value === undefined || !/^\d{1,16}$/.test(value)) return undefined
  const number = Number(value)
  return number >= least && number <= most ? number : undefined
}
