/**
 * The MAC address that a requested name carries, of whatever device: `SEP…`, `ld…`, `ATA…`, `WLAN…` and
 * any other form with twelve hexadecimal digits, with or without separators, in any letter case.
 *
 * A prefix that ends in a hexadecimal letter (`ld`, `ATA`) runs into the digits, so the last twelve of a
 * longer row count.
 *
 * @returns 12 upper-case digits, or null where the name carries none.
 */
export function macInName(name: string): string | null {
  const row = /[0-9A-F]{12,}/i.exec(name.replace(SEPARATORS, ''))?.[0]
  return row === undefined ? null : row.slice(-12).toUpperCase()
}

/** Between two pairs of digits only, so that `P0S3-8-12-00` stays what it is. */
const SEPARATORS = /(?<=(?<![0-9A-F])[0-9A-F]{2}|[:-][0-9A-F]{2})[:-](?=[0-9A-F]{2}(?![0-9A-F]))/gi
