import { addressIn, macIn, nameInPath } from './addresses.ts'
import type { LineEvent } from './server-event.ts'

/**
 * dnsmasq, DHCP and TFTP. A file has one line, when its transfer is over; its path is that on the
 * server.
 *
 *     DHCPDISCOVER(eth0) 00:0e:84:c0:60:a6
 *     DHCPDISCOVER(eth0) 10.99.0.9 00:0e:84:c0:60:a6 no address available
 *     DHCPNAK(eth0) 10.99.0.9 00:0e:84:c0:60:a6 wrong network
 *     DHCPACK(eth0) 10.20.0.61 00:0e:84:c0:60:a6 SEP000E84C060A6
 *     sent /srv/tftp/SIPDefault.cnf to 10.20.0.61
 *     file /srv/tftp/CTLSEP000E84C060A6.tlv not found for 10.20.0.61
 *     failed sending /srv/tftp/P0S3-8-12-00.sb2 to 10.20.0.61
 */
export function readDnsmasqLine(message: string): readonly LineEvent[] | null {
  const bare = message.replace(/^\d{1,10} /, '')
  return readDhcp(bare) ?? readTftp(bare)
}

function readDhcp(message: string): readonly LineEvent[] | null {
  const match =
    /^DHCP(DISCOVER|OFFER|ACK|NAK|DECLINE)\([^)]{1,64}\) ((?:\S+ )?)([0-9A-Fa-f:]{17})(?: (\S.{0,200}?))?\s*$/.exec(
      message,
    )
  if (match === null) return null
  const [, type, address = '', hardware = '', rest = null] = match
  const mac = macIn(hardware)
  if (mac === undefined) return null
  switch (type) {
    case 'DISCOVER': {
      const boot = { kind: 'boot', mac, vendorClass: null } as const
      // Behind the address stands why there is none.
      return rest === null
        ? [boot]
        : [boot, { kind: 'dhcp', mac, outcome: 'refused', reason: rest }]
    }
    case 'OFFER':
      return [{ kind: 'dhcp', mac, outcome: 'offered', reason: '' }]
    case 'DECLINE':
      return [{ kind: 'dhcp', mac, outcome: 'declined', reason: '' }]
    case 'NAK':
      return [{ kind: 'dhcp', mac, outcome: 'refused', reason: rest ?? 'DHCPNAK' }]
    default: {
      const granted = addressIn(address.trim())
      return granted === undefined
        ? null
        : [{ kind: 'address', mac, address: granted, hostName: rest }]
    }
  }
}

function readTftp(message: string): readonly LineEvent[] | null {
  const match =
    /^(?:(sent|failed sending) (\S.*) to|file (\S.*) not found for) (\S{1,64})\s*$/.exec(message)
  if (match === null) return null
  const [, ending, path, absent, peer = ''] = match
  const client = addressIn(peer)
  if (client === undefined) return null
  const name = nameInPath((path ?? absent) as string)
  const request = { kind: 'request', client, name } as const
  if (absent !== undefined) return [request, { kind: 'absent', client, name }]
  const outcome = ending === 'sent' ? 'completed' : 'failed'
  return [request, { kind: 'ended', client, name, outcome, bytes: null }]
}
