import type { Ownership } from '../../../appliance/start/ownership.ts'
import type { DhcpServer } from '../../../src/dhcp/dhcp-server.ts'
import type { DhcpEffect } from '../../../src/dhcp/effect.ts'
import { type Ipv4, UNSPECIFIED } from '../../../src/net/ipv4.ts'
import type { Mac } from '../../../src/net/mac.ts'
import type { DhcpRecording } from '../../../src/services/capture/dhcp-recording.ts'
import type { Tracking } from '../../../src/services/tracking/tracking.ts'
import type { TftpServer } from '../../../src/tftp/tftp-server.ts'
import { decodeMessage } from '../../../src/wire/dhcp/decode-message.ts'
import { encodeMessage } from '../../../src/wire/dhcp/encode-message.ts'
import type { DhcpMessage } from '../../../src/wire/dhcp/message.ts'
import type { TftpPacket } from '../../../src/wire/tftp/packet.ts'
import { aDatagram, answerOf, LISTENER } from '../tftp-lab.ts'
import { ipv4 } from '../values.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** What hangs on the wire. */
export type WireParts = {
  readonly clock: VirtualClock
  readonly dhcp: DhcpServer
  readonly tftp: TftpServer
  readonly tracking: Tracking
  readonly recording: DhcpRecording
  readonly leases: Ownership['leases']
}

/** A packet of TFTP and the server's port that it came from. */
export type FromServer = { readonly packet: TftpPacket; readonly channel: number }

const OURS = ipv4('10.20.0.2')
const SERVER_PORT = 67
const CLIENT_PORT = 68

/** The engines of DHCP and TFTP with phones on one wire: what the sockets of the appliance do. */
export class Wire {
  readonly clock: VirtualClock
  readonly #parts: WireParts
  /** Which device the kernel knows at an address. */
  readonly hardware: Map<Ipv4, Mac>

  constructor(parts: WireParts, hardware: Map<Ipv4, Mac>) {
    this.#parts = parts
    this.clock = parts.clock
    this.hardware = hardware
  }

  /** Sends a message of DHCP; the replies. */
  async dhcp(message: DhcpMessage, interfaceName = 'eth0'): Promise<readonly DhcpMessage[]> {
    const { dhcp, clock, recording } = this.#parts
    const isRelayed = message.giaddr !== UNSPECIFIED
    const arrival = {
      interfaceName,
      localAddress: OURS,
      sourceAddress: isRelayed ? message.giaddr : message.ciaddr,
      sourcePort: isRelayed ? SERVER_PORT : CLIENT_PORT,
    }
    recording.onReceived(encodeMessage(message, [...message.options]).bytes, arrival)
    const replies: DhcpMessage[] = []
    for (const effect of dhcp.handle(message, arrival, clock.nowMs())) {
      replies.push(...(await this.#carryOut(effect)))
    }
    return replies
  }

  async #carryOut(effect: DhcpEffect): Promise<readonly DhcpMessage[]> {
    const { clock, tracking, recording, leases } = this.#parts
    switch (effect.kind) {
      case 'commit':
        await leases.commit(effect.changes)
        return []
      case 'send':
        recording.onSent(effect.bytes, effect.destination)
        return [decodeMessage(effect.bytes.slice())]
      case 'event':
        tracking.onDhcpEvent(effect.event, clock.nowMs())
        return []
      case 'probe':
      case 'wake':
        return []
      default:
        return effect satisfies never
    }
  }

  /** Sends a packet of TFTP to the listener, or to the port of a transfer; the answers. */
  tftp(
    packet: TftpPacket,
    from: { readonly client: Ipv4; readonly clientPort: number },
    channel = LISTENER,
  ): readonly FromServer[] {
    const { tftp, clock, tracking } = this.#parts
    const datagram = aDatagram(packet, { ...from, channel })
    const effects =
      channel === LISTENER
        ? tftp.onRequest(datagram, clock.nowMs())
        : tftp.onTransferPacket(datagram, clock.nowMs())
    const { packets, sent, events } = answerOf(effects)
    for (const event of events) tracking.onTftpEvent(event)
    return packets.map((one, index) => ({ packet: one, channel: sent[index]?.channel ?? LISTENER }))
  }
}
