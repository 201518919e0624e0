/*
 * DHCP datagrams of the harness, put together and read without the product's codec: a fault of one
 * cannot hide in the other. Layout: RFC 2131 section 2, figure 1.
 */

/** The message types that are used here (RFC 2132 section 9.6). */
export const Type = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
} as const

/** What a client says. Addresses are dotted quads. */
export type ClientMessage = {
  readonly type: number
  /** Six octets. */
  readonly hardware: Buffer
  /** Option 61; null: the client goes by its hardware address. */
  readonly identifier: Buffer | null
  readonly ciaddr?: string
  /** The relay agent's address; left out where the client sends by itself. */
  readonly giaddr?: string
  /** Option 50. */
  readonly requested?: string
  /** Option 54. */
  readonly server?: string
  /** Option 51. */
  readonly leaseSeconds?: number
  /** Whether the answer is to be broadcast (RFC 2131 section 4.1). */
  readonly isBroadcast?: boolean
}

/** A client as the API names it: `id:` and option 61, or `hw:` and its hardware address. */
export function keyOf({
  hardware,
  identifier,
}: Pick<ClientMessage, 'hardware' | 'identifier'>): string {
  return identifier === null
    ? `hw:01${hardware.toString('hex')}`
    : `id:${identifier.toString('hex')}`
}

/** What a server answered. */
export type ServerReply = {
  readonly type: number
  readonly yiaddr: string
  /** Option 54. */
  readonly server: string
  /** Option 51; 0 where it is absent. */
  readonly leaseSeconds: number
}

const COOKIE = 0x63825363
const HEADER_OCTETS = 240

/** The octets of a client's message, padded to 300 (RFC 1542 section 2.1); xid is the sender's. */
export function datagramOf(message: ClientMessage): Buffer {
  const header = Buffer.alloc(HEADER_OCTETS)
  const isRelayed = message.giaddr !== undefined
  header.set([1, 1, 6, isRelayed ? 1 : 0])
  if (message.isBroadcast === true) header.writeUInt8(0x80, 10)
  header.set(octetsOf(message.ciaddr ?? '0.0.0.0'), 12)
  header.set(octetsOf(message.giaddr ?? '0.0.0.0'), 24)
  header.set(message.hardware, 28)
  header.writeUInt32BE(COOKIE, 236)
  const options = [option(53, Buffer.of(message.type))]
  if (message.identifier !== null) options.push(option(61, message.identifier))
  if (message.requested !== undefined) options.push(option(50, octetsOf(message.requested)))
  if (message.server !== undefined) options.push(option(54, octetsOf(message.server)))
  if (message.leaseSeconds !== undefined) {
    const seconds = Buffer.alloc(4)
    seconds.writeUInt32BE(message.leaseSeconds)
    options.push(option(51, seconds))
  }
  // Option 82 with a circuit, as a switch adds it, last (RFC 3046 section 2.1).
  if (isRelayed) options.push(option(82, Buffer.from('0104706f7274', 'hex')))
  const datagram = Buffer.concat([header, ...options, Buffer.of(255)])
  return datagram.length >= 300 ? datagram : Buffer.concat([datagram], 300)
}

/** A server's reply; undefined where the octets are none. */
export function readReply(datagram: Buffer): ServerReply | undefined {
  if (datagram.length < HEADER_OCTETS || datagram[0] !== 2) return undefined
  if (datagram.readUInt32BE(236) !== COOKIE) return undefined
  const options = optionsIn(datagram.subarray(HEADER_OCTETS))
  return {
    type: options.get(53)?.readUInt8() ?? 0,
    yiaddr: quadOf(datagram.subarray(16, 20)),
    server: quadOf(options.get(54) ?? Buffer.alloc(4)),
    leaseSeconds: options.get(51)?.readUInt32BE() ?? 0,
  }
}

function optionsIn(area: Buffer): ReadonlyMap<number, Buffer> {
  const options = new Map<number, Buffer>()
  let at = 0
  while (at + 1 < area.length && area[at] !== 255) {
    if (area[at] === 0) {
      at++
      continue
    }
    const length = area.readUInt8(at + 1)
    options.set(area.readUInt8(at), area.subarray(at + 2, at + 2 + length))
    at += 2 + length
  }
  return options
}

function option(code: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.of(code, value.length), value])
}

function octetsOf(quad: string): Buffer {
  return Buffer.from(quad.split('.').map(Number))
}

function quadOf(octets: Buffer): string {
  return octets.join('.')
}
