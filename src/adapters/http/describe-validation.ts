import type { FastifySchemaValidationError } from 'fastify'
import type { EntryProblem } from '../../inventory/inventory-outcome.ts'

/** More would not be read; the rest shows after the first are put right. */
const MAX_PROBLEMS = 50

/**
 * Turns a validator's errors into problems: one for each place, found and wanted, without the value
 * itself, which may be a secret.
 *
 * @param value - What was validated, to tell what kind of value was found.
 */
export function describeValidation(
  errors: readonly FastifySchemaValidationError[],
  value: unknown,
): EntryProblem[] {
  const problems = new Map<string, string>()
  for (const error of errors.flatMap(perProperty)) {
    const message = messageOf(error, valueAt(value, error.instancePath))
    if (message === undefined) continue
    const path = error.instancePath === '' ? '/' : error.instancePath
    problems.set(path, problems.get(path) ?? message)
    if (problems.size >= MAX_PROBLEMS) break
  }
  return [...problems].map(([path, message]) => ({ path, message }))
}

/** One error for each missing property, at the place where it is missing. */
function perProperty(error: FastifySchemaValidationError): FastifySchemaValidationError[] {
  if (error.keyword !== 'required') return [error]
  const { requiredProperties } = error.params
  return namesIn(requiredProperties).map((name) => ({
    ...error,
    instancePath: `${error.instancePath}/${pointerPart(name)}`,
  }))
}

/** Undefined for an error that another one at a deeper place says better. */
function messageOf(error: FastifySchemaValidationError, found: unknown): string | undefined {
  const { limit, type, pattern, allowedValues } = error.params
  switch (error.keyword) {
    case 'required':
      return 'is required'
    case 'additionalProperties':
      return undefined
    case 'boolean':
      return 'is not a known property; remove it or correct its spelling'
    case 'type':
      return `is ${kindOf(found)}, must be ${namesIn(type).join(' or ')}`
    case 'enum':
      return `must be one of ${namesIn(allowedValues)
        .map((name) => JSON.stringify(name))
        .join(', ')}`
    case 'maxLength':
      return `has ${lengthOf(found)} characters, must have at most ${limit}`
    case 'minLength':
      return `has ${lengthOf(found)} characters, must have at least ${limit}`
    case 'pattern':
      return `must match ${pattern}`
    default:
      return error.message ?? 'is not valid'
  }
}

function namesIn(parameter: unknown): string[] {
  return Array.isArray(parameter) ? parameter.map(String) : [String(parameter)]
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return 'array'
  return typeof value
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0
}

/** RFC 6901 section 3. */
function pointerPart(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function valueAt(value: unknown, pointer: string): unknown {
  let here = value
  for (const part of pointer.split('/').slice(1)) {
    if (typeof here !== 'object' || here === null) return undefined
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    here = Object.hasOwn(here, key) ? (here as Record<string, unknown>)[key] : undefined
  }
  return here
}
