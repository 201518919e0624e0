import type { Logger } from 'pino'
import type { EntryProblem } from '../../src/inventory/inventory-outcome.ts'
import type { ReloadOutcome } from '../../src/services/services.ts'
import type { NetworkSettings, Settings } from '../../src/settings/settings.ts'
import type { LoadedSettings } from '../load-settings.ts'

/** What a reload needs. */
export type ReloadParts = {
  /** Reads the configuration again; null where the appliance runs on none of a file. */
  readonly load: (() => Promise<LoadedSettings>) | null
  /** What is in force now. */
  readonly current: () => Settings
  /** Puts networks in force whose sockets are there, and switches and the restart command; leases and transfers go on. */
  readonly apply: (settings: Settings) => void
  /** Reads the certificate of the API again; why it could not, in words, with the old one in force. */
  readonly renewCertificate: () => Promise<string | null>
  /** Reads the shared folder again; what is wrong with it, with all else of it in force. */
  readonly readShared: () => Promise<readonly EntryProblem[]>
  /** Problems of secret files and of the restart command that an edited configuration names. */
  readonly examine: (settings: Settings) => Promise<readonly EntryProblem[]>
  /** Phones that the networks in force have no place for, in words. */
  readonly misplacedPhones: () => readonly string[]
  readonly log: Logger
}

/** Keys that are read at the start alone. */
const AT_START = ['dataDir', 'database', 'api', 'tftp', 'dhcp', 'callControl'] as const

/**
 * Reads the configuration file again, checks all of it, and puts its networks in force, all or none.
 * With a problem anywhere nothing changes. What only a restart can change is named.
 */
export function reloader(parts: ReloadParts): () => Promise<ReloadOutcome> {
  const { load, current, apply, log } = parts
  return async () => {
    if (load === null) return { kind: 'no-file' }
    const loaded = await load()
    if (loaded.kind === 'refused') {
      const { problems } = loaded
      log.error({ event: 'settings.reload.refused', problems })
      return { kind: 'refused', problems }
    }
    const { settings } = loaded
    const before = current()
    const moved = movedNetworks(before, settings)
    if (moved.length === 0) apply(inForce(before, settings))
    const changed = AT_START.filter((key) => !isSame(before[key], settings[key]))
    const restartNeeded = [...changed, ...moved]
    const applied = moved.length === 0
    const warnings = [
      ...loaded.warnings,
      ...(await certificateWarnings(parts)),
      ...(await parts.examine(settings)),
      ...(await parts.readShared()),
      ...misplacedPhones(parts),
    ]
    log.info({ event: 'settings.reloaded', applied, restartNeeded, warnings })
    return { kind: 'reloaded', applied, restartNeeded, warnings }
  }
}

/** What is in force after a reload: all that needs no socket of ours. */
function inForce(before: Settings, { networks, switches, restart }: Settings): Settings {
  const { restart: _before, ...others } = before
  return { ...others, networks, switches, ...(restart === undefined ? {} : { restart }) }
}

/** Named one by one up to here: an edited subnet may leave out all phones of a site. */
const MAX_MISPLACED = 50

function misplacedPhones(parts: ReloadParts): readonly EntryProblem[] {
  const all = parts.misplacedPhones()
  const named = all.slice(0, MAX_MISPLACED).map((message) => ({ path: 'networks', message }))
  const more = all.length - named.length
  return more > 0 ? [...named, { path: 'networks', message: `and ${more} more phones` }] : named
}

async function certificateWarnings(parts: ReloadParts): Promise<readonly EntryProblem[]> {
  const why = await parts.renewCertificate()
  if (why === null) return []
  return [{ path: 'api.tls', message: `${why} The previous certificate stays in force.` }]
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
