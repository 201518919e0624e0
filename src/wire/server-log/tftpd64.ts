import { addressIn, macIn } from './addresses.ts'
import type { LineEvent } from './server-event.ts'

/**
 * Tftpd32 and Tftpd64. A client is named once, and the lines after that are about it.
 *
 *     Connection received from 10.20.0.61 on port 49785
 *     Read request for file <OS79XX.TXT>. Mode octet
 *     <OS79XX.TXT>: sent 1 blk, 14 bytes in 0 s. 0 blk resent
 *     File <CTLSEP000E84C060A6.tlv> : error 2 in system call CreateFile The system cannot find the file specified.
 *     Rcvd DHCP Discover Msg for IP 0.0.0.0, Mac 00:0E:84:C0:60:A6
 *     Rcvd DHCP Rqst Msg for IP 10.20.0.61, Mac 00:0E:84:C0:60:A6
 */
export function readTftpd64Line(message: string): readonly LineEvent[] | null {
  for (const { pattern, read } of LINES) {
    const match = pattern.exec(message)
    if (match !== null) return read(match[1] as string, match[2] ?? '')
  }
  return null
}

type Line = {
  readonly pattern: RegExp
  readonly read: (first: string, second: string) => readonly LineEvent[] | null
}

const LINES: readonly Line[] = [
  {
    pattern: /^Connection received from (\S{1,64}) on port \d/,
    read: (from) => {
      const client = addressIn(from)
      return client === undefined ? null : [{ kind: 'client', client }]
    },
  },
  {
    pattern: /^Read request for file <([^>]{1,512})>/,
    read: (name) => [{ kind: 'request', client: null, name }],
  },
  {
    pattern: /^<([^>]{1,512})>: sent \d+ blks?, (\d{1,12}) bytes/,
    read: (name, bytes) => [
      { kind: 'ended', client: null, name, outcome: 'completed', bytes: Number(bytes) },
    ],
  },
  {
    pattern: /^File <([^>]{1,512})> ?: error 2 in system call/,
    read: (path) => [{ kind: 'absent', client: null, name: path.replace(/^.*[/\\]/, '') }],
  },
  {
    pattern: /^(TIMEOUT waiting for|Peer returns ERROR)/,
    read: () => [{ kind: 'ended', client: null, name: null, outcome: 'failed', bytes: null }],
  },
  {
    pattern: /^Rcvd DHCP (Discover) Msg for IP [\d.]+, Mac ([0-9A-Fa-f:]{17})/,
    read: (_type, hardware) => {
      const mac = macIn(hardware)
      return mac === undefined ? null : [{ kind: 'boot', mac, vendorClass: null }]
    },
  },
  {
    pattern: /^Rcvd DHCP Rqst Msg for IP ([\d.]+), Mac ([0-9A-Fa-f:]{17})/,
    read: (text, hardware) => {
      const [mac, address] = [macIn(hardware), addressIn(text)]
      if (mac === undefined || address === undefined || address === 0) return null
      return [{ kind: 'address', mac, address, hostName: null }]
    },
  },
]
