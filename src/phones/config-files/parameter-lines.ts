import { plainValue } from './plain-text.ts'
import { parameterPosition } from './sip-parameters.ts'

/**
 * Parameters as lines, in the order of the catalogue and then of the alphabet. A name that could
 * not be one is left out, and so is `image_version`, which the conversion decides.
 */
export function orderedLines(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .filter(([name]) => /^[A-Za-z0-9_]+$/.test(name) && name !== 'image_version')
    .sort(([a], [b]) => parameterPosition(a) - parameterPosition(b) || (a < b ? -1 : 1))
    .map(([name, value]) => parameterLine(name, value))
    .join('')
}

/** One line of a SIP configuration file. */
export function parameterLine(name: string, value: string, quote = '"'): string {
  return `${name}: ${quote}${plainValue(value)}${quote}\n`
}
