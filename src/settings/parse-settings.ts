import { formatIpv4 } from '../net/ipv4.ts'
import { findProblems, type Given } from './find-problems.ts'
import { usualLeaseTime } from './network-rules.ts'
import type { Place } from './place-of-path.ts'
import type { Problem } from './problem.ts'
import { readForm } from './read-form.ts'
import { readYaml } from './read-yaml.ts'
import { Configuration } from './schema.ts'
import type {
  NetworkSettings,
  ReadableConfiguration,
  ReadableNetwork,
  Settings,
} from './settings.ts'

/** A configuration that can be run, or everything that is wrong with it. */
export type ParsedSettings =
  | {
      readonly kind: 'ok'
      readonly settings: Settings
      readonly warnings: readonly Problem[]
      /** Where in the text a key stands, for what is found out later. */
      readonly placeOf: (path: string) => Place
    }
  | {
      readonly kind: 'refused'
      readonly problems: readonly Problem[]
      readonly warnings: readonly Problem[]
    }

const DEFAULT_MAX_LEASE = { seconds: 3600 }

/**
 * Reads the text of a configuration file: YAML, then its form, then its meaning.
 *
 * Faults of form and of meaning are reported together: a rule judges whatever could be read.
 *
 * @param given - What the file cannot know; by default, that nothing comes from elsewhere.
 */
export function parseSettings(
  text: string,
  given: Given = { tokenInEnvironment: false },
): ParsedSettings {
  const yaml = readYaml(text)
  if (yaml.kind === 'refused') return { ...yaml, warnings: [] }
  const problems: Problem[] = []
  const configuration = readForm(Configuration, yaml.document, '', problems) ?? {}
  const warnings: Problem[] = []
  for (const { kind, path, message } of findProblems(configuration, given)) {
    if (kind === 'problem') problems.push({ path, message })
    else warnings.push({ path, message })
  }
  const { placeOf } = yaml
  const shown = placed(warnings, placeOf)
  if (problems.length > 0) {
    return { kind: 'refused', problems: placed(problems, placeOf), warnings: shown }
  }
  return { kind: 'ok', settings: complete(configuration), warnings: shown, placeOf }
}

/** So many are told; a file with more is wrong as a whole. */
const MAX_TOLD = 200

/** Problems with their places; of more than can be read, the number. */
function placed(
  problems: readonly Problem[],
  placeOf: (path: string) => Place,
): readonly Problem[] {
  const listed = problems
    .slice(0, MAX_TOLD)
    .map((problem) => ({ ...problem, ...placeOf(problem.path) }))
  const more = problems.length - listed.length
  return more === 0 ? listed : [...listed, { path: '', message: `and ${more} more` }]
}

/** Without a problem nothing is missing but what has a default; the compiler cannot know. */
function complete(configuration: ReadableConfiguration): Settings {
  const networks = configuration.networks as readonly ReadableNetwork[]
  return { ...(configuration as Settings), networks: networks.map(withDerivedDefaults) }
}

function withDerivedDefaults(readable: ReadableNetwork): NetworkSettings {
  const network = readable as Partial<NetworkSettings> &
    Pick<NetworkSettings, 'address' | 'leases' | 'peers'>
  const { leaseTime = usualLeaseTime(network.leases) } = network
  return {
    leaseTime,
    maxLeaseTime: leaseTime.seconds > DEFAULT_MAX_LEASE.seconds ? leaseTime : DEFAULT_MAX_LEASE,
    tftpServerName: formatIpv4(network.address),
    tftpServers: [network.address, ...network.peers],
    // Where phones are converted unasked, a second server's answers would break conversions.
    onRogueServer: network.autoEnrol === undefined ? 'warn' : 'refuse',
    // Behind a relay every frame has the relay's hardware address.
    identify: network.interface === undefined ? 'address' : 'hardware',
    ...network,
  } as NetworkSettings
}
