import { EMBEDDED_DEFAULT } from '../src/settings/embedded-default.ts'
import { parseSettings } from '../src/settings/parse-settings.ts'
import type { Place } from '../src/settings/place-of-path.ts'
import type { Problem } from '../src/settings/problem.ts'
import type { Settings } from '../src/settings/settings.ts'
import { reasonOf } from './start/file-reason.ts'
import { readText } from './start/read-text.ts'

/** What a configuration file came to. */
export type LoadedSettings =
  | {
      readonly kind: 'ok'
      readonly settings: Settings
      readonly warnings: readonly Problem[]
      /** SWITCHHOOK_API_TOKEN; null if it is not set. It goes before the token file. */
      readonly token: string | null
      /** Where in the file a key stands. */
      readonly placeOf: (path: string) => Place
    }
  /** `report` has every problem, a line each; the process ends with exit code 78. */
  | {
      readonly kind: 'refused'
      readonly report: string
      readonly problems: readonly Problem[]
      readonly warnings: readonly Problem[]
    }

/** Reads and checks a configuration file, and takes what the environment adds to it. */
export async function loadSettings(
  file: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<LoadedSettings> {
  const token = environment['SWITCHHOOK_API_TOKEN']?.trim() || null
  let text: string
  try {
    text = await readText(file)
  } catch (error) {
    const message = `${file} cannot be read: ${reasonOf(error)}`
    return { kind: 'refused', report: message, problems: [{ path: '', message }], warnings: [] }
  }
  const parsed = parseSettings(text, { tokenInEnvironment: token !== null })
  if (parsed.kind === 'refused') {
    return { ...parsed, report: reportOf(file, parsed) }
  }
  return { ...parsed, token }
}

/** The settings of the demonstration, which are part of the program. */
export function embeddedSettings(): Settings {
  const parsed = parseSettings(EMBEDDED_DEFAULT)
  if (parsed.kind === 'refused') throw new Error(reportOf('embedded configuration', parsed))
  return parsed.settings
}

type Refused = { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] }

/** All that is wrong with a file, a line each under its name. */
export function reportOf(file: string, { problems, warnings }: Refused): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return [
    `${file}: ${count}`,
    ...problems.map((problem) => `  ${inOneLine(problem)}`),
    ...warnings.map((warning) => `  warning: ${inOneLine(warning)}`),
  ].join('\n')
}

/** A problem as people read it: place, key and what is wrong. */
export function inOneLine({ path, message, line, column }: Problem): string {
  const place = column === undefined ? `${line}` : `${line}:${column}`
  // A fault of the text itself says its place in words.
  const isSaid = line === undefined || message.startsWith('line ')
  const where = isSaid ? '' : `line ${place}: `
  return path === '' ? `${where}${message}` : `${where}${path}: ${message}`
}
