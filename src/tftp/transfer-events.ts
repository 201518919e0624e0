import type { TftpEffect } from './effect.ts'
import type { TransferEnded, TransferStarted } from './events.ts'
import type { RunningTransfer } from './transfer-table.ts'

/** The event of a transfer that has begun. */
export function transferStarted(
  running: RunningTransfer,
  { mode, requestedName }: Pick<TransferStarted, 'mode' | 'requestedName'>,
): TftpEffect {
  const event: TransferStarted = {
    event: 'tftp.transfer.started',
    ...about(running),
    atMs: running.startedAtMs,
    requestedName,
    sha256: running.file.sha256,
    mode,
    blockSize: running.terms.blockSize,
    windowSize: running.terms.windowSize,
  }
  return { kind: 'event', event }
}

/** The event of how far a transfer has come. */
export function transferProgressed(running: RunningTransfer, atMs: number): TftpEffect {
  const bytes = running.transfer.acknowledgedBytes
  return {
    kind: 'event',
    event: { event: 'tftp.transfer.progress', ...about(running), atMs, bytes },
  }
}

/** The event of a transfer that is over. */
export function transferEnded(
  running: RunningTransfer,
  atMs: number,
  { outcome, clientError }: Pick<TransferEnded, 'outcome' | 'clientError'>,
): TftpEffect {
  const { transfer, startedAtMs } = running
  const event: TransferEnded = {
    event: 'tftp.transfer.ended',
    ...about(running),
    atMs,
    outcome,
    bytes: transfer.acknowledgedBytes,
    ms: atMs - startedAtMs,
    repeats: transfer.repeats,
    clientError,
  }
  return { kind: 'event', event }
}

function about({ peer, mac, name, sizeBytes }: RunningTransfer) {
  return { client: peer.client, clientTid: peer.clientPort, mac, name, sizeBytes }
}
