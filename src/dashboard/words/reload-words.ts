import type { Reload } from '../data/types.ts'

/** What came of reloading the configuration, a sentence each. */
export function describeReload({ applied, restartNeeded, warnings }: Reload): readonly string[] {
  return [
    applied ? 'The configuration is in force.' : 'The networks were not changed.',
    ...(restartNeeded.length === 0
      ? []
      : [`In force only after a restart of the appliance: ${restartNeeded.join(', ')}.`]),
    ...warnings.map(({ path, message }) => `${path}: ${message}`),
  ]
}
