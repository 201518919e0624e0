import { readFileSync } from 'node:fs'
import type { Libc, LoadedLibc } from './native/libc.ts'
import { AddressFamily, optionNumber, SocketType } from './native/socket-address.ts'

/** What this process may do beyond plain sockets. */
export type Capabilities = {
  /** Frames to clients without an address, ARP probes, ICMP echo: CAP_NET_RAW. */
  readonly rawFrames: boolean
  /** What is missing and what that means, one sentence each; empty where nothing is. */
  readonly sentences: readonly string[]
}

const SO_RCVBUFFORCE = 33

/** What the sockets of the DHCP and TFTP servers ask for. */
const WANTED_BUFFER_BYTES = 8_388_608

/** Finds out by trying; what is opened for it is closed again. */
export function findCapabilities(loaded: LoadedLibc): Capabilities {
  if (loaded.kind === 'missing') {
    const sentence =
      `Sockets cannot be bound to one interface, because ${loaded.reason}: ` +
      'only networks with `relayed: true` are served, and addresses are not probed on the wire.'
    return { rawFrames: false, sentences: [sentence] }
  }
  const rawFrames = may(loaded.libc, AddressFamily.packet, SocketType.raw, () => {})
  const anyBuffer = may(loaded.libc, AddressFamily.inet, SocketType.datagram, (descriptor) =>
    loaded.libc.setsockopt(descriptor, SO_RCVBUFFORCE, optionNumber(65536)),
  )
  const sentences: string[] = []
  if (!rawFrames) {
    sentences.push(
      'CAP_NET_RAW is missing, so raw frames cannot be sent: clients without an address are answered ' +
        'by broadcast, addresses are not probed on the wire before they are offered, and another DHCP ' +
        'server is detected only if it answers relay agents.',
    )
  }
  if (!anyBuffer && bufferLimit() < WANTED_BUFFER_BYTES) {
    sentences.push(
      'CAP_NET_ADMIN is missing, so receive buffers stay small: when hundreds of clients ' +
        `start at once some must retry, unless net.core.rmem_max is raised to ${WANTED_BUFFER_BYTES}.`,
    )
  }
  return { rawFrames, sentences }
}

/** What the system grants without that right, in bytes; 0 where it does not say. */
function bufferLimit(): number {
  try {
    return Number(readFileSync('/proc/sys/net/core/rmem_max', 'utf8'))
  } catch {
    return 0
  }
}

function may(libc: Libc, family: number, type: number, use: (descriptor: number) => void): boolean {
  try {
    const descriptor = libc.socket(family, type, 0)
    try {
      use(descriptor)
    } finally {
      libc.close(descriptor)
    }
    return true
  } catch {
    // Whatever the reason, it cannot be had: the sentence says what for.
    return false
  }
}
