import { createSocket, type Socket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import type { HardwareAddresses, HardwareAnswer } from '../../clients/hardware-address.ts'
import { formatIpv4, type Ipv4, parseIpv4 } from '../../net/ipv4.ts'
import { findInArpFile } from './arp-file.ts'
import { ArpSocket } from './native/arp-socket.ts'
import type { LoadedLibc } from './native/libc.ts'
import type { Neighbour } from './native/neighbour-message.ts'
import { NeighbourSocket } from './native/neighbour-socket.ts'

/** What it asks of the system; by default the real one. */
export type NeighbourSystem = {
  readonly interfaces: () => NodeJS.Dict<NetworkInterfaceInfo[]>
  /** The text of `/proc/net/arp`. */
  readonly arpFile: () => string
  /** Makes the kernel resolve an address. */
  readonly provoke: (address: Ipv4) => void
}

/** Interfaces and their addresses are looked at again after so long, in milliseconds. */
const LOOK_MS = 1_000

/**
 * Resolutions that may be provoked within a tenth of a second: a storm of phones needs no more, and
 * forged sources fill neither the wire nor the table by it.
 */
const PROVOKED_AT_ONCE = 64
const PROVOKE_MS = 100

type Look = {
  readonly atMs: number
  readonly own: ReadonlySet<Ipv4>
  /** Of interfaces that have addresses; null for one without hardware addresses. */
  readonly indexes: ReadonlyMap<string, number | null>
}

/**
 * Hardware addresses from the kernel's neighbour table, asked again for every request: the entry of an
 * address changes as soon as another device resolves ours, so that a phone that has taken the place of
 * another is never taken for it. One system call returns a hardware address that is there; why there is
 * none is asked over rtnetlink, in 2 to 5 µs. `/proc/net/arp`, which is read where the kernel does not
 * answer single questions, takes 90 to 160.
 */
export class Neighbours implements HardwareAddresses {
  readonly #loaded: LoadedLibc
  readonly #system: NeighbourSystem
  #arp: ArpSocket | null
  #socket: NeighbourSocket | null
  readonly #ownsProvoker: UdpProvoker | null
  #look: Look | null = null
  #provokedSinceMs = Number.NEGATIVE_INFINITY
  #provoked = 0

  constructor(loaded: LoadedLibc, system?: NeighbourSystem) {
    this.#loaded = loaded
    this.#ownsProvoker = system === undefined ? new UdpProvoker() : null
    this.#system = system ?? {
      interfaces: networkInterfaces,
      arpFile: () => readFileSync('/proc/net/arp', 'latin1'),
      provoke: (address) => this.#ownsProvoker?.provoke(address),
    }
    this.#arp = loaded.kind === 'ok' ? ArpSocket.open(loaded.libc) : null
    this.#socket = loaded.kind === 'ok' ? NeighbourSocket.open(loaded.libc) : null
  }

  at(interfaceName: string, address: Ipv4, nowMs: number): HardwareAnswer {
    const look = this.#lookAt(nowMs)
    const index = look.indexes.get(interfaceName)
    if (index === null) return { kind: 'none' }
    if (look.own.has(address)) return { kind: 'own' }
    const neighbour = index === undefined ? ABSENT : this.#find(interfaceName, index, address)
    switch (neighbour.kind) {
      case 'found':
        return neighbour
      case 'no-arp':
        return { kind: 'none' }
      case 'incomplete':
        return { kind: 'resolving' }
      case 'absent':
      case 'refused':
        this.#provoke(address, nowMs)
        return { kind: 'resolving' }
      /* c8 ignore next 2 -- the compiler proves that there is no other value */
      default:
        return neighbour satisfies never
    }
  }

  /** Closes its sockets. */
  close(): void {
    this.#arp?.close()
    this.#arp = null
    this.#socket?.close()
    this.#socket = null
    this.#ownsProvoker?.close()
  }

  #find(interfaceName: string, index: number, address: Ipv4): Neighbour {
    const mac = this.#arp?.macOf(interfaceName, address)
    if (mac !== undefined) return { kind: 'found', mac }
    const answer = this.#socket?.ask(index, address)
    if (answer !== undefined && answer.kind !== 'refused') return answer
    return findInArpFile(this.#system.arpFile(), interfaceName, address)
  }

  #lookAt(nowMs: number): Look {
    const before = this.#look
    if (before !== null && nowMs - before.atMs < LOOK_MS) return before
    const found = Object.entries(this.#system.interfaces())
    const own = found.flatMap(([, addresses = []]) =>
      addresses.flatMap(({ address }) => parseIpv4(address) ?? []),
    )
    const indexes = found.map(([name, addresses = []]) => {
      const [first] = addresses
      const hasHardware = first !== undefined && first.mac !== NO_MAC
      return [name, hasHardware ? this.#indexOf(name) : null] as const
    })
    this.#look = { atMs: nowMs, own: new Set(own), indexes: new Map(indexes) }
    return this.#look
  }

  /** 0 where it has gone meanwhile, which no entry of the table has. */
  #indexOf(interfaceName: string): number {
    if (this.#loaded.kind === 'missing') return 0
    try {
      return this.#loaded.libc.interfaceIndex(interfaceName)
    } catch {
      return 0
    }
  }

  #provoke(address: Ipv4, nowMs: number): void {
    if (nowMs - this.#provokedSinceMs >= PROVOKE_MS) {
      this.#provokedSinceMs = nowMs
      this.#provoked = 0
    }
    if (this.#provoked >= PROVOKED_AT_ONCE) return
    this.#provoked++
    this.#system.provoke(address)
  }
}

const ABSENT: Neighbour = { kind: 'absent' }

/** What the system shows for loopback and tunnels. */
const NO_MAC = '00:00:00:00:00:00'

/** Discard (RFC 863): nothing is asked of a listener there. */
const DISCARD_PORT = 9

/** Makes the kernel resolve addresses by sending an empty datagram, which needs no rights. */
class UdpProvoker {
  #socket: Socket | null = null

  provoke(address: Ipv4): void {
    this.#opened().send(EMPTY, DISCARD_PORT, formatIpv4(address), () => {
      // What cannot be sent resolves nothing: the client asks again, and so do we.
    })
  }

  close(): void {
    this.#socket?.close()
    this.#socket = null
  }

  #opened(): Socket {
    if (this.#socket !== null) return this.#socket
    const socket = createSocket('udp4')
    // A port without a listener is expected.
    socket.on('error', () => {})
    socket.unref()
    this.#socket = socket
    return socket
  }
}

const EMPTY = new Uint8Array(0)
