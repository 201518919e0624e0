import type { RecordedEvent } from '../events/journal.ts'
import type { FetchedImage } from './report.ts'

/** Images, and the file that names them: what a conversion writes. */
const FIRMWARE = /\.(?:bin|sbn|sb2|loads)$/i

/**
 * Firmware files that a phone has acknowledged whole, the last transfer of each, in the order in which
 * they ended.
 *
 * @param transfers - Its `tftp.transfer.…` events, oldest first.
 */
export function fetchedImages(transfers: readonly RecordedEvent[]): readonly FetchedImage[] {
  const hashes = new Map<string, string>()
  const images = new Map<string, FetchedImage>()
  for (const { event, atMs, fields } of transfers.filter(isFirmware)) {
    const { name, sha256, outcome, sizeBytes, clientTid } = fields as Fields
    const transfer = `${name} ${clientTid}`
    if (event === 'tftp.transfer.started') hashes.set(transfer, sha256 ?? '')
    if (event !== 'tftp.transfer.ended' || outcome !== 'complete') continue
    images.delete(name)
    const known = hashes.get(transfer) || null
    images.set(name, { name, bytes: sizeBytes ?? 0, sha256: known, atMs })
  }
  return [...images.values()]
}

/** As the TFTP engine wrote them; a row of an earlier version may lack some. */
type Fields = {
  readonly name: string
  readonly sha256?: string
  readonly outcome?: string
  readonly sizeBytes?: number
  readonly clientTid?: number
}

function isFirmware({ fields }: RecordedEvent): boolean {
  const { name } = fields
  return typeof name === 'string' && FIRMWARE.test(name)
}
