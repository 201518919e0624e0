import { addressIn, macIn } from './addresses.ts'
import type { LineEvent } from './server-event.ts'

/**
 * ISC dhcpd, and the lease lines of Kea.
 *
 *     DHCPDISCOVER from 00:0e:84:c0:60:a6 (SEP000E84C060A6) via eth0
 *     DHCPACK on 10.20.0.61 to 00:0e:84:c0:60:a6 (SEP000E84C060A6) via eth0
 *     DHCP4_INIT_REBOOT [hwtype=1 00:0e:84:c0:60:a6], cid=[no info], tid=0x1: client is in INIT-REBOOT state and …
 *     DHCP4_LEASE_ALLOC [hwtype=1 00:0e:84:c0:60:a6], cid=[no info], tid=0x1: lease 10.20.0.61 has been allocated for 300 seconds
 */
export function readIscLine(message: string): readonly LineEvent[] | null {
  const results = readOutcome(message) ?? readClasses(message) ?? readLease(message)
  return results ?? readChoice(message) ?? (SAYS_NOTHING.test(message) ? [] : null)
}

const SAYS_NOTHING =
  /^(?:BOOT(?:REQUEST|REPLY)\b|DHCP(?:REQUEST|RELEASE|INFORM|ACK)\b|reuse_lease|Wrote \d|Abandoning IP|Reclaiming|Listening on|Sending on|Internet Systems Consortium|uid lease )|\b(?:DHCP4|ALLOC_ENGINE|DHCPSRV|HOSTS|LEASE_MGR)_[A-Z0-9_]+ /

/** A REQUEST that takes an offer names whose (RFC 2131 section 4.3.2). */
function readChoice(message: string): readonly LineEvent[] | null {
  const match =
    /^DHCPREQUEST for [\d.]{7,15} \((?<chosen>[\d.]{7,15})\) from (?<hardware>[0-9A-Fa-f:]{11,17})(?= |$)/.exec(
      message,
    )
  if (match === null) return null
  const { chosen, hardware } = match.groups as { chosen: string; hardware: string }
  const mac = macIn(hardware)
  return mac === undefined ? null : [{ kind: 'reply', mac, naming: { chosen } }]
}

function readOutcome(message: string): readonly LineEvent[] | null {
  for (const { pattern, outcome, reason } of OUTCOMES) {
    const { mac: hardware = '' } = pattern.exec(message)?.groups ?? {}
    const mac = macIn(hardware)
    if (mac === undefined) continue
    const result = { kind: 'dhcp', mac, outcome, reason } as const
    const isDiscover = message.startsWith('DHCPDISCOVER')
    return isDiscover ? [{ kind: 'boot', mac, vendorClass: null }, result] : [result]
  }
  return null
}

/** Kea names the vendor class of a client that it has nothing for. */
function readClasses(message: string): readonly LineEvent[] | null {
  const match =
    /ALLOC_ENGINE_V4_ALLOC_FAIL_CLASSES \[hwtype=1 (?<hardware>[0-9A-Fa-f:]{17})\].{0,200}VENDOR_CLASS_(?<vendorClass>.{1,100}?)(?:, [A-Z_]+)*$/.exec(
      message,
    )
  if (match === null) return null
  const { hardware, vendorClass } = match.groups as { hardware: string; vendorClass: string }
  const mac = macIn(hardware)
  return mac === undefined ? null : [{ kind: 'boot', mac, vendorClass }]
}

/** What ISC dhcpd and Kea say where there is no lease, or none yet. */
const OUTCOMES = [
  {
    pattern: /^DHCPOFFER on [\d.]{7,15} to (?<mac>[0-9A-Fa-f:]{11,17})\b/,
    outcome: 'offered',
    reason: '',
  },
  {
    pattern: /^DHCPDISCOVER from (?<mac>[0-9A-Fa-f:]{11,17}) .{0,200}: .{0,100}no free leases/,
    outcome: 'refused',
    reason: 'no free leases',
  },
  {
    pattern: /^DHCPNAK on [\d.]{7,15} to (?<mac>[0-9A-Fa-f:]{11,17})\b/,
    outcome: 'refused',
    reason: 'DHCPNAK',
  },
  {
    pattern: /^DHCPDECLINE of [\d.]{7,15} from (?<mac>[0-9A-Fa-f:]{11,17})\b/,
    outcome: 'declined',
    reason: '',
  },
  {
    pattern: /DHCP4_LEASE_(?:ADVERT|OFFER) \[hwtype=1 (?<mac>[0-9A-Fa-f:]{17})\]/,
    outcome: 'offered',
    reason: '',
  },
  {
    pattern: /ALLOC_ENGINE_V4_ALLOC_FAIL \[hwtype=1 (?<mac>[0-9A-Fa-f:]{17})\]/,
    outcome: 'refused',
    reason: 'failed to allocate an IPv4 address',
  },
  {
    pattern: /DHCP4_DECLINE_LEASE .{0,200}\[hwtype=1 (?<mac>[0-9A-Fa-f:]{17})\]/,
    outcome: 'declined',
    reason: '',
  },
] as const

function readLease(message: string): readonly LineEvent[] | null {
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
  // RFC 2131 section 4.3.2: only a client that starts asks for its old address in this way.
  { pattern: /DHCP4_INIT_REBOOT \[hwtype=1 (?<mac>[0-9A-Fa-f:]{17})\]/, isBoot: true },
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
