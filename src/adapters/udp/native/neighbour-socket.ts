import { endianness } from 'node:os'
import type { Ipv4 } from '../../../net/ipv4.ts'
import type { Libc } from './libc.ts'
import { type Neighbour, NeighbourAnswer, NeighbourQuestion } from './neighbour-message.ts'
import { AddressFamily, SocketType } from './socket-address.ts'

/** `struct sockaddr_nl` of the kernel: 12 bytes, port id and groups 0. */
const KERNEL = new Uint8Array(12)
new DataView(KERNEL.buffer).setUint16(0, AddressFamily.netlink, endianness() === 'LE')

/** A socket of rtnetlink that asks about one entry at a time and has the answer at once. */
export class NeighbourSocket {
  readonly #libc: Libc
  readonly #descriptor: number
  readonly #question = new NeighbourQuestion()
  readonly #answer = new NeighbourAnswer()
  #number = 0

  private constructor(libc: Libc, descriptor: number) {
    this.#libc = libc
    this.#descriptor = descriptor
  }

  /** Null where the system has no such sockets. It needs no rights. */
  static open(libc: Libc): NeighbourSocket | null {
    try {
      return new NeighbourSocket(libc, libc.socket(AddressFamily.netlink, SocketType.raw, 0))
    } catch {
      return null
    }
  }

  /** What the table has of an address; undefined where it cannot be asked. */
  ask(interfaceIndex: number, address: Ipv4): Neighbour | undefined {
    this.#number = (this.#number + 1) >>> 0
    try {
      const question = this.#question.about(interfaceIndex, address, this.#number)
      this.#libc.sendto(this.#descriptor, question, KERNEL)
      // The kernel answers while it is being asked: what does not wait by now never comes.
      for (;;) {
        const length = this.#libc.receive(this.#descriptor, this.#answer.bytes)
        if (length === undefined) return undefined
        const answer = this.#answer.read(length, this.#number)
        if (answer !== undefined) return answer
      }
    } catch {
      return undefined
    }
  }

  close(): void {
    this.#libc.close(this.#descriptor)
  }
}
