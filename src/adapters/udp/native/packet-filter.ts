import { endianness } from 'node:os'
import { ETHERTYPE_IPV4 } from '../../../wire/frame/udp-frame.ts'

/** Operations of the classic packet filter (Linux, `linux/filter.h`). */
const LOAD_HALF = 0x28
const LOAD_OCTET = 0x30
const LOAD_HALF_BEHIND_HEADER = 0x48
const LOAD_HEADER_LENGTH = 0xb1
const JUMP_IF_EQUAL = 0x15
const JUMP_IF_BITS = 0x45
const RETURN = 0x06

const PROTOCOL_UDP = 17
const FRAGMENT_OFFSET = 0x1fff
const ALL_OCTETS = 0xffff

const IS_LITTLE_ENDIAN = endianness() === 'LE'

/** Code, instructions to skip if so and if not, operand. */
type Instruction = readonly [code: number, ifSo: number, ifNot: number, operand: number]

/**
 * A program for the kernel's packet filter: of Ethernet frames, those that carry UDP over IPv4 to a
 * port. What else is on a busy link then costs this process nothing.
 */
export function udpTo(port: number): Uint8Array {
  return assemble([
    [LOAD_HALF, 0, 0, 12],
    [JUMP_IF_EQUAL, 0, 8, ETHERTYPE_IPV4],
    [LOAD_OCTET, 0, 0, 23],
    [JUMP_IF_EQUAL, 0, 6, PROTOCOL_UDP],
    [LOAD_HALF, 0, 0, 20],
    // A later fragment has no port.
    [JUMP_IF_BITS, 4, 0, FRAGMENT_OFFSET],
    [LOAD_HEADER_LENGTH, 0, 0, 14],
    [LOAD_HALF_BEHIND_HEADER, 0, 0, 16],
    [JUMP_IF_EQUAL, 0, 1, port],
    [RETURN, 0, 0, ALL_OCTETS],
    [RETURN, 0, 0, 0],
  ])
}

/** `struct sock_filter`, 8 bytes an instruction, in host order. */
function assemble(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * 8)
  const view = new DataView(bytes.buffer)
  for (const [index, [code, ifSo, ifNot, operand]] of instructions.entries()) {
    view.setUint16(index * 8, code, IS_LITTLE_ENDIAN)
    view.setUint8(index * 8 + 2, ifSo)
    view.setUint8(index * 8 + 3, ifNot)
    view.setUint32(index * 8 + 4, operand, IS_LITTLE_ENDIAN)
  }
  return bytes
}
