import { type Finding, pathOfItem } from './problem.ts'
import { readOptions } from './read-options.ts'
import type { ReadableNetwork } from './settings.ts'

/** Options that a network has a key for. A class may replace them: its phones may differ. */
export const KEYS_OF_OPTIONS: ReadonlyMap<number, string> = new Map([
  [3, 'router'],
  [6, 'dns'],
  [15, 'domain'],
  [66, 'tftpServerName'],
  [150, 'tftpServers'],
])

/** A class may set anything that the server does not make. */
export const NO_KEYS: ReadonlyMap<number, string> = new Map()

/** Holds the options of a network and of its classes against the option table. */
export function optionRules({ options = {}, classes = [] }: ReadableNetwork): Finding[] {
  const ofClasses = classes.flatMap((one, index) => {
    const path = `${pathOfItem('classes', index)}.options`
    return readOptions(one?.options ?? {}, path, NO_KEYS).findings
  })
  return [...readOptions(options, 'options', KEYS_OF_OPTIONS).findings, ...ofClasses]
}
