import type { Test } from 'tap'
import { dhcpBytes } from '../../support/dhcp-bytes.ts'
import { DhcpRelaySocket } from '../../support/dhcp-relay-socket.ts'

/** What a server said: its message type, and the address in question. */
export type Answer = { readonly type: number; readonly yiaddr: string }

/** The network of a loopback bench: where its relay agent stands. */
export const RELAY = '127.84.0.1'

const PATIENT = { tries: 10, eachMs: 2000 }

/** RFC 8357: sub-option 19 asks for the answer at the port that it came from. */
export const ASK_FOR_PORT = '5202 1300'

/** Clients of a loopback bench, by their hardware address as hex, behind one relay agent. */
export class LoopbackClients {
  readonly relay: DhcpRelaySocket

  private constructor(relay: DhcpRelaySocket) {
    this.relay = relay
  }

  static async behindRelay(t: Pick<Test, 'teardown'>, serverPort: number) {
    const place = { address: RELAY, port: 0, server: '127.0.0.1', serverPort }
    const relay = await DhcpRelaySocket.open(place)
    t.teardown(() => relay.close())
    return new LoopbackClients(relay)
  }

  /** Asks for a client; `options` are octets as hex. Type 0 is silence. */
  async ask(mac: string, options: string, tries = PATIENT.tries): Promise<Answer> {
    const datagram = dhcpBytes({ options: `${options} ${ASK_FOR_PORT} ff` })
    datagram.set(Buffer.from(mac, 'hex'), 28)
    const reply = await this.relay.relay(datagram, { ...PATIENT, tries })
    if (reply === undefined) return { type: 0, yiaddr: 'no answer' }
    // The message type is the first option of every reply.
    return { type: reply[242] ?? 0, yiaddr: reply.subarray(16, 20).join('.') }
  }

  /** DISCOVER, then REQUEST of what was offered; the address of the ACK. */
  async lease(mac: string): Promise<string> {
    const { yiaddr } = await this.ask(mac, '350101')
    const { type } = await this.request(mac, yiaddr)
    return type === 5 ? yiaddr : `type ${type}`
  }

  /** Chooses our offer of an address. */
  request(mac: string, address: string, tries?: number): Promise<Answer> {
    return this.ask(mac, `350103 3604 7f000001 3204 ${hex(address)}`, tries)
  }

  /** Has restarted, and wants the address that it had (INIT-REBOOT). */
  reboot(mac: string, address: string): Promise<Answer> {
    return this.ask(mac, `350103 3204 ${hex(address)}`)
  }
}

/** An address as hex. */
function hex(address: string): string {
  return Buffer.from(address.split('.').map(Number)).toString('hex')
}
