import { parseIpv4 } from '../../../net/ipv4.ts'
import type { DhcpTrace } from './dhcp-trace.ts'

/** Something that DHCP told a phone and that leads it astray, and what to do about it. */
export type DhcpNote = { readonly seen: string; readonly remedy: string }

/** All that is wrong with the servers of one boot, what weighs most first. */
export function dhcpNotes(trace: DhcpTrace): readonly DhcpNote[] {
  return [secondServer, otherOffer, silentServer, otherFileServer, namesNone, bad150, bad66]
    .map((note) => note(trace))
    .filter((note) => note !== null)
}

const EQUAL =
  'Send options 150 and 66 with the same address of the TFTP server, option 66 as dotted quad.'
const ONE_SERVER =
  'Unless they are a pair that belongs together, switch one of the DHCP servers off.'

/** RFC 2131 section 3.1: a client takes any of the offers that it gets. */
export function secondServer({ offeredBy, named }: DhcpTrace): DhcpNote | null {
  const servers = new Set([...offeredBy, ...(named.server === undefined ? [] : [named.server])])
  if (servers.size < 2) return null
  return {
    seen: `Several DHCP servers answered the phone (option 54): ${[...servers].join(', ')}.`,
    remedy: ONE_SERVER,
  }
}

/** The phone named a server in its REQUEST, and nothing that was seen granted it the address. */
function otherOffer({ chosen, isGranted, offeredBy }: DhcpTrace): DhcpNote | null {
  if (chosen === null || isGranted || offeredBy.includes(chosen.server)) return null
  return {
    seen: `The phone took the offer of the DHCP server ${chosen.server} (option 54 of its REQUEST).`,
    remedy: ONE_SERVER,
  }
}

function silentServer({ filesFrom }: DhcpTrace): DhcpNote | null {
  if (filesFrom === null || filesFrom.answers) return null
  return {
    seen: `The phone asked ${filesFrom.server} for files, which answered no device in this capture.`,
    remedy: `Start a TFTP server on ${filesFrom.server}, or name the one that runs. ${EQUAL}`,
  }
}

/** Where the lease named servers for files, and the phone asks another one. */
function otherFileServer({ filesFrom, isGranted, named }: DhcpTrace): DhcpNote | null {
  if (filesFrom === null || !isGranted) return null
  const { option150, option66 = '', nextServer, server } = named
  // A name may stand for any address.
  if (option66 !== '' && parseIpv4(option66) === undefined) return null
  const wanted = [...(typeof option150 === 'object' ? option150 : []), option66, nextServer, server]
  const known = [...new Set(wanted.filter((one) => one !== undefined && one !== ''))]
  if (known.length === 0 || known.includes(filesFrom.server)) return null
  return {
    seen: `The lease came from ${server ?? 'a server'} and names ${known.join(', ')}; the phone asked ${filesFrom.server} for files.`,
    remedy: 'At the phone set Alternate TFTP to No (Settings, **#, Network Configuration).',
  }
}

function namesNone({ named }: DhcpTrace): DhcpNote | null {
  const { isWhole, option150, option66 = '', nextServer, serverName, bootFile } = named
  if (isWhole !== true || option150 !== undefined || option66 !== '' || nextServer !== undefined) {
    return null
  }
  const fields = [
    ...(serverName === undefined ? [] : [`sname is "${serverName}"`]),
    ...(bootFile === undefined ? [] : [`file is "${bootFile}"`]),
  ]
  // What is known of these phones names options 150 and 66; that they pass over BOOTP's fields is inferred.
  const said =
    fields.length === 0
      ? ''
      : ` Of the fields of BOOTP ${fields.join(' and ')}: no phone is known to read them.`
  return {
    seen: `The answer names no TFTP server: no option 150, no option 66, and siaddr is 0.0.0.0.${said}`,
    remedy: EQUAL,
  }
}

function bad150({ named: { option150 } }: DhcpTrace): DhcpNote | null {
  if (typeof option150 !== 'number') return null
  return {
    seen: `Option 150 has ${option150} bytes; it holds addresses of 4 bytes each.`,
    remedy: EQUAL,
  }
}

function bad66({ named }: DhcpTrace): DhcpNote | null {
  const { option150, option66, isWhole, namesDns } = named
  if (option66 === undefined) return null
  const said = `Option 66 is "${option66}"`
  if (parseIpv4(option66) !== undefined) {
    if (typeof option150 !== 'object' || option150.includes(option66)) return null
    return { seen: `${said}, and option 150 names ${option150.join(', ')}.`, remedy: EQUAL }
  }
  const dns =
    isWhole === true && namesDns !== true
      ? 'no DNS server (option 6) is named, so that no phone can resolve it'
      : 'SIP 2.x and other old loads may not resolve a name'
  return { seen: `${said}, which is no address: ${dns} (W261, W365).`, remedy: EQUAL }
}
