import type { RestartFacts } from '../../src/call-control/restart/restart-facts.ts'
import { type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../src/net/mac.ts'

/** The phone of the restart tests. */
export const PHONE = parseMac('000E84C060A6') as Mac

/** A phone of which nothing is known and for which nothing is configured. */
export const NOTHING_KNOWN: RestartFacts = {
  mac: PHONE,
  address: null,
  callControl: { sip: false, sccp: false },
  registration: null,
  hasSession: false,
  runs: null,
  line: null,
  telnet: null,
  switchPort: null,
  hasCommand: false,
  isLooping: false,
}

/** A phone with SIP for which every method but `sccp` can be used. */
export const SIP_PHONE: RestartFacts = {
  ...NOTHING_KNOWN,
  address: parseIpv4('10.20.0.50') as Ipv4,
  callControl: { sip: true, sccp: true },
  registration: 'sip',
  runs: { protocol: 'sip', major: 8 },
  line: '1001',
  telnet: { level: 1, password: 'cisco' },
  switchPort: { port: 'sw1/7', fault: null },
  hasCommand: true,
}

/** A phone that is registered with our SCCP call manager, and nothing else. */
export const SCCP_PHONE: RestartFacts = {
  ...NOTHING_KNOWN,
  address: parseIpv4('10.20.0.51') as Ipv4,
  callControl: { sip: true, sccp: true },
  registration: 'sccp',
  hasSession: true,
  runs: { protocol: 'sccp', major: 8 },
}
