import type { Diagnosis } from '../../../conversion/conversion.ts'
import type { Hearing, HearingFacts } from './hearing.ts'

/** Why answers cannot reach the phone, in the words of who saw it. */
export type Blocked = { readonly by: 'filter' | 'other-address'; readonly reason: string }

/** What answers that do not reach a phone are called; null where they do. */
export function hearingFault(hearing: Hearing, blocked: Blocked | null): Diagnosis | null {
  if (blocked !== null) return blockedFault(hearing, blocked)
  switch (hearing.kind) {
    case 'fine':
      return null
    case 'nothing-heard':
      return { code: 'replies-unheard', seen: seenOf(hearing.facts), ...UNHEARD }
    case 'part-heard':
      return {
        code: 'data-not-arriving',
        seen: `${seenOf(hearing.facts)} ${hearing.facts.heard} other answers reached it.`,
        ...LOST,
      }
    /* c8 ignore next 2 -- the compiler proves that there is no other value */
    default:
      return hearing satisfies never
  }
}

function seenOf({ names, tries, unheard }: HearingFacts): string {
  const list = names.slice(0, MOST_NAMES).join(', ')
  const waited = unheard === 0 ? '' : ` The server got no acknowledgement ${unheard} times.`
  return `The phone repeated its request for ${list} ${tries} times and went on as if it had got no answer.${waited}`
}

const MOST_NAMES = 3

function blockedFault(hearing: Hearing, { by, reason }: Blocked): Diagnosis {
  const seen = hearing.kind === 'fine' ? 'The phone asked for files.' : seenOf(hearing.facts)
  if (by === 'other-address') {
    return { code: 'replies-unheard', seen: `${seen} ${reason}.`, ...OTHER_ADDRESS }
  }
  return {
    code: 'replies-unheard',
    seen: `${seen} What the server sent was kept back on the server itself: ${reason}.`,
    cause:
      'A firewall on the server lets requests in and no answer out: TFTP answers from another port ' +
      'than 69. On the display: "TFTP Timeout".',
    remedy:
      'Let the server send UDP from all its ports to the phones (nftables or iptables: accept ' +
      'established and related, with the helper nf_conntrack_tftp; FireHOL: server tftp).',
    source: SOURCE,
  }
}

const SOURCE = 'RFC 1350 section 4; field traces of 7940 and 7960 phones, July 2021'

const OTHER_ADDRESS = {
  cause:
    'The server has several addresses and answers from another one than was asked: the phone, or an ' +
    'address translation on the way, takes such an answer for that of another host. On the display: "TFTP Timeout".',
  remedy:
    'Bind the TFTP server to the address that phones ask (tftpd-hpa --address, dnsmasq listen-address with ' +
    'bind-interfaces, atftpd --bind-address), or name the other one in options 66 and 150.',
  source: SOURCE,
} as const

const UNHEARD = {
  cause:
    'Replies do not reach the phone: requests arrive, answers get lost on the way back. A firewall, an ' +
    'address translation without a TFTP helper, a VPN or route in one direction, a container network, or a ' +
    'server that answers from another address. On the display: "TFTP Timeout".',
  remedy:
    'Capture at the port of the phone: do the answers arrive, and from the address that was asked? Open the ' +
    'UDP ports from which the TFTP server sends; in a container use the network of the host; on a server ' +
    'with several addresses bind it to the one that phones ask.',
  source: SOURCE,
} as const

const LOST = {
  cause:
    'Data does not arrive: small answers pass while blocks of 512 bytes get lost. A tunnel or VPN with a ' +
    'small MTU, a firewall that drops fragments, a bad cable, or a duplex mismatch.',
  remedy:
    'Test the way with packets of the size of a block: ping -s 520 to the phone. Fix the MTU of the tunnel or the ' +
    'link, or give the phone its firmware on a network next to the server. It goes on by itself.',
  source: 'field traces of 7940 and 7960 phones, July 2021; RFC 1350 section 2',
} as const
