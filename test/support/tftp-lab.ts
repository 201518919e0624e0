import type { Test } from 'tap'
import { FileCache } from '../../src/files/file-cache.ts'
import { FileNames } from '../../src/files/file-name.ts'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import { parseIpv4 } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import { parseSubnet, type Subnet } from '../../src/net/subnet.ts'
import type { Datagram } from '../../src/tftp/datagram.ts'
import type { TftpEffect } from '../../src/tftp/effect.ts'
import type { TftpEvent } from '../../src/tftp/events.ts'
import { DEFAULT_RETRY_POLICY } from '../../src/tftp/retransmission-timer.ts'
import { TftpServer, type TftpServerSettings } from '../../src/tftp/tftp-server.ts'
import type { TidPool } from '../../src/tftp/transfers.ts'
import { decodePacket } from '../../src/wire/tftp/decode-packet.ts'
import { encodePacket, writeDataHeader } from '../../src/wire/tftp/encode-packet.ts'
import type { TftpPacket } from '../../src/wire/tftp/packet.ts'

/** The channel of the listener in every test. */
export const LISTENER = 0
/** A client, by the address range for documentation (RFC 5737). */
export const CLIENT = parseIpv4('192.0.2.10') as Ipv4
export const OTHER_CLIENT = parseIpv4('192.0.2.11') as Ipv4
/** Outside of the networks that are served. */
export const FOREIGNER = parseIpv4('198.51.100.1') as Ipv4
export const CLIENT_PORT = 50_919

/** Settings of the tests: a small table, and blocks as large as asked for. */
export const LAB_SETTINGS: TftpServerSettings = {
  clientSubnets: [parseSubnet('192.0.2.0/24') as Subnet],
  maxTransfersPerClient: 3,
  maxTransfers: 5,
  maxBlockSize: 1468,
  maxWindowSize: 64,
  retry: DEFAULT_RETRY_POLICY,
}

/** A datagram from the client to the listener, unless said otherwise. */
export function aDatagram(
  packet: TftpPacket | Uint8Array,
  from: Partial<Omit<Datagram, 'bytes' | 'length'>> = {},
): Datagram {
  const payload = packet instanceof Uint8Array ? packet : encodePacket(packet)
  // What is received lies in a larger buffer, with the remains of others behind it.
  const bytes = new Uint8Array(payload.length + 8).fill(0xaa)
  bytes.set(payload)
  const where = { client: CLIENT, clientPort: CLIENT_PORT, channel: LISTENER, ...from }
  return { bytes, length: payload.length, ...where }
}

/** A read request in octet mode without options, as the phones send it. */
export function anRrq(name: string, options: Readonly<Record<string, string>> = {}): TftpPacket {
  return { kind: 'read', name, mode: 'octet', options: new Map(Object.entries(options)) }
}

/** Sockets that are only numbers: a new one for each transfer. */
export class NumberedTids implements TidPool {
  readonly open = new Set<number>()
  #next = 100

