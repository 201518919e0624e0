import { PeerLimit } from '../../net/peer-limit.ts'
import type { Allowance } from '../../net/token-bucket.ts'

/** What a kind of events is limited by: for each phone, and for all of them together. */
type Limits = { readonly each: Allowance; readonly all: Allowance }

/**
 * In the journal. `refused` is what a device can request without success and without end; `traffic` is the rest of
 * what it does; `outcome` is what became of conversions and roll-outs. At the slowest rate of all
 * together the journal's 200,000 rows last for three quarters of an hour, at that of one phone for nine
 * hours.
 */
const JOURNAL: Readonly<Record<Kind, Limits>> = {
  refused: { each: { burst: 120, perSecond: 1 }, all: { burst: 10_000, perSecond: 20 } },
  traffic: { each: { burst: 600, perSecond: 5 }, all: { burst: 60_000, perSecond: 40 } },
  outcome: { each: { burst: 300, perSecond: 1 }, all: { burst: 20_000, perSecond: 10 } },
}

/** In the log, of lines at `info` and `warn`. */
const LINES: Readonly<Record<Kind, Limits>> = {
  refused: { each: { burst: 10, perSecond: 0.2 }, all: { burst: 60, perSecond: 1 } },
  traffic: { each: { burst: 200, perSecond: 1 }, all: { burst: 20_000, perSecond: 10 } },
  outcome: { each: { burst: 100, perSecond: 0.2 }, all: { burst: 20_000, perSecond: 2 } },
}

type Kind = 'refused' | 'traffic' | 'outcome'

/** What a device can have without being served anything; the rest costs it an exchange at least. */
const REFUSED = new Set([
  'dhcp.address.declined',
  'dhcp.address.conflict',
  'dhcp.nak.sent',
  'dhcp.rogue.seen',
  'dhcp.rogue.gone',
  'tftp.request.absent',
  'tftp.request.refused',
  'tftp.packet.dropped',
])

/**
 * How much of what devices cause is written down: a flood in the name of one phone, or of
 * many, must neither turn over the journal, in which operators look for what happened before, nor
 * fill the disk with lines. What is left out is counted and told.
 */
export class EventLimits {
  readonly #journal = limitsOf(JOURNAL)
  readonly #lines = limitsOf(LINES)

  /** Null where the journal leaves an event out, else how many of its kind it has left out before. */
  forJournal(event: string, peer: string, nowMs: number): number | null {
    return this.#journal[kindOf(event)].take(peer, nowMs)
  }

  /** The same for a line of the log. */
  forLine(event: string, peer: string, nowMs: number): number | null {
    return this.#lines[kindOf(event)].take(peer, nowMs)
  }

  /** What was left out and has not been told of, by kind. */
  takeLeftOut(nowMs: number): readonly LeftOut[] {
    return (['refused', 'traffic', 'outcome'] as const).flatMap((of) => {
      const events = this.#journal[of].takeLeftOut(nowMs)
      const lines = this.#lines[of].takeLeftOut(nowMs)
      return events + lines === 0 ? [] : [{ of, events, lines }]
    })
  }
}

/** So many events of a kind are not in the journal, and so many lines not in the log. */
export type LeftOut = { readonly of: Kind; readonly events: number; readonly lines: number }

function limitsOf(limits: Readonly<Record<Kind, Limits>>): Readonly<Record<Kind, PeerLimit>> {
  const make = ({ each, all }: Limits) => new PeerLimit(each, all)
  return {
    refused: make(limits.refused),
    traffic: make(limits.traffic),
    outcome: make(limits.outcome),
  }
}

function kindOf(event: string): Kind {
  if (REFUSED.has(event) || event.endsWith('.ignored')) return 'refused'
  return event.startsWith('dhcp.') || event.startsWith('tftp.') ? 'traffic' : 'outcome'
}
