/** What a phone reads out of the name of a load. */
export type LoadName = {
  readonly text: string
  readonly protocol: 'sccp' | 'sip' | 'mgcp'
  readonly major: number
  readonly minor: number
  /** SCCP 6.0, SIP 7.0 and later: loader and application are two files (Cisco document 5455). */
  readonly universal: boolean
  /** The name belongs to a universal application loader of a SIP set, never to an application. */
  readonly loaderOnly: boolean
}

/** `P0S3-08-11-00`, `P0S3-8-12-00`, and loaders of SIP sets such as `P003-07-4-00`. */
const DASHED = /^P0([0SM])3-(\d{1,2})-(\d{1,2})-(\d{2})$/

/** `P00305000200`, and the irregular `P0030702T023` and `P0030801SR02`. */
const SCCP = /^P003(\d{2})(\d{2})[0-9A-Z]{4}$/

/** `P0S30203`, and SCCP loads renamed to fit eight characters (Cisco document 5455). */
const EIGHT_CHARACTERS = /^P0([0S])3(\d{2})(\d{2})$/

/** The first SCCP loads, `P003AL…`, from before names carried a version. */
const WITHOUT_VERSION = /^P003AL[0-9A-Z]{0,6}$/

const PROTOCOL = { '0': 'sccp', S: 'sip', M: 'mgcp' } as const

/**
 * Reads the name of a load for the 7940 and 7960, without extension. The second character is the
 * digit zero and letters are upper case: a phone knows no other spelling.
 */
export function readLoadName(text: string): LoadName | undefined {
  const [, letter, major, minor] =
    DASHED.exec(text) ?? EIGHT_CHARACTERS.exec(text) ?? withLetter(SCCP.exec(text)) ?? []
  if (letter === undefined) {
    if (!WITHOUT_VERSION.test(text)) return undefined
    return { text, protocol: 'sccp', major: 2, minor: 0, universal: false, loaderOnly: false }
  }
  const protocol = PROTOCOL[letter as keyof typeof PROTOCOL]
  const loaderOnly = text.startsWith('P003-')
  const firstUniversal = protocol === 'sccp' && !loaderOnly ? 6 : 7
  return {
    text,
    protocol,
    major: Number(major),
    minor: Number(minor),
    universal: loaderOnly || Number(major) >= firstUniversal,
    loaderOnly,
  }
}

function withLetter(match: RegExpExecArray | null): string[] | undefined {
  return match === null ? undefined : ['', '0', match[1] ?? '', match[2] ?? '']
}

/** Whether `name` is at or above a version. */
export function isAtLeast(name: LoadName, major: number, minor = 0): boolean {
  return name.major > major || (name.major === major && name.minor >= minor)
}

/** The name of the loader that travels with a universal application: `P0S3-…` has `P003-…`. */
export function loaderOf(name: LoadName): string {
  return name.protocol === 'sccp' ? name.text : `P003${name.text.slice(4)}`
}
