import { xmlText } from './phone-text.ts'

/** One rule of a dial plan. */
export type DialTemplate = {
  /** Digits; `.` is any digit, `*` any number of them, `,` sounds the second dial tone. */
  readonly match: string
  /** Seconds after the last digit before the phone dials; 0 dials at once. */
  readonly timeoutSeconds: number
}

/** Dials five seconds after the last digit. Without any plan the user must press Dial or `#`. */
export const DIAL_ANYTHING: readonly DialTemplate[] = [{ match: '*', timeoutSeconds: 5 }]

/** `dialplan.xml`. */
export function renderDialplan(templates: readonly DialTemplate[]): string {
  const lines = templates.map(
    ({ match, timeoutSeconds }) =>
      `  <TEMPLATE MATCH="${xmlText(match)}" Timeout="${timeoutSeconds}"/>\n`,
  )
  return `<DIALTEMPLATE>\n${lines.join('')}</DIALTEMPLATE>\n`
}
