/** A line that a program wrote, with what the log knew of it. */
export type JournalLine = {
  readonly atMs: number | null
  readonly program: string | null
  readonly process: string | null
  readonly message: string
}

/** An entry of the journal of systemd as `journalctl -o json` prints it; null where it is none. */
export function readJournalEntry(value: unknown): JournalLine | null {
  if (typeof value !== 'object' || value === null) return null
  const entry = value as Readonly<Record<string, unknown>>
  const message = entry['MESSAGE']
  if (typeof message !== 'string') return null
  const at = Number(entry['__REALTIME_TIMESTAMP'] ?? Number.NaN)
  return {
    atMs: Number.isFinite(at) ? at / 1_000 : null,
    program: textOf(entry['SYSLOG_IDENTIFIER'] ?? entry['_COMM']),
    process: textOf(entry['SYSLOG_PID'] ?? entry['_PID']),
    message,
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
