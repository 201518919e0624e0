import type { EventLog } from '../event-log.ts'
import type { Change } from '../services.ts'
import type { Journal } from './journal.ts'

/** What the audit writes to. */
export type AuditParts = {
  readonly journal: Pick<Journal, 'record'>
  readonly log: EventLog
  readonly nowMs: () => number
}

/** Writes each change by an operator into the journal and the log. */
export function audit({ journal, log, nowMs }: AuditParts): (change: Change) => void {
  return (change) => {
    const { mac, fields: sent, ...facts } = change
    // `fields` is what the journal calls the facts of any event.
    const fields = { ...facts, sent }
    journal.record({ atMs: nowMs(), event: 'audit.change', mac, network: null, fields })
    log.info({ event: 'audit.change', mac, ...fields })
  }
}
