import { renderCallManagers } from './call-managers.ts'
import { xmlText } from './phone-text.ts'

/** What stands in one phone's own XML file. */
export type SepXml = {
  /** The load that the phone shall run, SIP or SCCP; null leaves the element out. */
  readonly load: string | null
  /** Where it is not known, 7960 is written: phones of both models accept that. */
  readonly model: '7940' | '7960' | null
  /** Best first; none where the phone needs no call manager. */
  readonly callManagers: readonly string[]
}

/** `SEP<MAC>.cnf.xml`: read by the loader, and by SCCP applications. Never empty. */
export function renderSepXml({ load, model, callManagers }: SepXml): string {
  const pool =
    callManagers.length === 0
      ? ''
      : `  <devicePool>\n${renderCallManagers(callManagers, '    ')}  </devicePool>\n`
  const information =
    load === null
      ? ''
      : `  <loadInformation model="IP Phone ${model ?? '7960'}">${xmlText(load)}</loadInformation>\n`
  return `<device>\n${pool}${information}</device>\n`
}
