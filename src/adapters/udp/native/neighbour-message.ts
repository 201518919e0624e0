import { endianness } from 'node:os'
import { type Ipv4, writeIpv4 } from '../../../net/ipv4.ts'
import { type Mac, macFromBytes } from '../../../net/mac.ts'

/**
 * One question to the kernel's neighbour table over rtnetlink, and its answer (Linux,
 * `linux/netlink.h`, `linux/neighbour.h`; a question about one entry since Linux 5.0):
 *
 *     0        4     6      8         12       16  nlmsghdr
 *     | length | type | flags | number | port id |
 *     16           20      24      26     27     28  ndmsg
 *     | family, 0 | index | state | flags | type |
 *     28  attributes, each padded to 4: | length 2 | type 2 | value |
 *
 * Numbers are in the order of the machine, addresses in that of the network.
 */
const HEADER_OCTETS = 16
const ATTRIBUTES_AT = 28

const RTM_GETNEIGH = 30
const RTM_NEWNEIGH = 28
const NLMSG_ERROR = 2
const NLM_F_REQUEST = 1
const AF_INET = 2

/** Attributes: the address asked for, and what it resolves to. */
const NDA_DST = 1
const NDA_LLADDR = 2

/** Resolution is under way. */
const NUD_INCOMPLETE = 0x01
/** REACHABLE, STALE, DELAY, PROBE, PERMANENT: the entry has a hardware address. */
const NUD_WITH_ADDRESS = 0x02 | 0x04 | 0x08 | 0x10 | 0x80
/** The interface has no need of resolution. */
const NUD_NOARP = 0x40

const ENOENT = 2

const IS_LITTLE_ENDIAN = endianness() === 'LE'

/** What the table has of an address. */
export type Neighbour =
  | { readonly kind: 'found'; readonly mac: Mac }
  /** Resolution is under way. */
  | { readonly kind: 'incomplete' }
  /** No entry, or one that could not be resolved. */
  | { readonly kind: 'absent' }
  /** The interface does not resolve addresses. */
  | { readonly kind: 'no-arp' }
  /** The kernel does not answer such questions; `errno` says why. */
  | { readonly kind: 'refused'; readonly errno: number }

/** A question about one entry; one object for all of them, because one comes with each request. */
export class NeighbourQuestion {
  /** To be sent as it is. */
  readonly bytes = new Uint8Array(36)
  readonly #view = new DataView(this.bytes.buffer)

  constructor() {
    this.#view.setUint32(0, this.bytes.length, IS_LITTLE_ENDIAN)
    this.#view.setUint16(4, RTM_GETNEIGH, IS_LITTLE_ENDIAN)
    this.#view.setUint16(6, NLM_F_REQUEST, IS_LITTLE_ENDIAN)
    this.bytes[HEADER_OCTETS] = AF_INET
    this.#view.setUint16(ATTRIBUTES_AT, 8, IS_LITTLE_ENDIAN)
    this.#view.setUint16(ATTRIBUTES_AT + 2, NDA_DST, IS_LITTLE_ENDIAN)
  }

  /** @param number - Comes back with the answer. */
  about(interfaceIndex: number, address: Ipv4, number: number): Uint8Array {
    this.#view.setUint32(8, number, IS_LITTLE_ENDIAN)
    this.#view.setInt32(20, interfaceIndex, IS_LITTLE_ENDIAN)
    writeIpv4(address, this.bytes, ATTRIBUTES_AT + 4)
    return this.bytes
  }
}

/** Longer than an answer about one entry. */
const ANSWER_OCTETS = 1_024

const ABSENT: Neighbour = { kind: 'absent' }

/** Room for one datagram of the kernel: one object for all of them, as for questions. */
export class NeighbourAnswer {
  readonly bytes = new Uint8Array(ANSWER_OCTETS)
  readonly #view = new DataView(this.bytes.buffer)

  /**
   * Reads what was received; undefined for an answer to another question.
   *
   * @param length - Bytes of the datagram.
   */
  read(length: number, number: number): Neighbour | undefined {
    if (length < HEADER_OCTETS + 4) return undefined
    if (this.#view.getUint32(8, IS_LITTLE_ENDIAN) !== number) return undefined
    const type = this.#view.getUint16(4, IS_LITTLE_ENDIAN)
    if (type === NLMSG_ERROR) {
      const errno = -this.#view.getInt32(HEADER_OCTETS, IS_LITTLE_ENDIAN)
      return errno === ENOENT ? ABSENT : { kind: 'refused', errno }
    }
    if (type !== RTM_NEWNEIGH || length < ATTRIBUTES_AT) return undefined
    const state = this.#view.getUint16(24, IS_LITTLE_ENDIAN)
    if ((state & NUD_NOARP) !== 0) return { kind: 'no-arp' }
    if ((state & NUD_INCOMPLETE) !== 0) return { kind: 'incomplete' }
    const hardware = (state & NUD_WITH_ADDRESS) === 0 ? undefined : this.#hardwareIn(length)
    return hardware === undefined ? ABSENT : { kind: 'found', mac: hardware }
  }

  #hardwareIn(length: number): Mac | undefined {
    let at = ATTRIBUTES_AT
    while (at + 4 <= length) {
      const octets = this.#view.getUint16(at, IS_LITTLE_ENDIAN)
      if (octets < 4 || at + octets > length) return undefined
      const isHardware = this.#view.getUint16(at + 2, IS_LITTLE_ENDIAN) === NDA_LLADDR
      if (isHardware && octets === 10) return macFromBytes(this.bytes, at + 4)
      at += (octets + 3) & ~3
    }
    return undefined
  }
}
