import { addressIn, macIn } from './addresses.ts'
import type { LineEvent } from './server-event.ts'

/**
 * ISC dhcpd, and the lease lines of Kea.
 *
 *     DHCPDISCOVER from 00:0e:84:c0:60:a6 (SEP000E84C060A6) via eth0
 *     DHCPACK on 10.20.0.61 to 00:0e:84:c0:60:a6 (SEP000E84C060A6) via eth0
 *     DHCP4_LEASE_ALLOC [hwtype=1 00:0e:84:c0:60:a6], cid=[no info], tid=0x1: lease 10.20.0.61 has been allocated for 300 seconds
 */
export function readIscLine(message: string): readonly LineEvent[] | null {
  for (const { pattern, isBoot } of LINES) {
    const { mac: hardware = '', address = '', name } = pattern.exec(message)?.groups ?? {}
    const mac = macIn(hardware)
    if (mac === undefined) continue
    if (isBoot) return [{ kind: 'boot', mac, vendorClass: null }]
    const granted = addressIn(address)
    return granted === undefined
      ? null
      : [{ kind: 'address', mac, address: granted, hostName: name ?? null }]
  }
  return null
}

const LINES = [
  { pattern: /^DHCPDISCOVER from (?<mac>[0-9A-Fa-f:]{11,17})(?= |$)/, isBoot: true },
  {
    pattern:
      /^DHCPACK (?:on|to) (?<address>[\d.]{7,15}) (?:to )?\(?(?<mac>[0-9A-Fa-f:]{11,17})\b(?: \((?<name>[^)\s]{1,64})\))?/,
    isBoot: false,
  },
  {
    pattern:
      /DHCP4_LEASE_(?:ALLOC|REUSE) \[hwtype=1 (?<mac>[0-9A-Fa-f:]{17})\].{0,200}?: lease (?<address>[\d.]{7,15}) has been/,
    isBoot: false,
  },
] as const
