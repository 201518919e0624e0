import type { FastifyInstance } from 'fastify'
import { ProblemError, problemOf } from './problem.ts'

/** The largest JSON body, in bytes: a phone with six lines and every setting takes some 10 KiB. */
export const JSON_BODY_LIMIT_BYTES = 256 * 1024

/** Objects and arrays within each other; ours go to 4. */
const MAX_DEPTH = 16

/** Keys that reach an object's prototype where a body is copied carelessly. */
const POISONOUS = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Reads JSON bodies, and nothing else: no text, no forms. Refuses what is nested deeper than 16
 * levels and keys that could reach a prototype.
 */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'string', bodyLimit: JSON_BODY_LIMIT_BYTES },
    (request, body, done) => {
      void parse(request, body as string, (error, value) => {
        done(error ?? faultOf(value), value)
      })
    },
  )
}

function faultOf(value: unknown): Error | null {
  const fault = findFault(value, 1)
  if (fault === null) return null
  return new ProblemError(problemOf('invalid-request', `JSON body rejected: ${fault}`))
}

/** Why the value must not go further; null where it may. Recursion ends at the depth limit. */
function findFault(value: unknown, depth: number): string | null {
  if (typeof value !== 'object' || value === null) return null
  if (depth > MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH} levels`
  for (const [key, item] of Object.entries(value)) {
    if (POISONOUS.has(key)) return `the key ${key} is not allowed; remove it`
    const fault = findFault(item, depth + 1)
    if (fault !== null) return fault
  }
  return null
}
