import type { Peer, SendBlocks } from './effect.ts'
import type { TransferDrop, TransferOutcome } from './events.ts'
import type { Terms } from './negotiate-options.ts'
import { RetransmissionTimer, type RetryPolicy } from './retransmission-timer.ts'

/** What a transfer does next. */
export type TransferStep =
  /** The same object each time: valid until the transfer is asked again. */
  | SendBlocks
  | { readonly kind: 'send-options' }
  | { readonly kind: 'finish'; readonly outcome: TransferOutcome }
  | { readonly kind: 'wait' }

/** What an ACK leads to: it may move nothing. */
export type AckStep = TransferStep | { readonly kind: 'drop'; readonly reason: TransferDrop }

/**
 * One file sent to one client: the state machine behind a TFTP read request.
 *
 * It owns no socket and no timer. Each method takes the current time and returns what the caller
 * must do, so a whole lossy transfer runs in a test without waiting. Blocks are counted from 1 and
 * do not wrap here; on the wire their low 16 bits travel (the number after 65535 is 0).
 */
export class ReadTransfer {
  readonly peer: Peer
  readonly #terms: Terms
  readonly #policy: RetryPolicy
  readonly #timer: RetransmissionTimer
  readonly #blocks: { -readonly [Key in keyof SendBlocks]: SendBlocks[Key] }
  readonly #lastBlock: number
  /** The last block that the client has acknowledged, with all before it. */
  #acknowledged = 0
  /** The last block that was sent. */
  #sent = 0
  #awaitsOptionsAck = false
  #hasBeenAcknowledged = false
  #repeats = 0

  /** @param bytes - What to send, from its first byte to its last; not changed meanwhile. */
  constructor(peer: Peer, bytes: Uint8Array, terms: Terms, policy: RetryPolicy) {
    this.peer = peer
    this.#terms = terms
    this.#policy = policy
    this.#timer = new RetransmissionTimer(policy, terms.retryMs)
    const { blockSize } = terms
    this.#blocks = { kind: 'send-blocks', ...peer, bytes, blockSize, firstBlock: 1, count: 0 }
    // RFC 1350 section 6: a block that is not full ends the file, so a multiple ends with an empty one.
    this.#lastBlock = Math.floor(bytes.length / blockSize) + 1
  }

  /** When `onWake` has something to do. */
  get deadlineMs(): number {
    return this.#timer.deadlineMs
  }

  /** Whether the client has acknowledged anything, and so is who it says it is. */
  get hasBeenAcknowledged(): boolean {
    return this.#hasBeenAcknowledged
  }

  /** Bytes that the client has acknowledged. */
  get acknowledgedBytes(): number {
    return Math.min(this.#acknowledged * this.#terms.blockSize, this.#blocks.bytes.length)
  }

  /** Packets that had to be sent again. */
  get repeats(): number {
    return this.#repeats
  }

  /** The first packet: OACK where an option was agreed on (RFC 2347), otherwise DATA 1. */
  begin(nowMs: number): TransferStep {
    if (this.#terms.accepted.size === 0) return this.#sendWindow(nowMs)
    this.#awaitsOptionsAck = true
    this.#timer.sent(nowMs)
    return SEND_OPTIONS
  }

  /** An ACK from the client's port, with the block number as it was on the wire. */
  onAck(wireBlock: number, nowMs: number): AckStep {
    const ahead = (wireBlock - this.#acknowledged) & 0xffff
    if (this.#awaitsOptionsAck) {
      if (wireBlock !== 0) return DROP_FUTURE
      this.#awaitsOptionsAck = false
    } else {
      // RFC 1123 section 4.2.3.1: never answer a duplicate ACK with DATA, or every later block
      // travels twice (the Sorcerer's Apprentice Syndrome).
      if (ahead === 0 || ahead > 0x7fff) return DROP_STALE
      if (ahead > this.#sent - this.#acknowledged) return DROP_FUTURE
    }
    this.#hasBeenAcknowledged = true
    this.#timer.acknowledged(nowMs)
    this.#acknowledged += ahead
    // RFC 1350 section 6: the transfer is complete with this ACK and not before.
    if (this.#acknowledged === this.#lastBlock) return COMPLETE
    // RFC 7440 section 4: the next window begins after the block that was acknowledged:
    // the last one of a window, or one in the middle, after which something was lost.
    return this.#sendWindow(nowMs)
  }

  /**
   * The client has asked again and so has not seen our first packet. It goes out at once, as one of
   * those that may be sent before an acknowledgement.
   */
  onRepeatedRequest(nowMs: number): TransferStep {
    return this.#isExhausted() ? WAIT : this.#repeat(nowMs)
  }

  /** The time has come, or not yet: sends again what is not acknowledged, or gives up. */
  onWake(nowMs: number): TransferStep {
    if (nowMs < this.#timer.deadlineMs) return WAIT
    if (!this.#isExhausted()) return this.#repeat(nowMs)
    return this.#hasBeenAcknowledged ? TIMED_OUT : NEVER_ACKNOWLEDGED
  }

  #isExhausted(): boolean {
    const { attempts, attemptsBeforeFirstAck } = this.#policy
    return this.#timer.attempts >= (this.#hasBeenAcknowledged ? attempts : attemptsBeforeFirstAck)
  }

  /** RFC 7440 section 4: from the last ACK on. */
  #repeat(nowMs: number): TransferStep {
    this.#timer.sentAgain(nowMs)
    if (this.#awaitsOptionsAck) {
      this.#repeats++
      return SEND_OPTIONS
    }
    this.#blocks.firstBlock = this.#acknowledged + 1
    this.#blocks.count = this.#sent - this.#acknowledged
    this.#repeats += this.#blocks.count
    return this.#blocks
  }

  #sendWindow(nowMs: number): TransferStep {
    this.#timer.sent(nowMs)
    this.#sent = Math.min(this.#acknowledged + this.#terms.windowSize, this.#lastBlock)
    this.#blocks.firstBlock = this.#acknowledged + 1
    this.#blocks.count = this.#sent - this.#acknowledged
    return this.#blocks
  }
}

const SEND_OPTIONS: TransferStep = { kind: 'send-options' }
const WAIT: TransferStep = { kind: 'wait' }
const DROP_STALE: AckStep = { kind: 'drop', reason: 'stale-ack' }
const DROP_FUTURE: AckStep = { kind: 'drop', reason: 'future-ack' }
const COMPLETE: TransferStep = { kind: 'finish', outcome: 'complete' }
const TIMED_OUT: TransferStep = { kind: 'finish', outcome: 'timed-out' }
const NEVER_ACKNOWLEDGED: TransferStep = { kind: 'finish', outcome: 'never-acknowledged' }
