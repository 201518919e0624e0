import { ipv4FromBytes } from '../../net/ipv4.ts'
import { uint8At, uint16At, uint32At } from '../octets.ts'
import { WireError } from '../wire-error.ts'
import { COOKIE, END, Offset, OPTION_OVERLOAD, Overload, PAD } from './layout.ts'
import type { DhcpMessage } from './message.ts'

/** RFC 2131 section 2: `chaddr` has room for 16 bytes. */
const MAX_HARDWARE_OCTETS = 16

/** Options as found: the first part of each code, and all parts of the codes that came again. */
type Scan = {
  readonly values: Map<number, Uint8Array>
  /** None in all but a few messages. */
  repeats: Map<number, Uint8Array[]> | undefined
}

const NOTHING = new Uint8Array(0)

/**
 * Decodes one UDP payload as a DHCP message.
 *
 * `op` is decoded, not judged; whether the options are sensible is for the server to say. Byte
 * fields are views on `bytes`. `file` and `sname` are empty where option 52 turned them into
 * option space. A missing End is forgiven, because some clients stop where their buffer stops.
 *
 * @param bytes - One whole datagram, up to 65507 bytes; time and memory grow with its length.
 * @throws {@link WireError} `TRUNCATED` below 240 bytes or for an option without its length,
 *   `BAD_MAGIC` without the cookie, `BAD_LENGTH` for `hlen` above 16 or an option that passes the
 *   end of its field.
 * @see RFC 2131 sections 2, 3 and 4.1
 */
export function decodeMessage(bytes: Uint8Array): DhcpMessage {
  checkHeader(bytes)
  const scan: Scan = { values: new Map(), repeats: undefined }
  scanField(bytes, Offset.options, bytes.length, scan)
  const overload = overloadOf(scan.values.get(OPTION_OVERLOAD))
  const isFileOptions = (overload & Overload.file) !== 0
  const isSnameOptions = (overload & Overload.sname) !== 0
  // RFC 2131 section 4.1: first `options`, then `file`, then `sname`.
  if (isFileOptions) scanField(bytes, Offset.file, Offset.cookie, scan)
  if (isSnameOptions) scanField(bytes, Offset.sname, Offset.file, scan)
  return {
    op: uint8At(bytes, Offset.op),
    htype: uint8At(bytes, Offset.htype),
    hlen: uint8At(bytes, Offset.hlen),
    hops: uint8At(bytes, Offset.hops),
    xid: uint32At(bytes, Offset.xid),
    secs: uint16At(bytes, Offset.secs),
    flags: uint16At(bytes, Offset.flags),
    ciaddr: ipv4FromBytes(bytes, Offset.ciaddr),
    yiaddr: ipv4FromBytes(bytes, Offset.yiaddr),
    siaddr: ipv4FromBytes(bytes, Offset.siaddr),
    giaddr: ipv4FromBytes(bytes, Offset.giaddr),
    chaddr: bytes.subarray(Offset.chaddr, Offset.sname),
    sname: isSnameOptions ? NOTHING : bytes.subarray(Offset.sname, Offset.file),
    file: isFileOptions ? NOTHING : bytes.subarray(Offset.file, Offset.cookie),
    options: joinRepeats(scan),
  }
}

function checkHeader(bytes: Uint8Array): void {
  const { length } = bytes
  if (length < Offset.options) {
    throw new WireError('TRUNCATED', length, `${length} octets, a DHCP message has 240 or more`)
  }
  if (uint32At(bytes, Offset.cookie) !== COOKIE) {
    throw new WireError('BAD_MAGIC', Offset.cookie, 'no cookie 99.130.83.99 before the options')
  }
  const hlen = uint8At(bytes, Offset.hlen)
  if (hlen > MAX_HARDWARE_OCTETS) {
    throw new WireError('BAD_LENGTH', Offset.hlen, `hlen ${hlen} is above ${MAX_HARDWARE_OCTETS}`)
  }
}

/** Reads options from `from` up to End or `to` (RFC 2132 section 2). */
function scanField(bytes: Uint8Array, from: number, to: number, scan: Scan): void {
  let at = from
  while (at < to) {
    const code = uint8At(bytes, at)
    if (code === END) return
    if (code === PAD) {
      at += 1
      continue
    }
    if (at + 1 === to) throw new WireError('TRUNCATED', at, `option ${code} has no length octet`)
    const end = at + 2 + uint8At(bytes, at + 1)
    if (end > to) {
      const missing = end - to
      throw new WireError('BAD_LENGTH', at, `option ${code} passes its field by ${missing} octets`)
    }
    keep(scan, code, bytes.subarray(at + 2, end))
    at = end
  }
}

function keep(scan: Scan, code: number, part: Uint8Array): void {
  const first = scan.values.get(code)
  if (first === undefined) {
    scan.values.set(code, part)
    return
  }
  scan.repeats ??= new Map()
  const parts = scan.repeats.get(code)
  if (parts === undefined) scan.repeats.set(code, [first, part])
  else parts.push(part)
}

/** RFC 3396 sections 5 and 7: every code that came in parts is one value, whatever the code. */
function joinRepeats(scan: Scan): ReadonlyMap<number, Uint8Array> {
  // Joined once at the end: a datagram of ten thousand parts must not be copied for each of them.
  for (const [code, parts] of scan.repeats ?? []) scan.values.set(code, joined(parts))
  return scan.values
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** The overload bits; values outside RFC 2132 section 9.3 mean that nothing is overloaded. */
function overloadOf(value: Uint8Array | undefined): number {
  if (value?.length !== 1) return 0
  const bits = uint8At(value, 0)
  return bits <= 3 ? bits : 0
}
