import { parseScenario, type Scenario } from '../../src/settings/parse-scenario.ts'
import { ExitCode } from '../exit-codes.ts'
import { reportOf } from '../load-settings.ts'
import { reasonOf } from '../start/file-reason.ts'
import { readText } from '../start/read-text.ts'

/** A scenario file, or why there is nothing to run: `report` has every problem, a line each. */
export type LoadedScenario =
  | { readonly kind: 'ok'; readonly scenario: Scenario }
  | { readonly kind: 'refused'; readonly report: string; readonly exitCode: number }

/** Reads and checks a scenario file. */
export async function loadScenario(file: string): Promise<LoadedScenario> {
  let text: string
  try {
    text = await readText(file)
  } catch (error) {
    const report = `${file} cannot be read: ${reasonOf(error)}`
    return { kind: 'refused', report, exitCode: ExitCode.noInput }
  }
  const parsed = parseScenario(text)
  if (parsed.kind === 'ok') return parsed
  const report = reportOf(file, { problems: parsed.problems, warnings: [] })
  return { kind: 'refused', report, exitCode: ExitCode.configuration }
}
