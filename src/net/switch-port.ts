declare const brand: unique symbol

/**
 * A port of a configured switch as text: `sw1/7`, or `sw1/2.7` where the port is in another group
 * than the switch's `portGroup`.
 */
export type SwitchPort = string & { readonly [brand]: 'SwitchPort' }

/** What a switch port names. */
export type SwitchPortParts = {
  /** Name of the switch in the configuration. */
  readonly switchName: string
  /** `pethPsePortGroupIndex`, from 1; null: the `portGroup` of the switch. */
  readonly group: number | null
  /** `pethPsePortIndex` within the group, from 1. Not an ifIndex. */
  readonly index: number
}

/** How a switch may be called in the configuration: no slash, which begins the port. */
export const SWITCH_NAME = '[A-Za-z0-9][A-Za-z0-9_.-]{0,62}'

const SWITCH_PORT = RegExp(`^(${SWITCH_NAME})/(?:([1-9]\\d{0,9})\\.)?([1-9]\\d{0,9})$`)

/** RFC 3621: both indexes are Integer32 from 1 to 2147483647. */
const MAX_INDEX = 2147483647

/**
 * Reads `sw1/7` or `sw1/2.7`. Indexes have no leading zeros.
 *
 * @returns Undefined where the text is neither.
 * @see RFC 3621 section 5, pethPsePortTable
 */
export function parseSwitchPort(text: string): SwitchPort | undefined {
  const match = SWITCH_PORT.exec(text)
  if (match === null) return undefined
  const isInRange = [match[2], match[3]].every((digits) => Number(digits ?? 1) <= MAX_INDEX)
  return isInRange ? (text as SwitchPort) : undefined
}

/** What a switch port that was read names. */
export function switchPortParts(port: SwitchPort): SwitchPortParts {
  // A port that was read matches.
  const [, switchName, group, index] = SWITCH_PORT.exec(port) as unknown as [
    string,
    string,
    ...string[],
  ]
  return { switchName, group: group === undefined ? null : Number(group), index: Number(index) }
}
