import t from 'tap'
import { formatIpv4 } from '../../../src/net/ipv4.ts'
import { hexOf } from '../../../src/net/mac.ts'
import { decodeMessage } from '../../../src/wire/dhcp/decode-message.ts'
import { encodeMessage } from '../../../src/wire/dhcp/encode-message.ts'
import { OPTION_OVERLOAD } from '../../../src/wire/dhcp/layout.ts'
import type { DhcpMessage } from '../../../src/wire/dhcp/message.ts'
import { holdCodecToLaws } from '../../support/codec-laws.ts'

const hex = (bytes: Uint8Array) => hexOf(bytes).toLowerCase()
const hex16 = (value: number) => value.toString(16).padStart(4, '0')
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').replace(/\0+$/, '')

function describe(message: DhcpMessage): Record<string, string> {
  const values: Record<string, string> = {
    op: String(message.op),
    htype: String(message.htype),
    hlen: String(message.hlen),
    hops: String(message.hops),
    xid: message.xid.toString(16).padStart(8, '0'),
    secs: String(message.secs),
    flags: hex16(message.flags),
    ciaddr: formatIpv4(message.ciaddr),
    yiaddr: formatIpv4(message.yiaddr),
    siaddr: formatIpv4(message.siaddr),
    giaddr: formatIpv4(message.giaddr),
    chaddr: hex(message.chaddr),
    sname: text(message.sname),
    file: text(message.file),
  }
  for (const [code, value] of message.options) values[`option ${code}`] = hex(value)
  return values
}

function encode(message: DhcpMessage): Uint8Array {
  // Option 52 is the encoder's own: it writes it where the options overflow.
  const options = [...message.options].filter(([code]) => code !== OPTION_OVERLOAD)
  return encodeMessage(message, options).bytes
}

holdCodecToLaws(t, { vectors: 'dhcp', decode: decodeMessage, describe, encode })
