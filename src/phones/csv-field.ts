/**
 * One field of a CSV file, quoted where RFC 4180 section 2 wants it.
 *
 * No field can be a formula for a table program (`= + - @`, tab, CR, also behind a mark at which a
 * table program of another country ends a field): such a beginning gets an apostrophe before it.
 */
export function csvField(value: string): string {
  const harmless = value.replace(/(^|[;,|])(?=\s*[=+\-@])/gu, "$1'")
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** Rows of a CSV file, each ended by CR LF. */
export function csvRows(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join('')
}
