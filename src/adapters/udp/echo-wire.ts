import type { Ipv4 } from '../../net/ipv4.ts'
import { decodeEchoReply, encodeEchoRequest } from '../../wire/frame/icmp-echo.ts'
import { WireError } from '../../wire/wire-error.ts'
import { drain } from './native/drain.ts'
import type { Libc, Watch } from './native/libc.ts'
import { AddressFamily, internetAddress, SocketType } from './native/socket-address.ts'
import type { ProbeWire } from './probe-wire.ts'

const PROTOCOL_ICMP = 1

/** ICMP echo by the routing table: asks hosts that are reached through relay agents' routers. */
export class EchoWire implements ProbeWire {
  readonly #libc: Libc
  readonly #descriptor: number
  readonly #watch: Watch
  #sequence = 0

  /**
   * @param onAnswer - An address that sent an echo reply, to any request.
   * @param onFault - Nothing is heard any more.
   * @throws `SystemCallError` without CAP_NET_RAW.
   */
  constructor(libc: Libc, onAnswer: (address: Ipv4) => void, onFault: () => void) {
    this.#libc = libc
    this.#descriptor = libc.socket(AddressFamily.inet, SocketType.raw, PROTOCOL_ICMP)
    this.#watch = drain(
      libc,
      this.#descriptor,
      (bytes) => {
        const user = replierIn(bytes)
        if (user !== undefined) onAnswer(user)
      },
      onFault,
    )
  }

  ask(address: Ipv4): void {
    this.#sequence = (this.#sequence + 1) & 0xffff
    const request = encodeEchoRequest(process.pid & 0xffff, this.#sequence)
    this.#libc.sendto(this.#descriptor, request, internetAddress(address, 0))
  }

  close(): void {
    this.#watch.end()
    this.#libc.close(this.#descriptor)
  }
}

function replierIn(bytes: Uint8Array): Ipv4 | undefined {
  try {
    return decodeEchoReply(bytes)
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}
