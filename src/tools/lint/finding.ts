/**
 * How bad a finding is: `fails` when some 7940 or 7960 will not get where the files want it,
 * `warns` when that depends on the phone's load or the TFTP server, `note` for what is legal and
 * worth knowing.
 */
export type Severity = 'fails' | 'warns' | 'note'

/** One thing that is wrong with a TFTP root, for an operator. */
export type Finding = {
  readonly severity: Severity
  /** Stable, kebab-case: what scripts ask for. */
  readonly rule: string
  /** Path below the root, `/` between its parts; empty for the root itself. */
  readonly file: string
  /** Counted from 1; null where no line is at fault. */
  readonly line: number | null
  /** In bytes from the beginning of the file; null where no byte is at fault. */
  readonly offset: number | null
  /** What is there. */
  readonly found: string
  /** What the phone will do about it. */
  readonly phone: string
  readonly remedy: string
  readonly source: string
}

/** A finding on a file as a whole, unless `line` or `offset` say otherwise. */
export function finding(
  parts: Omit<Finding, 'line' | 'offset'> & Partial<Pick<Finding, 'line' | 'offset'>>,
): Finding {
  return { line: null, offset: null, ...parts }
}

/** Worst first, then by file, line and byte. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    RANKS[a.severity] - RANKS[b.severity] ||
    compareText(a.file, b.file) ||
    placeOf(a) - placeOf(b) ||
    compareText(a.rule, b.rule)
  )
}

const RANKS: Readonly<Record<Severity, number>> = { fails: 0, warns: 1, note: 2 }

function placeOf({ line, offset }: Finding): number {
  return line ?? offset ?? 0
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
