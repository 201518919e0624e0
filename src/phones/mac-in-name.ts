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
  const bare = name
    .replace(PAIRS, (pairs) => pairs.replace(/[._]/g, ''))
    .replace(GROUPS, '$1$2$3')
    .replace(SEPARATORS, '')
  const row = /[0-9A-F]{12,}/i.exec(bare)?.[0]
  return row === undefined ? null : row.slice(-12).toUpperCase()
}

/** Between two pairs of digits only, so that `P0S3-8-12-00` stays what it is. */
const SEPARATORS = /(?<=(?<![0-9A-F])[0-9A-F]{2}|[:-][0-9A-F]{2})[:-](?=[0-9A-F]{2}(?![0-9A-F]))/gi

/** `00.0e.84.c0.60.a6` and `00_0e_…`, whole: a dot is before an extension, too. */
const PAIRS = /(?<![0-9A-F])[0-9A-F]{2}([._])(?:[0-9A-F]{2}\1){4}[0-9A-F]{2}(?![0-9A-F])/gi

/** `000e.84c0.60a6`, as Cisco's switches write it. */
const GROUPS = /([0-9A-F]{4})\.([0-9A-F]{4})\.([0-9A-F]{4})(?![0-9A-F])/gi
