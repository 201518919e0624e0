import { type ParsedSettings, parseSettings } from '../../src/settings/parse-settings.ts'
import type { NetworkSettings, Settings } from '../../src/settings/settings.ts'

/**
 * A configuration that is right, as values: one network `bench` on eth0.
 *
 * @param network - Keys of the network, over the ones here; undefined takes one away.
 * @param rest - Keys of the file.
 */
export function aConfiguration(network: object = {}, rest: object = {}): object {
  return { networks: [aNetwork(network)], ...rest }
}

/** A network that is right, as values. */
export function aNetwork(keys: object = {}): object {
  return {
    name: 'bench',
    interface: 'eth0',
    address: '10.20.0.2',
    subnet: '10.20.0.0/24',
    pool: ['10.20.0.50-10.20.0.99'],
    ...keys,
  }
}

/** Parses values as if they had been written as YAML, of which JSON is a part. */
export function parsed(configuration: object): ParsedSettings {
  return parseSettings(JSON.stringify(configuration))
}

/** Settings that must be right; throws where they are not, with the problems. */
export function settingsOf(configuration: object): Settings {
  const result = parsed(configuration)
  if (result.kind === 'ok') return result.settings
  throw new Error(JSON.stringify(result.problems))
}

/** The first network of settings that must be right. */
export function networkOf(network: object): NetworkSettings {
  const [first] = settingsOf(aConfiguration(network)).networks
  if (first === undefined) throw new Error('no network')
  return first
}
