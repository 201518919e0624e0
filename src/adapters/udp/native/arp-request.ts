import { endianness } from 'node:os'
import { type Ipv4, writeIpv4 } from '../../../net/ipv4.ts'
import { type Mac, macFromBytes } from '../../../net/mac.ts'
import { AddressFamily } from './socket-address.ts'

/**
 * What ioctl(2) with SIOCGARP takes and fills in (Linux, `struct arpreq` of `linux/if_arp.h`; arp(7)):
 *
 *     0               16                32      36            52          68
 *     | family | - | address | - | type | hardware | flags | netmask | interface |
 *       2        2   4         8   2      14         4       16        16
 *
 * Numbers are in the order of the machine, addresses in that of the network.
 */
const OCTETS = 68
const ADDRESS_AT = 4
const TYPE_AT = 16
const HARDWARE_AT = 18
const FLAGS_AT = 32
const INTERFACE_AT = 52
const INTERFACE_OCTETS = 16

/** The hardware address is complete: the entry is REACHABLE, STALE, DELAY, PROBE or PERMANENT. */
const ATF_COM = 0x02
/** Hardware addresses of six bytes. */
const ARPHRD_ETHER = 1

const IS_LITTLE_ENDIAN = endianness() === 'LE'

/** A question about one entry and its answer; one object for all, because one comes with each request. */
export class ArpRequest {
  /** To be handed to the system, which writes the answer into it. */
  readonly bytes = new Uint8Array(OCTETS)
  readonly #view = new DataView(this.bytes.buffer)
  #interfaceName = ''

  constructor() {
    this.#view.setUint16(0, AddressFamily.inet, IS_LITTLE_ENDIAN)
  }

  about(interfaceName: string, address: Ipv4): Uint8Array {
    if (interfaceName !== this.#interfaceName) this.#name(interfaceName)
    writeIpv4(address, this.bytes, ADDRESS_AT)
    // What the answer before has left there would be read as part of the question.
    this.#view.setUint16(TYPE_AT, 0, IS_LITTLE_ENDIAN)
    this.#view.setUint32(FLAGS_AT, 0, IS_LITTLE_ENDIAN)
    return this.bytes
  }

  /** The hardware address that was filled in; undefined where the entry has none of Ethernet. */
  read(): Mac | undefined {
    if ((this.#view.getUint32(FLAGS_AT, IS_LITTLE_ENDIAN) & ATF_COM) === 0) return undefined
    if (this.#view.getUint16(TYPE_AT, IS_LITTLE_ENDIAN) !== ARPHRD_ETHER) return undefined
    return macFromBytes(this.bytes, HARDWARE_AT)
  }

  #name(interfaceName: string): void {
    const field = this.bytes.subarray(INTERFACE_AT, INTERFACE_AT + INTERFACE_OCTETS).fill(0)
    // The last byte stays NUL: no name of the system has more than 15.
    new TextEncoder().encodeInto(interfaceName, field.subarray(0, INTERFACE_OCTETS - 1))
    this.#interfaceName = interfaceName
  }
}
