import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import type { UdpDatagram } from '../../wire/capture/read-udp.ts'
import { decodePacket } from '../../wire/tftp/decode-packet.ts'
import type { TftpOptions, TftpPacket } from '../../wire/tftp/packet.ts'
import { WireError } from '../../wire/wire-error.ts'
import type { ServerEvent } from './server-log/server-event.ts'

type Transfer = {
  /** Who was asked; answers may come from another address of it. */
  readonly server: Ipv4
  readonly client: UdpDatagram['source']
  readonly port: number
  readonly name: string
  /** Whether the client has acknowledged anything, or sent anything but its request. */
  isHeard: boolean
  /** What answered it: DATA or OACK want an acknowledgement, an ERROR does not. */
  answer: 'none' | 'data' | 'error'
  /** Another address than the one that was asked, where answers come from it. */
  answeredFrom: Ipv4 | null
  isReportedUnheard: boolean
  /** Null before the first DATA. `index` counts on where `block` wraps. */
  lastBlock: { block: number; index: number; isLast: boolean } | null
  blockBytes: number
  bytes: number
}

type Asked = { readonly client: Ipv4; readonly name: string; readonly atMs: number }

/** A request without an answer is repeated, or given up, no sooner. */
const LEAST_RETRY_MS = 2_000

/** RFC 1350 section 5: what a request is sent to. */
const TFTP_PORT = 69
/** RFC 1350 section 5. */
const BLOCK_BYTES = 512
/** Transfers without an end; more than any server runs at once. */
const MOST_TRANSFERS = 20_000

/**
 * Follows TFTP transfers in a capture by the client's address and port: a server answers from a
 * port of its own (RFC 1350 section 4), so that side is not known in advance.
 */
export class TransferWatch {
  readonly #servers = new Map<ServerEvent, Ipv4>()
  /** Servers that answered any device, if only by an error. */
  readonly #answering = new Set<Ipv4>()
  readonly #lastAsked = new Map<Ipv4, Asked & { readonly server: Ipv4 }>()
  readonly #transfers = new Map<string, Transfer>()

  /** The event, a request with who was asked and whether it answers at all: known at the end. */
  withServer(event: ServerEvent): ServerEvent {
    const server = this.#servers.get(event)
    if (event.kind !== 'request' || server === undefined) return event
    return {
      ...event,
      server: { server: formatIpv4(server), answers: this.#answering.has(server) },
    }
  }

  /** What one datagram adds. */
  add(datagram: UdpDatagram, atMs: number): readonly ServerEvent[] {
    const { source, sourcePort, destination, destinationPort } = datagram
    const fromClient = keyOf(source, sourcePort)
    const toClient = keyOf(destination, destinationPort)
    const isKnown = this.#transfers.has(fromClient) || this.#transfers.has(toClient)
    if (destinationPort !== TFTP_PORT && !isKnown && !looksLikeRequest(datagram)) return []
    const packet = decode(datagram.payload)
    if (packet === undefined) return []
    if (packet.kind === 'read') return this.#begin(fromClient, datagram, packet.name, atMs)
    const transfer = this.#transfers.get(toClient)
    if (transfer !== undefined) {
      if (source !== transfer.server) transfer.answeredFrom = source
      return this.#fromServer(transfer, { packet, cutBytes: cutOff(datagram) }, atMs)
    }
    return this.#fromClient(fromClient, packet, atMs)
  }

  #begin(
    key: string,
    { source, sourcePort, destination }: UdpDatagram,
    name: string,
    atMs: number,
  ): readonly ServerEvent[] {
    const before = this.#transfers.get(key)
    const isAgain = before?.name === name
    const lost = before === undefined ? [] : unheard(before, isAgain, atMs)
    if (this.#transfers.size >= MOST_TRANSFERS) this.#transfers.clear()
    this.#transfers.set(key, {
      server: destination,
      client: source,
      port: sourcePort,
      name,
      isHeard: false,
      answer: 'none',
      answeredFrom: null,
      isReportedUnheard: false,
      lastBlock: null,
      blockBytes: BLOCK_BYTES,
      bytes: 0,
    })
    const event = { kind: 'request', client: source, port: sourcePort, name, atMs } as const
    this.#servers.set(event, destination)
    this.#seeProgress(event, destination)
    return [...lost, event]
  }

  /**
   * A capture of port 69 alone has no answers, which come from other ports. A client that soon asks for
   * something else has had one.
   */
  #seeProgress({ client, name, atMs }: Asked, server: Ipv4): void {
    const last = this.#lastAsked.get(client)
    if (last !== undefined && last.name !== name && atMs - last.atMs < LEAST_RETRY_MS) {
      this.#answering.add(last.server)
    }
    this.#lastAsked.set(client, { client, name, atMs, server })
  }

  #fromServer(
    transfer: Transfer,
    { packet, cutBytes }: { readonly packet: TftpPacket; readonly cutBytes: number },
    atMs: number,
  ): readonly ServerEvent[] {
    const { client, port, name } = transfer
    this.#answering.add(transfer.server)
    if (packet.kind === 'error') {
      const wasOver = transfer.answer === 'error'
      transfer.answer = 'error'
      if (wasOver) return []
      if (packet.code === 1) return [{ kind: 'absent', client, port, name, atMs }]
      const { bytes } = transfer
      return [{ kind: 'ended', client, port, name, outcome: 'failed', bytes, atMs }]
    }
    transfer.answer = 'data'
    if (packet.kind === 'options-ack') transfer.blockBytes = blockSizeIn(packet.options)
    if (packet.kind !== 'data' || packet.block === transfer.lastBlock?.block) return []
    const blockBytes = packet.payload.length + cutBytes
    // From the number, not by adding up: a capture may lack packets.
    const index = indexOf(packet.block, transfer.lastBlock?.index ?? 0)
    const isLast = blockBytes < transfer.blockBytes
    transfer.lastBlock = { block: packet.block, index, isLast }
    transfer.bytes = Math.max(transfer.bytes, (index - 1) * transfer.blockBytes + blockBytes)
    return []
  }

  #fromClient(key: string, packet: TftpPacket, atMs: number): readonly ServerEvent[] {
    const transfer = this.#transfers.get(key)
    if (transfer === undefined) return []
    const { client, port, name, bytes, lastBlock } = transfer
    transfer.isHeard = true
    const isWhole =
      packet.kind === 'ack' && lastBlock?.isLast === true && packet.block === lastBlock.block
    if (!isWhole && packet.kind !== 'error') return []
    this.#transfers.delete(key)
    const outcome = isWhole ? 'completed' : 'failed'
    return [{ kind: 'ended', client, port, name, outcome, bytes, atMs }]
  }

  /** Transfers that were under way when the capture ended, and of which nothing was acknowledged. */
  atEnd(atMs: number): readonly ServerEvent[] {
    return [...this.#transfers.values()].flatMap((transfer) => unheard(transfer, false, atMs))
  }
}

