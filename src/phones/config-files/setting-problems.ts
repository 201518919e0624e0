import { family } from '../family/family.ts'
import { nearestWord } from '../nearest-word.ts'
import { findTextFault } from './phone-text.ts'
import type { SipLine } from './sip-files.ts'
import { findParameter, type ParameterLimit, sipParameters } from './sip-parameters.ts'

/** What is wrong with one setting. `path` is the parameter's name, or `lines.0.name`. */
export type SettingProblem = { readonly path: string; readonly message: string }

/**
 * Checks parameters of a SIP configuration file against the phone's limits.
 *
 * Empty values are allowed everywhere: files use them to clear a setting.
 *
 * @param lineCount - 2 for a 7940, 6 for a 7960, and 6 where the model is not known.
 * @returns Every problem; none where a file may be made of the settings.
 */
export function findSettingProblems(
  settings: Readonly<Record<string, string>>,
  lineCount: number,
): readonly SettingProblem[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    const message = faultOfSetting(name, value, lineCount)
    return message === undefined ? [] : [{ path: name, message }]
  })
}

/** Checks the lines of a SIP phone: their number, and that no value can break out of its line. */
export function findLineProblems(
  lines: readonly SipLine[],
  lineCount: number,
): readonly SettingProblem[] {
  const problems: SettingProblem[] = []
  if (lines.length > lineCount) {
    problems.push({
      path: 'lines',
      message: `${lines.length} lines, and the phone has ${lineCount}`,
    })
  }
  for (const [index, line] of lines.slice(0, lineCount).entries()) {
    for (const [field, value] of Object.entries(line)) {
      const message = findTextFault(value, 'quoted') ?? faultOfLength(value, LONGEST_LINE_VALUE)
      if (message !== undefined) problems.push({ path: `lines.${index}.${field}`, message })
    }
    if (line.name === '') problems.push({ path: `lines.${index}.name`, message: 'is empty' })
  }
  return problems
}

const LONGEST_LINE_VALUE = 128

function faultOfSetting(name: string, value: string, lineCount: number): string | undefined {
  if (name === 'image_version') return 'is decided by the load of the profile or the conversion'
  const parameter = findParameter(name)
  if (parameter === undefined) return faultOfName(name)
  if (parameter.line !== null && parameter.line > lineCount) {
    return `belongs to line ${parameter.line}, and the phone has ${lineCount}`
  }
  return (
    findTextFault(value, 'quoted') ??
    (value === '' ? undefined : faultOfLimit(parameter.limit, value))
  )
}

function faultOfName(name: string): string {
  const names = sipParameters().map((parameter) => parameter.name)
  const meant = nearestWord(name, names)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return `is no parameter of a ${family.either}${hint}`
}

function faultOfLimit(limit: ParameterLimit, value: string): string | undefined {
  switch (limit.kind) {
    case 'flag':
      return value === '0' || value === '1' ? undefined : `is ${shown(value)}; 0 or 1 is wanted`
    case 'integer': {
      const isWithin =
        /^\d{1,9}$/.test(value) && Number(value) >= limit.min && Number(value) <= limit.max
      return isWithin ? undefined : `is ${shown(value)}; ${limit.min} to ${limit.max} is wanted`
    }
    case 'choice': {
      const { values } = limit
      if (values.includes(value)) return undefined
      return `is ${shown(value)}; one of ${values.join(', ')} is wanted`
    }
    case 'text':
      return faultOfLength(value, limit.max)
    /* c8 ignore next 2 -- the compiler proves that there is no other value */
    default:
      return limit satisfies never
  }
}

function faultOfLength(value: string, max: number): string | undefined {
  return value.length <= max ? undefined : `has ${value.length} characters; the phone takes ${max}`
}

/** The message must not carry a secret in full; integers and choices are never secret. */
function shown(value: string): string {
  return value.length <= 32 ? value : `${value.slice(0, 32)}…`
}
