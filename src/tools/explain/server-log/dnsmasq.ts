import type { ServerNaming } from '../observation/dhcp-trace.ts'
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
 *     error 0 TFTP Aborted received from 10.20.0.61
 *     failed sending /srv/tftp/P0S3-8-12-00.sb2 to 10.20.0.61
 *     cannot access /srv/tftp/SIPDefault.cnf: Permission denied
 *
 * Before 2.5 it wrote "TFTP sent …" and "TFTP file … not found", before 2.86 or so no address after
 * "not found". It says "sent" of a file of one block that was never acknowledged, too (measured: 2.90).
 */
export function readDnsmasqLine(message: string): readonly LineEvent[] | null {
  const bare = message.replace(/^\d{1,10} /, '')
  const results = readDhcp(bare) ?? readTftp(bare.replace(/^TFTP (?=sent|file|failed)/, ''))
  if (results !== null) return results
  const options = bare === message ? null : readOptions(bare)
  return options ?? (SAYS_NOTHING.test(bare) ? [] : null)
}

const SAYS_NOTHING =
  /^(?:DHCP, |TFTP root is|started, version|compile time options|DHCPREQUEST\(|DHCPRELEASE\(|DHCPINFORM\(|(?:available DHCP|requested options|tags: |broadcast response|client provides name)|reading \/|read \/|using (?:nameserver|only locally)|exiting on receipt|cached |query\[|forwarded |reply |config |\S.{0,511} is not a regular file)/

/**
 * With `log-dhcp`, after the number of the exchange:
 *
 *     vendor class: Cisco Systems, Inc. IP Phone CP-7960G
 *     next server: 10.20.0.2
 *     server name: tftp.example
 *     bootfile name: OS79XX.TXT
 *     sent size:  1 option: 53 message-type  2
 *     sent size: 13 option: 66 tftp-server  tftp.example
 *     sent size:  4 option:150 tftp-server-address  10.20.0.2
 */
function readOptions(message: string): readonly LineEvent[] | null {
  const vendorClass = /^vendor class: (.{1,255})$/.exec(message)?.[1]
  if (vendorClass !== undefined) return [{ kind: 'class', vendorClass: vendorClass.trimEnd() }]
  const next = /^next server: ([\d.]{7,15})\s*$/.exec(message)?.[1]
  if (next !== undefined) return [{ kind: 'reply', mac: null, naming: { nextServer: next } }]
  const field = /^(server|bootfile) name: (\S.{0,200}?)\s*$/.exec(message)
  if (field !== null) {
    const key = field[1] === 'server' ? 'serverName' : 'bootFile'
    return [{ kind: 'reply', mac: null, naming: { [key]: field[2] as string } }]
  }
  const sent =
    /^sent size: {0,3}(\d{1,3}) option: {0,3}(\d{1,3}) [\w-]{1,40} {1,2}(.{0,2000}?)\s*$/.exec(
      message,
    )
  if (sent === null) return null
  const naming = namingOf(Number(sent[2]), Number(sent[1]), sent[3] as string)
  return naming === null ? [] : [{ kind: 'reply', mac: null, naming }]
}

function namingOf(option: number, size: number, value: string): ServerNaming | null {
  switch (option) {
    // Its log names all options that were sent.
    case 53:
      return { isWhole: true }
    case 6:
      return { namesDns: true }
    case 54:
      return { server: value }
    case 66:
      return { option66: value }
    case 150:
      return { option150: size === 0 || size % 4 !== 0 ? size : value.split(/[, ]+/) }
    default:
      return null
  }
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
      // After the address stands why there is none.
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
  const peer = /^error \d{1,5} .{0,200} received from (\S{1,64})\s*$/.exec(message)?.[1]
  if (peer !== undefined) {
    const client = addressIn(peer)
    return client === undefined ? null : [{ kind: 'peer-error', client }]
  }
  const refused = /^cannot access (\S.{0,511}): Permission denied\s*$/.exec(message)?.[1]
  if (refused !== undefined) {
    const name = nameInPath(refused)
    const ended = { kind: 'ended', client: null, name, outcome: 'failed', bytes: null } as const
    return [{ kind: 'request', client: null, name }, ended]
  }
  const match =
    /^(?:(sent|failed sending) (\S.*) to (\S{1,64})|file (\S.*) not found(?: for (\S{1,64}))?)\s*$/.exec(
      message,
    )
  if (match === null) return null
  const [, ending, path, to, absent, by] = match
  const name = nameInPath((path ?? absent) as string)
  const said = to ?? by
  const client = said === undefined ? null : addressIn(said)
  if (client === undefined) return null
  const request = { kind: 'request', client, name } as const
  if (absent !== undefined) return [request, { kind: 'absent', client, name }]
  // Unless the client said that it gives up, it fell silent.
  const outcome = ending === 'sent' ? 'completed' : 'unheard'
  return [request, { kind: 'ended', client, name, outcome, bytes: null }]
}
