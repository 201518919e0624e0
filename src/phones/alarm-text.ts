/** What a phone's SCCP Alarm says of itself; null where it says nothing. */
export type AlarmReport = {
  /** Why it started: 20 reset at the phone, 22 Reset, 23 Restart, 25 power-up, among others. */
  readonly code: number | null
  /** The device name, such as `SEP000E325C9A43`. */
  readonly name: string | null
  /** As received: `7.2(2.0)` on a 7940 or 7960. */
  readonly version: string | null
  /** The load name, where the version is one of a 7940 or 7960 in full. */
  readonly load: string | null
  /** As received: `Reset-Reset`. */
  readonly lastReset: string | null
}

/**
 * Reads the text of an Alarm, such as `22: Name=SEP000E325C9A43 Load=7.2(2.0) Last=Reset-Reset`.
 * Texts differ from model to model; what is not found is null, and no text is refused.
 *
 * Sources: `%IPPHONE-6-REG_ALARM` of a Cisco router; chan-sccp issues 412, 424, 492, 497 and 564.
 */
export function readAlarmText(text: string): AlarmReport {
  const code = /^\s*(\d{1,5}):/.exec(text)?.[1]
  const version = /\bLoad=\s*(\S(?:.*?\S)??)(?=\s+Last=|\s+:|\s*$)/.exec(text)?.[1] ?? null
  return {
    code: code === undefined ? null : Number(code),
    name: /\bName=(\S+)/.exec(text)?.[1] ?? null,
    version,
    load: version === null ? null : loadOfVersion(version),
    lastReset: /\bLast=\s*(.*?)\s*$/.exec(text)?.[1] ?? null,
  }
}

/**
 * The load of a 7940 or 7960 that calls itself `a.b(c.d)`; null for any other text.
 *
 * Source: the web page of a 7940 shows `8.1(2.0)` beside `P00308010200` (FusionInventory, one phone).
 * That other versions follow the same rule is inferred; service releases are not known in this form.
 */
export function loadOfVersion(version: string): string | null {
  const match = /^(\d{1,2})\.(\d{1,2})\((\d{1,2})\.(\d{1,2})\)$/.exec(version)
  if (match === null) return null
  return `P003${match
    .slice(1)
    .map((part) => part.padStart(2, '0'))
    .join('')}`
}
