import { bytes } from './vector.ts'

/** What differs from an empty DISCOVER of a 7960; all in hex, blanks allowed. */
type Parts = {
  readonly hlen?: string
  /** The first octets of the field; the rest is zero. */
  readonly sname?: string
  readonly file?: string
  readonly cookie?: string
  /** Everything behind the cookie, as it is: no End is added. */
  readonly options?: string
}

/** A datagram put together octet by octet, malformed if wanted, without our encoder. */
export function dhcpBytes(parts: Parts = {}): Uint8Array {
  const field = (hex: string | undefined, octets: number) => {
    const content = Buffer.from(bytes(hex ?? ''))
    return Buffer.concat([content, Buffer.alloc(octets)], octets)
  }
  return Buffer.concat([
    bytes(`01 01 ${parts.hlen ?? '06'} 00 84c060a6 0000 8000`),
    Buffer.alloc(16),
    field('000e84c060a6', 16),
    field(parts.sname, 64),
    field(parts.file, 128),
    bytes(parts.cookie ?? '63825363'),
    bytes(parts.options ?? ''),
  ])
}