/**
 * What was sent and never acknowledged did not reach the client.
 *
 * @param isAgain - Whether the client asks for the same once more: an ERROR wants no acknowledgement.
 */
function unheard(transfer: Transfer, isAgain: boolean, atMs: number): readonly ServerEvent[] {
  const { client, port, name, bytes, server, answer, answeredFrom } = transfer
  if (transfer.isHeard || answer === 'none' || (answer === 'error' && !isAgain)) return []
  const results: ServerEvent[] = []
  if (answeredFrom !== null) {
    const reason = `It asked ${formatIpv4(server)} and was answered from ${formatIpv4(answeredFrom)}`
    results.push({ kind: 'blocked', client, name, by: 'other-address', reason, atMs })
  }
  if (answer === 'data' && !transfer.isReportedUnheard) {
    transfer.isReportedUnheard = true
    results.push({ kind: 'ended', client, port, name, outcome: 'unheard', bytes, atMs })
  }
  return results
}

/** An RRQ to another port: a server that was moved for a test. */
function looksLikeRequest({ payload }: UdpDatagram): boolean {
  if (payload[0] !== 0 || payload[1] !== 1 || payload.length > 520) return false
  return /^[\x20-\x7e]+\0(?:octet|netascii)\0/i.test(
    Buffer.from(payload.subarray(2)).toString('latin1'),
  )
}

/** The block of this number that is nearest to the one before; never below 1. */
function indexOf(block: number, before: number): number {
  const ahead = (block - before) & 0xffff
  const index = before + (ahead < 0x8000 ? ahead : ahead - 0x1_0000)
  return Math.max(1, index)
}

/** Bytes that were sent and that the capture left out. */
function cutOff({ payload, payloadBytes }: UdpDatagram): number {
  return Math.max(0, payloadBytes - payload.length)
}

/** RFC 2348: 8 to 65464. */
function blockSizeIn(options: TftpOptions): number {
  const said = Number(options.get('blksize'))
  return said >= 8 && said <= 65_464 ? said : BLOCK_BYTES
}

function decode(payload: Uint8Array): TftpPacket | undefined {
  try {
    return decodePacket(payload)
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}

function keyOf(address: number, port: number): string {
  return `${address}:${port}`
}
