/**
 * One field of a CSV file, quoted where RFC 4180 section 2 wants it.
 *
 * No field can be a formula for a table program (`= + - @`, tab, CR, also after a mark at which a
 * table program of another country ends a field): such a beginning gets an apostrophe before it.
 */
export function csvField(value: string): string {
  // Nearly all are plain, and a list of phones has hundreds of thousands of them.
  if (!/[=+\-@",\r\n]/.test(value)) return value
  const harmless = value.replace(FORMULA, "$1'")
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/**
 * The value of a field that was read from a CSV file: the apostrophes that `csvField` puts before
 * formulas are taken away, and nothing else. So what was written is read as it was.
 */
export function csvValue(field: string): string {
  return field.replace(HARMLESS_FORMULA, '$1')
}

// A formula after apostrophes gets one more: otherwise reading could not tell which was written here.
const FORMULA = /(^|[;,|])(?='*\s*[=+\-@])/gu
const HARMLESS_FORMULA = /(^|[;,|])'(?='*\s*[=+\-@])/gu

/** Rows of a CSV file, each ended by CR LF. */
export function csvRows(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join('')
}
