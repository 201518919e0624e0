import type { Ipv4 } from '../../../net/ipv4.ts'
import type { Mac } from '../../../net/mac.ts'
import { ArpRequest } from './arp-request.ts'
import type { Libc } from './libc.ts'
import { AddressFamily, SocketType } from './socket-address.ts'

/**
 * Asks for the hardware address of an entry with one system call, a third of what a question and an
 * answer of rtnetlink take. It says nothing of entries that have none.
 */
export class ArpSocket {
  readonly #libc: Libc
  readonly #descriptor: number
  readonly #request = new ArpRequest()

  private constructor(libc: Libc, descriptor: number) {
    this.#libc = libc
    this.#descriptor = descriptor
  }

  /** Null where the system opens none. It needs no rights. */
  static open(libc: Libc): ArpSocket | null {
    try {
      return new ArpSocket(libc, libc.socket(AddressFamily.inet, SocketType.datagram, 0))
    } catch {
      return null
    }
  }

  /** The hardware address behind an address now; undefined where this question has no answer. */
  macOf(interfaceName: string, address: Ipv4): Mac | undefined {
    const isFilledIn = this.#libc.askArp(
      this.#descriptor,
      this.#request.about(interfaceName, address),
    )
    return isFilledIn ? this.#request.read() : undefined
  }

  close(): void {
    this.#libc.close(this.#descriptor)
  }
}
