import { addressIn, macIn, nameInPath } from './addresses.ts'
import type { LineEvent } from './server-event.ts'

/**
 * Tftpd32 and Tftpd64. A client is named once, and the lines after that are about it.
 *
 *     Connection received from 10.20.0.61 on port 49785
 *     Read request for file <OS79XX.TXT>. Mode octet
 *     <OS79XX.TXT>: sent 1 blk, 14 bytes in 0 s. 0 blk resent
 *     File <CTLSEP000E84C060A6.tlv> : error 2 in system call CreateFile The system cannot find the file specified.
 *     TIMEOUT waiting for Ack block #1
 *     Peer returns ERROR <TFTP Aborted> -> aborting transfer
 *     Rcvd DHCP Discover Msg for IP 0.0.0.0, Mac 00:0E:84:C0:60:A6
 *     DHCP: proposed address 10.20.0.61
 *     Rcvd DHCP Rqst Msg for IP 0.0.0.0, Mac 00:0E:84:C0:60:A6
 *     Previously allocated address 10.20.0.61 acked
 *
 * The address that is granted stands in a line of its own, after the one that names the device.
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
    pattern: /^Connection received from (\S{1,64}) on port (\d{1,5})/,
    read: (from, port) => {
      const client = addressIn(from)
      return client === undefined ? null : [{ kind: 'client', client, port: Number(port) }]
    },
  },
  {
    pattern: /^Read request for file <([^>]{1,512})>/,
    // Windows writes its own separators; phones ask with the other.
    read: (name) => [{ kind: 'request', client: null, name: name.replaceAll('\\', '/') }],
  },
  {
    pattern: /^<([^>]{1,512})>: sent \d+ blks?, (\d{1,12}) bytes/,
    read: (path, bytes) => {
      const name = path.replaceAll('\\', '/')
      return [{ kind: 'ended', client: null, name, outcome: 'completed', bytes: Number(bytes) }]
    },
  },
  {
    pattern: /^File <([^>]{1,512})> ?: error 2 in system call/,
    read: (path) => [{ kind: 'absent', client: null, name: nameInPath(path) }],
  },
  {
    pattern: /^(TIMEOUT waiting for)/,
    read: () => [{ kind: 'ended', client: null, name: null, outcome: 'unheard', bytes: null }],
  },
  {
    pattern: /^(Peer returns ERROR)/,
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
    pattern: /^(?:DHCP: )?proposed address ([\d.]{7,15})\s*$/,
    read: () => [{ kind: 'dhcp', mac: null, outcome: 'offered', reason: '' }],
  },
  {
    pattern: /^Previously allocated address ([\d.]{7,15}) acked\s*$/,
    read: (text) => {
      const address = addressIn(text)
      if (address === undefined || address === 0) return null
      return [{ kind: 'address', mac: null, address, hostName: null }]
    },
  },
  {
    pattern: /^Rcvd DHCP Rqst Msg for IP ([\d.]+), Mac ([0-9A-Fa-f:]{17})/,
    read: (text, hardware) => {
      const [mac, address] = [macIn(hardware), addressIn(text)]
      if (mac === undefined || address === undefined) return null
      if (address === 0) return [{ kind: 'device', mac }]
      return [{ kind: 'address', mac, address, hostName: null }]
    },
  },
  {
    pattern:
      /^(OACK: |<(?:tsize|blksize|timeout)=|Using local port \d|Client requested address|Previously allocated address acked|\d{1,6} Request \d not processed|<[^>]{1,512}>: rcvd |Write request for file|Message received on an unbound interface|Rcvd DHCP (?:inform|release|decline) Msg)/i,
    read: () => [],
  },
]
