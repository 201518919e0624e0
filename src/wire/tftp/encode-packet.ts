import { DATA_HEADER_BYTES, OPCODE, type TftpOptions, type TftpPacket } from './packet.ts'

/**
 * Encodes a packet as one UDP payload, freshly allocated. The caller keeps texts free of NUL and
 * numbers within 16 bits; the layout is drawn in `decode-packet.ts`.
 *
 * @see RFC 1350 section 5, RFC 2347
 */
export function encodePacket(packet: TftpPacket): Uint8Array {
  switch (packet.kind) {
    case 'read':
    case 'write':
      return textPacket(OPCODE[packet.kind], [
        packet.name,
        packet.mode,
        ...fieldsOf(packet.options),
      ])
    case 'data': {
      const bytes = new Uint8Array(DATA_HEADER_BYTES + packet.payload.length)
      writeDataHeader(packet.block, bytes, 0)
      bytes.set(packet.payload, DATA_HEADER_BYTES)
      return bytes
    }
    case 'ack':
      return Uint8Array.of(0, OPCODE.ack, packet.block >>> 8, packet.block)
    case 'error': {
      const text = textPacket(packet.code, [packet.message])
      const bytes = new Uint8Array(2 + text.length)
      bytes[1] = OPCODE.error
      bytes.set(text, 2)
      return bytes
    }
    case 'options-ack':
      return textPacket(OPCODE[packet.kind], fieldsOf(packet.options))
    /* c8 ignore next 2 -- the compiler proves that nothing comes here */
    default:
      return packet satisfies never
  }
}

/**
 * Writes the four bytes before the payload of a DATA packet; of `block` the low 16 bits count, so
 * a running index may be passed (the number after 65535 is 0).
 *
 * @see RFC 1350 section 5
 */
export function writeDataHeader(block: number, bytes: Uint8Array, offset: number): void {
  bytes[offset] = 0
  bytes[offset + 1] = OPCODE.data
  bytes[offset + 2] = block >>> 8
  bytes[offset + 3] = block
}

function fieldsOf(options: TftpOptions): string[] {
  return [...options].flat()
}

const utf8 = new TextEncoder()

/** A 16-bit number, then texts, each ended by NUL. */
function textPacket(first: number, texts: readonly string[]): Uint8Array {
  const body = utf8.encode(texts.map((text) => `${text}\0`).join(''))
  const bytes = new Uint8Array(2 + body.length)
  bytes[0] = first >>> 8
  bytes[1] = first
  bytes.set(body, 2)
  return bytes
}
