import { readAddress, readText } from '../../dhcp/read-option.ts'
import { formatIpv4, UNSPECIFIED } from '../../net/ipv4.ts'
import { type Mac, macFromBytes } from '../../net/mac.ts'
import type { Capture, CapturedPacket } from '../../wire/capture/captured-packet.ts'
import { type Frame, readFrame } from '../../wire/capture/read-frame.ts'
import { readTcp } from '../../wire/capture/read-tcp.ts'
import { readUdp, type UdpDatagram } from '../../wire/capture/read-udp.ts'
import { decodeMessage } from '../../wire/dhcp/decode-message.ts'
import { BOOTREQUEST, type DhcpMessage, MessageType } from '../../wire/dhcp/message.ts'
import { WireError } from '../../wire/wire-error.ts'
import { NeighbourTable } from './neighbour-table.ts'
import { sccpRegistrations, sipRegistration } from './registration-events.ts'
import type { ServerEvent } from './server-log/server-event.ts'
import { namingOf } from './server-naming.ts'
import { TransferWatch } from './transfer-watch.ts'

/** What a capture tells of DHCP and TFTP, and of phones that register. */
export type CaptureEvents = {
  readonly events: readonly ServerEvent[]
  /** Parts of fragmented datagrams, which are left out. */
  readonly fragments: number
  /** Frames of a kind that is not understood. */
  readonly otherFrames: number
}

/** Reads DHCP, TFTP and registrations out of a capture. Whatever else was captured is passed over. */
export function eventsOfCapture({ packets }: Capture): CaptureEvents {
  const run = new CaptureRun()
  for (const packet of packets) run.add(packet)
  return run.end()
}

/** Follows the packets of one capture, in their order. */
class CaptureRun {
  readonly #events: ServerEvent[] = []
  readonly #watch = new TransferWatch()
  readonly #neighbours = new NeighbourTable()
  #fragments = 0
  #otherFrames = 0
  #lastAtMs = 0

  add(packet: CapturedPacket): void {
    this.#lastAtMs = Number(packet.atNs / 1_000n) / 1_000
    const frame = readFrame(packet)
    if (frame === undefined) {
      this.#otherFrames++
      return
    }
    const segment = readTcp(frame.packet)
    if (segment !== undefined) this.#events.push(...sccpRegistrations(segment, this.#lastAtMs))
    const udp = readUdp(frame.packet)
    if (udp.kind === 'fragment') this.#fragments++
    if (udp.kind === 'datagram') this.#onDatagram(udp.datagram, frame.sender)
  }

  end(): CaptureEvents {
    this.#events.push(...this.#watch.atEnd(this.#lastAtMs))
    const answered = withoutAnswered(this.#events).map((event) => this.#watch.withServer(event))
    return {
      events: [...answered, ...this.#neighbours.events()],
      fragments: this.#fragments,
      otherFrames: this.#otherFrames,
    }
  }

  #onDatagram(datagram: UdpDatagram, sender: Frame['sender']): void {
    const atMs = this.#lastAtMs
    const registration = sipRegistration(datagram, atMs)
    if (registration !== null) this.#events.push(registration)
    else if (isDhcp(datagram)) this.#events.push(...dhcpEvents(datagram.payload, atMs))
    else {
      const added = this.#watch.add(datagram, atMs)
      if (added.some(({ kind }) => kind === 'request')) {
        this.#neighbours.seen(datagram.source, sender, atMs)
      }
      this.#events.push(...added)
    }
  }
}

const DHCP_PORTS: ReadonlySet<number> = new Set([67, 68])

/** By port, or where a server was moved by its cookie (RFC 2131 section 3). */
function isDhcp({ sourcePort, destinationPort, payload }: UdpDatagram): boolean {
  if (DHCP_PORTS.has(sourcePort) || DHCP_PORTS.has(destinationPort)) return true
  return (
    payload.length >= 240 && Buffer.from(payload.subarray(236, 240)).toString('hex') === '63825363'
  )
}

function dhcpEvents(payload: Uint8Array, atMs: number): readonly ServerEvent[] {
  const message = decode(payload)
  if (message === undefined || message.htype !== 1 || message.hlen !== 6) return []
  const mac = macFromBytes(message.chaddr)
  const [type] = message.options.get(53) ?? []
  if (message.op === BOOTREQUEST) return fromClient(message, type, mac, atMs)
  if (type === MessageType.offer)
    return [
      { kind: 'dhcp', mac, outcome: 'offered', reason: '', atMs },
      replyOf(message, mac, atMs),
    ]
  if (type === MessageType.nak) {
    const reason = readText(message, 56) || 'DHCPNAK'
    return [{ kind: 'dhcp', mac, outcome: 'refused', reason, atMs }]
  }
  if (type !== MessageType.ack || message.yiaddr === UNSPECIFIED) return []
  const address = { kind: 'address', mac, address: message.yiaddr, hostName: null, atMs } as const
  return [address, replyOf(message, mac, atMs)]
}

function replyOf(message: DhcpMessage, mac: Mac, atMs: number): ServerEvent {
  return { kind: 'reply', mac, naming: namingOf(message), atMs }
}

function fromClient(
  message: DhcpMessage,
  type: number | undefined,
  mac: Mac,
  atMs: number,
): readonly ServerEvent[] {
  if (type === MessageType.decline)
    return [{ kind: 'dhcp', mac, outcome: 'declined', reason: '', atMs }]
  // RFC 2131 section 4.3.2: INIT-REBOOT names its address in option 50 and no server.
  const isInitReboot =
    type === MessageType.request &&
    message.ciaddr === UNSPECIFIED &&
    !message.options.has(54) &&
    readAddress(message, 50) !== null
  const chosen = type === MessageType.request ? readAddress(message, 54) : null
  if (chosen != null) {
    return [{ kind: 'reply', mac, naming: { chosen: formatIpv4(chosen) }, atMs }]
  }
  if (type !== MessageType.discover && !isInitReboot) return []
  return [
    { kind: 'boot', mac, vendorClass: readText(message, 60) || null, atMs },
    { kind: 'dhcp', mac, outcome: 'refused', reason: NOBODY_ANSWERED, atMs },
  ]
}

/** Until something of an answer is seen. */
const NOBODY_ANSWERED = 'no answer'

/** What was asked and answered before the phone asked again was answered; a choice shows that, too. */
function withoutAnswered(events: readonly ServerEvent[]): readonly ServerEvent[] {
  const answered = new Set<Mac>()
  return events
    .toReversed()
    .filter((event) => {
      if (event.kind === 'dhcp' && event.reason === NOBODY_ANSWERED)
        return !answered.delete(event.mac)
      if (event.kind === 'dhcp' || event.kind === 'reply' || event.kind === 'address') {
        answered.add(event.mac)
      }
      return true
    })
    .reverse()
}

function decode(payload: Uint8Array): DhcpMessage | undefined {
  try {
    return decodeMessage(payload)
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}
