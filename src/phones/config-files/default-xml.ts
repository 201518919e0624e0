import { renderCallManagers } from './call-managers.ts'
import { xmlText } from './phone-text.ts'

/** What stands in the XML file for phones without one of their own. */
export type DefaultXml = {
  /** The load of both models; null leaves their elements empty, which changes nothing. */
  readonly load: string | null
  /** Best first. Phones want one node name even where they use none. */
  readonly callManagers: readonly [string, ...string[]]
}

/** `XMLDefault.cnf.xml`: read by the loader after the phone's own files, and by SCCP. */
export function renderDefaultXml({ load, callManagers }: DefaultXml): string {
  const loads = MODELS.map(
    ({ number, model }) =>
      `  <loadInformation${number} model="IP Phone ${model}">${xmlText(load ?? '')}` +
      `</loadInformation${number}>\n`,
  )
  return `<Default>\n${renderCallManagers(callManagers, '  ')}${loads.join('')}</Default>\n`
}

/** The numbers by which Cisco's call control knows the models. */
const MODELS = [
  { number: 8, model: '7940' },
  { number: 7, model: '7960' },
] as const
