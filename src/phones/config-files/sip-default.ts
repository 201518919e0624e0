import { imageLine, orderedLines } from './parameter-lines.ts'

/** What stands in the file that all SIP phones read. */
export type SipDefault = {
  /** The load that the phone shall run; null leaves the line out. */
  readonly imageVersion: string | null
  /** By parameter name; `image_version` in here is passed over. */
  readonly parameters: Readonly<Record<string, string>>
  /**
   * Nothing but `image_version`: SIP 2.x drops a larger file (W210 TFTP Error, buffer full).
   */
  readonly oneLine: boolean
}

/**
 * `SIPDefault.cnf`: one `name: "value"` a line.
 *
 * @see Cisco document 5455, section "W210 TFTP Error : buffer full"
 */
export function renderSipDefault({ imageVersion, parameters, oneLine }: SipDefault): string {
  const image = imageVersion === null ? '' : imageLine(imageVersion)
  return oneLine ? image : image + orderedLines(parameters)
}
