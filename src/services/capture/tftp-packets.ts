import { type Ipv4, parseIpv4 } from '../../net/ipv4.ts'
import { encodePacket } from '../../wire/tftp/encode-packet.ts'
import {
  DATA_HEADER_BYTES,
  ERROR_CODE,
  MAX_BLOCK_BYTES,
  type TftpOptions,
  type TftpPacket,
} from '../../wire/tftp/packet.ts'
import type { RecordedEvent } from '../events/journal.ts'
import { type Captured, cutIpPacket, type End, ipPacket } from './captured.ts'

/** What is agreed on if no option is requested (RFC 1350 section 2, RFC 7440). */
const PLAIN = { blockSize: 512, windowSize: 1 }

/**
 * The TFTP packets of one phone, rebuilt from its events: nothing is kept for them while blocks fly.
 * Of each transfer there are the request, what was agreed on, the first block and the last, or the
 * one that the phone never acknowledged, without their content.
 *
 * @param events - Of one phone, oldest first; others than of TFTP are passed over.
 * @param serverOn - Our end on a network, by its name.
 */
export function tftpPackets(
  events: readonly RecordedEvent[],
  serverOn: (network: string | null) => End,
): readonly Captured[] {
  const running = new Map<string, Transfer>()
  return events.flatMap((recorded) => {
    const { event, atMs } = recorded
    const client = clientIn(recorded)
    if (client === undefined) return []
    const rebuild = new Rebuild(client, serverOn(recorded.network), { atMs, event })
    const key = `${client.address}:${client.port}`
    switch (event) {
      case 'tftp.request.absent':
        return absent(rebuild, text(recorded.fields['requestedName']))
      case 'tftp.transfer.started': {
        const transfer = transferIn(recorded.fields)
        running.set(key, transfer)
        return begin(rebuild, transfer)
      }
      case 'tftp.transfer.ended': {
        const transfer = running.get(key)
        running.delete(key)
        return transfer === undefined ? [] : end(rebuild, transfer, recorded.fields)
      }
      default:
        return []
    }
  })
}

type Fields = RecordedEvent['fields']

type Transfer = {
  readonly requestedName: string
  readonly mode: string
  readonly sizeBytes: number
  readonly blockSize: number
  readonly options: TftpOptions
}

function absent(rebuild: Rebuild, name: string): readonly Captured[] {
  return [
    rebuild.fromClient({ kind: 'read', name, mode: 'octet', options: new Map() }),
    rebuild.toClient({ kind: 'error', code: ERROR_CODE.fileNotFound, message: 'File not found' }),
  ]
}

function begin(rebuild: Rebuild, transfer: Transfer): readonly Captured[] {
  const { requestedName: name, mode, options } = transfer
  const request = rebuild.fromClient({ kind: 'read', name, mode, options })
  // RFC 2347: what was agreed on goes first, and the first block follows its acknowledgement.
  if (options.size > 0) return [request, rebuild.toClient({ kind: 'options-ack', options })]
  return [request, rebuild.data(1, transfer)]
}

function end(rebuild: Rebuild, transfer: Transfer, fields: Fields): readonly Captured[] {
  const { blockSize, options, sizeBytes } = transfer
  if (fields['outcome'] === 'complete') {
    const last = Math.floor(sizeBytes / blockSize) + 1
    const isSent = last === 1 && options.size === 0
    const acknowledged = rebuild.fromClient({ kind: 'ack', block: last % 0x1_0000 })
    return isSent ? [acknowledged] : [rebuild.data(last, transfer), acknowledged]
  }
  const next = Math.floor(count(fields['bytes']) / blockSize) + 1
  const unheard = next === 1 ? [] : [rebuild.data(next, transfer)]
  const { clientError } = fields
  if (typeof clientError !== 'object' || clientError === null) return unheard
  const { code, message } = clientError as { readonly code?: unknown; readonly message?: unknown }
  const error = { kind: 'error', code: count(code) % 0x1_0000, message: text(message) } as const
  return [...unheard, rebuild.fromClient(error)]
}

/** Makes packets between a client and us out of an event. */
class Rebuild {
  readonly #client: End
  readonly #server: End
  readonly #atMs: number
  readonly #comment: string

  constructor(client: End, server: End, from: { readonly atMs: number; readonly event: string }) {
    this.#client = client
    this.#server = server
    this.#atMs = from.atMs
    this.#comment = `rebuilt from ${from.event}`
  }

  fromClient(packet: TftpPacket): Captured {
    return this.#whole(ipPacket(this.#client, this.#server, encodePacket(packet)))
  }

  toClient(packet: TftpPacket): Captured {
    return this.#whole(ipPacket(this.#server, this.#client, encodePacket(packet)))
  }

  /** A block of a file: its length, and nothing of its content. */
  data(block: number, { sizeBytes, blockSize }: Transfer): Captured {
    const known = encodePacket({ kind: 'data', block, payload: new Uint8Array(0) })
    const left = Math.max(0, sizeBytes - (block - 1) * blockSize)
    const payloadBytes = DATA_HEADER_BYTES + Math.min(blockSize, left)
    const cut = cutIpPacket(this.#server, this.#client, { known, payloadBytes })
    return { ...cut, atMs: this.#atMs, comment: this.#comment }
  }

  #whole(bytes: Uint8Array): Captured {
    return { atMs: this.#atMs, bytes, originalBytes: bytes.length, comment: this.#comment }
  }
}

function transferIn(fields: Fields): Transfer {
  const blockSize = Math.min(MAX_BLOCK_BYTES, count(fields['blockSize'])) || PLAIN.blockSize
  const windowSize = count(fields['windowSize']) || PLAIN.windowSize
  const options = new Map<string, string>()
  if (blockSize !== PLAIN.blockSize) options.set('blksize', `${blockSize}`)
  if (windowSize !== PLAIN.windowSize) options.set('windowsize', `${windowSize}`)
  const mode = fields['mode'] === 'netascii' ? 'netascii' : 'octet'
  const sizeBytes = count(fields['sizeBytes'])
  return { requestedName: text(fields['requestedName']), mode, sizeBytes, blockSize, options }
}

/** Fields come from a database, where anything may stand. */
function clientIn({ fields }: RecordedEvent): End | undefined {
  const address: Ipv4 | undefined = parseIpv4(text(fields['client']))
  return address === undefined
    ? undefined
    : { address, port: count(fields['clientTid']) % 0x1_0000 }
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0
}

/** A name is what one request can hold; a NUL would end it early. */
function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 512).replaceAll('\0', '') : ''
}
