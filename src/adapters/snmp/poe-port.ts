import { type SwitchPort, switchPortParts } from '../../net/switch-port.ts'
import type { Switch } from './switch-session.ts'

/** pethPsePortAdminEnable, followed by group and port; TruthValue, read-write (RFC 3621 section 5). */
const ADMIN_ENABLE = '1.3.6.1.2.1.105.1.1.1.3'

/** RFC 2579 section 2, TruthValue. */
export const POWER_ON = 1
export const POWER_OFF = 2

/** A port of a switch that is configured. */
export type PoePort = {
  readonly target: Switch
  /** `<switch>/<group>.<port>`: one text for one port, however it was written. */
  readonly id: SwitchPort
  /** The object that says whether the port gives power. */
  readonly oid: string
}

/** Finds the port among the switches; undefined where no switch has that name. */
export function findPoePort(port: SwitchPort, switches: readonly Switch[]): PoePort | undefined {
  const { switchName, group, index } = switchPortParts(port)
  const target = switches.find(({ name }) => name === switchName)
  if (target === undefined) return undefined
  const place = `${group ?? target.portGroup}.${index}`
  return { target, id: `${switchName}/${place}` as SwitchPort, oid: `${ADMIN_ENABLE}.${place}` }
}
