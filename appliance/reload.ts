import type { Logger } from 'pino'
import type { ReloadOutcome } from '../src/adapters/http/services.ts'
import type { NetworkSettings, Settings } from '../src/settings/settings.ts'
import type { LoadedSettings } from './load-settings.ts'

/** What a reload is joined of. */
export type ReloadParts = {
  /** Reads the configuration anew; null where the appliance runs on none of a file. */
  readonly load: (() => Promise<LoadedSettings>) | null
  /** What is in force now. */
  readonly current: () => Settings
  /** Puts networks in force whose sockets are there; leases and transfers go on. */
  readonly apply: (settings: Settings) => void
  readonly log: Logger
}

/** Keys that are read at the start alone. */
const AT_START = ['dataDir', 'api', 'tftp', 'dhcp'] as const

/**
 * Reads the configuration file anew, checks all of it, and puts its networks in force, all or none.
 * With a problem anywhere nothing changes. What only a restart can change is named.
 */
export function reloader({ load, current, apply, log }: ReloadParts): () => Promise<ReloadOutcome> {
  return async () => {
    if (load === null) return { kind: 'no-file' }
    const loaded = await load()
    if (loaded.kind === 'refused') {
      const { problems } = loaded
      log.error({ event: 'settings.reload.refused', problems })
      return { kind: 'refused', problems }
    }
    const { settings, warnings } = loaded
    const before = current()
    const moved = movedNetworks(before, settings)
    if (moved.length === 0) apply({ ...before, networks: settings.networks })
    const changed = AT_START.filter((key) => !isSame(before[key], settings[key]))
    const restartNeeded = [...changed, ...moved]
    const applied = moved.length === 0
    log.info({ event: 'settings.reloaded', applied, restartNeeded, warnings })
    return { kind: 'reloaded', applied, restartNeeded, warnings }
  }
}

/** Networks that want sockets which are not there: paths, as a problem has them. */
function movedNetworks(before: Settings, after: Settings): readonly string[] {
  const places = new Set(before.networks.map(placeOf))
  return after.networks.flatMap((network, index) =>
    places.has(placeOf(network)) ? [] : [`networks[${index}]`],
  )
}

function placeOf({ interface: name, relayed, address }: NetworkSettings): string {
  return JSON.stringify([name ?? null, relayed, address])
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