  take(): number {
    this.open.add(this.#next)
    return this.#next++
  }

  giveBack(channel: number): void {
    this.open.delete(channel)
  }

  forReply(): number {
    return 99
  }
}

/** What an engine answered: packets with whom they go to, and events. */
export type Answer = {
  readonly packets: readonly TftpPacket[]
  readonly sent: readonly {
    readonly client: Ipv4
    readonly clientPort: number
    readonly channel: number
  }[]
  readonly events: readonly TftpEvent[]
}

/** Reads effects at once, since they are valid until the next call; DATA is split into blocks. */
export function answerOf(effects: readonly TftpEffect[]): Answer {
  const packets: TftpPacket[] = []
  const sent: { client: Ipv4; clientPort: number; channel: number }[] = []
  const events: TftpEvent[] = []
  for (const effect of effects) {
    if (effect.kind === 'event') {
      events.push(effect.event)
      continue
    }
    const { client, clientPort, channel } = effect
    for (const bytes of effect.kind === 'send' ? [effect.bytes] : datagramsOf(effect)) {
      packets.push(decodePacket(bytes))
      sent.push({ client, clientPort, channel })
    }
  }
  return { packets, sent, events }
}

function* datagramsOf(effect: TftpEffect & { kind: 'send-blocks' }): Generator<Uint8Array> {
  const { bytes, blockSize, firstBlock, count } = effect
  for (let block = firstBlock; block < firstBlock + count; block++) {
    const payload = bytes.subarray((block - 1) * blockSize, block * blockSize)
    const packet = new Uint8Array(4 + payload.length)
    writeDataHeader(block, packet, 0)
    packet.set(payload, 4)
    yield packet
  }
}

/** An engine over a real cache; files are found by name, for every client but `silent` ones. */
export class TftpLab {
  readonly cache = new FileCache(1 << 28)
  readonly tids = new NumberedTids()
  readonly server: TftpServer
  readonly asked: string[] = []
  readonly silent = new Set<Ipv4>()
  /** Clients that another appliance answers. */
  readonly left = new Set<Ipv4>()
  /** The enrolled phone at an address now. */
  readonly owners = new Map<Ipv4, Mac>()
  names: FileNames<Uint8Array>

  constructor(
    files: Readonly<Record<string, Uint8Array>>,
    settings: Partial<TftpServerSettings> = {},
  ) {
    this.names = new FileNames(Object.entries(files))
    const answer = {
      answer: (request: { client: Ipv4; requestedName: string }) => this.#answer(request),
      ownerAt: (client: Ipv4) => this.owners.get(client) ?? null,
    }
    const answersNow = (client: Ipv4) => !this.left.has(client)
    const parts = { files: answer, holder: this.cache, tids: this.tids, answersNow }
    this.server = new TftpServer({ ...LAB_SETTINGS, ...settings }, parts)
  }

  /** To the listening port. */
  request(packet: TftpPacket | Uint8Array, nowMs: number, from: Partial<Datagram> = {}): Answer {
    return answerOf(this.server.onRequest(aDatagram(packet, from), nowMs))
  }

  /** To the port of a transfer; to that of the first one unless said otherwise. */
  packet(packet: TftpPacket | Uint8Array, nowMs: number, from: Partial<Datagram> = {}): Answer {
    const where = { channel: 100, ...from }
    return answerOf(this.server.onTransferPacket(aDatagram(packet, where), nowMs))
  }

  ack(block: number, nowMs: number, from: Partial<Datagram> = {}): Answer {
    return this.packet({ kind: 'ack', block }, nowMs, from)
  }

  wake(nowMs: number): Answer {
    return answerOf(this.server.onWake(nowMs))
  }

  #answer({ client, requestedName }: { client: Ipv4; requestedName: string }) {
    this.asked.push(requestedName)
    if (this.silent.has(client)) return { kind: 'silence' } as const
    const found = this.names.find(requestedName)
    const mac = this.owners.get(client) ?? null
    if (found === undefined) return { kind: 'absent', mac } as const
    return { kind: 'file', name: found.name, file: this.cache.put(found.value), mac } as const
  }
}

/** Octets that differ from place to place, so that no block can be taken for another. */
export function numbered(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >>> 9) * 7) & 0xff)
}

/** Parts of an answer, item by item; `packets: []` is silence. */
export type AnswerPattern = { readonly [Part in keyof Answer]?: readonly object[] }

/** Holds an answer to a pattern: each list that is named has as many items, and each matches. */
export function expectAnswer(t: Test, answer: Answer, pattern: AnswerPattern, why = ''): void {
  for (const part of ['packets', 'sent', 'events'] as const) {
    const items = pattern[part]
    if (items !== undefined) expectList(t, answer[part], items, `${why} (${part})`)
  }
}

/** Holds a list to patterns: as many items, and each matches. (`t.match` alone lets more pass.) */
export function expectList(
  t: Test,
  list: readonly unknown[],
  patterns: readonly object[],
  why = '',
): void {
  t.equal(list.length, patterns.length, why)
  t.match(list, patterns, why)
}
