import { family, type PhoneModel } from '../family/family.ts'
import { bareName, xmlText } from './phone-text.ts'

/** What stands in one phone's own XML file. */
export type SepXml = {
  /** The load that the phone shall run, SIP or SCCP; null leaves the element out. */
  readonly load: string | null
  /** Where it is not known, the family's model for that case is written. */
  readonly model: PhoneModel | null
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
      : `  <loadInformation model="IP Phone ${model ?? family.unknownModel}">${xmlText(load)}</loadInformation>\n`
  return `<device>\n${pool}${information}</device>\n`
}

/** What stands in the XML file for phones without one of their own. */
export type DefaultXml = {
  /** The load of every model; null leaves their elements empty, which changes nothing. */
  readonly load: string | null
  /** Best first. Phones want one node name even where they use none. */
  readonly callManagers: readonly [string, ...string[]]
}

/** `XMLDefault.cnf.xml`: read by the loader after the phone's own files, and by SCCP. */
export function renderDefaultXml({ load, callManagers }: DefaultXml): string {
  const loads = family.models.map(
    ({ loadNumber: number, model }) =>
      `  <loadInformation${number} model="IP Phone ${model}">${xmlText(load ?? '')}` +
      `</loadInformation${number}>\n`,
  )
  return `<Default>\n${renderCallManagers(callManagers, '  ')}${loads.join('')}</Default>\n`
}

/**
 * The `callManagerGroup` element of both XML files. Phones want port and node name to be there
 * even where no call manager is used.
 *
 * @param nodes - Host names or addresses, best first.
 * @param indent - Blanks before the outer element.
 */
export function renderCallManagers(nodes: readonly string[], indent: string): string {
  const members = nodes.flatMap((node, priority) => [
    `    <member priority="${priority}">`,
    '      <callManager>',
    '        <ports>',
    '          <ethernetPhonePort>2000</ethernetPhonePort>',
    '        </ports>',
    `        <processNodeName>${xmlText(node)}</processNodeName>`,
    '      </callManager>',
    '    </member>',
  ])
  return [
    '<callManagerGroup>',
    '  <members>',
    ...members,
    '  </members>',
    '</callManagerGroup>',
    '',
  ]
    .map((line) => (line === '' ? '' : indent + line))
    .join('\n')
}

/**
 * `CTLSEP<MAC>.tlv` without a certificate: no byte at all, which phones take for "security off".
 * A loader of the 7.2 era asks for this file for ever until it gets one.
 */
export function renderCtlsep(): string {
  return ''
}

/**
 * `OS79XX.TXT`: the name of the image and one line end, nothing else. An extension, a blank or a
 * second line makes the phone ask for a file that does not exist.
 *
 * @param load - A load or a loader, without extension.
 * @see Cisco document 5455, section "Enable SIP Functionality"
 */
export function renderOs79xx(load: string): string {
  return `${bareName(load)}\n`
}
