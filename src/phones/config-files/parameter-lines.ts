import { bareName, quotedText } from './phone-text.ts'
import { parameterPosition } from './sip-parameters.ts'

/**
 * Parameters as lines, in the order of the catalogue and then of the alphabet. A name that could
 * not be one is left out, and so is `image_version`, which the conversion decides.
 */
export function orderedLines(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .filter(([name]) => PARAMETER_NAME.test(name) && name.toLowerCase() !== 'image_version')
    .sort(([a], [b]) => parameterPosition(a) - parameterPosition(b) || (a < b ? -1 : 1))
    .map(([name, value]) => parameterLine(name, value))
    .join('')
}

/** One line of a SIP configuration file, whatever the value is. The name is one of the table. */
export function parameterLine(name: string, value: string): string {
  return `${name}: "${quotedText(value)}"\n`
}

/** `image_version` stands without quotes, as document 5455 writes it. */
export function imageLine(imageVersion: string): string {
  return `image_version: ${bareName(imageVersion)}\n`
}

const PARAMETER_NAME = /^[A-Za-z0-9_]+$/
