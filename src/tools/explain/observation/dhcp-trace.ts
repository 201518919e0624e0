import type { ObservedEvent } from './observed-event.ts'

/** What DHCP messages said of servers; what was not said, or not seen, is left out. */
export type ServerNaming = {
  /** Option 54 of an OFFER or ACK, dotted quad. */
  readonly server?: string
  /** Option 54 of a REQUEST: whose offer the phone takes. */
  readonly chosen?: string
  /** Whether all options of an answer are known, so that what is missing was not sent. */
  readonly isWhole?: boolean
  /** Option 150, dotted quads; a number where its bytes are no whole number of addresses. */
  readonly option150?: readonly string[] | number
  /** Option 66 as it was sent. */
  readonly option66?: string
  /** The field siaddr, dotted quad. */
  readonly nextServer?: string
  /** The field sname, where it holds a name. */
  readonly serverName?: string
  /** The field file, where it holds a name. */
  readonly bootFile?: string
  /** Whether a DNS server (option 6) was named. */
  readonly namesDns?: boolean
}

/** What DHCP told one phone in one boot, and whom the phone then asked for files. Plain data. */
export type DhcpTrace = {
  /** Servers that offered an address, each once; the first few. */
  readonly offeredBy: readonly string[]
  /** Whether the last answer was an ACK. */
  readonly isGranted: boolean
  /** What the last answer said. */
  readonly named: ServerNaming
  /** Whose offer the phone took, and when. */
  readonly chosen: { readonly server: string; readonly atMs: number } | null
  /** The server that was asked for the last file; only a capture shows it. */
  readonly filesFrom: { readonly server: string; readonly answers: boolean } | null
}

/** Before the first message. */
export const NO_DHCP_YET: DhcpTrace = {
  offeredBy: [],
  isGranted: false,
  named: {},
  chosen: null,
  filesFrom: null,
}

/** More than any network has by mistake. */
const MOST_SERVERS = 8

/** The trace after one more event. */
export function traceDhcp(trace: DhcpTrace, observed: ObservedEvent): DhcpTrace {
  switch (observed.kind) {
    case 'boot':
      return { ...trace, isGranted: false, chosen: null }
    case 'dhcp': {
      const { kind } = observed.address
      if (kind !== 'offered' && kind !== 'granted') return trace
      return { ...trace, isGranted: kind === 'granted', named: {} }
    }
    case 'reply':
      return readNaming(trace, observed.naming, observed.atMs)
    case 'request':
      return observed.server === undefined ? trace : { ...trace, filesFrom: observed.server }
    default:
      return trace
  }
}

function readNaming(trace: DhcpTrace, naming: ServerNaming, atMs: number): DhcpTrace {
  const { server, chosen } = naming
  if (chosen !== undefined) return { ...trace, chosen: { server: chosen, atMs } }
  const isNew = server !== undefined && !trace.isGranted && !trace.offeredBy.includes(server)
  return {
    ...trace,
    named: { ...trace.named, ...naming },
    offeredBy: isNew ? [...trace.offeredBy, server].slice(0, MOST_SERVERS) : trace.offeredBy,
  }
}
