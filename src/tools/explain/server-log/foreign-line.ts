/** Programs whose lines ought to be understood. */
const SERVERS = /tftp|dhcp|dnsmasq|kea|pumpkin/i

/** What only lines about phones and their files have. */
const OF_PHONES =
  /\b(?:CTL|ITL)?S[EI]P[0-9A-F]{12}\b|\bMGC[0-9A-F]{12}\b|\bP0[0SM]3[\w-]{4,}|\bOS79XX\b|\b(?:XML|SIP|SEP)Default\b|\.(?:loads|sb[n2])\b|\bRRQ\b|tftp|DHCP(?:DISCOVER|OFFER|REQUEST|ACK|NAK)/i

/**
 * Whether a line that no reader knew ought to have been understood. Others are of programs that have
 * nothing to do with phones: a log of a whole system has many.
 */
export function concernsPhones(program: string | null, message: string): boolean {
  return (program !== null && SERVERS.test(program)) || OF_PHONES.test(message)
}
