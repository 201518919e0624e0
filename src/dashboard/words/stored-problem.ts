import type { Problem } from '../data/types.ts'

/** 412: it is not as it was when it was read. */
export const CHANGED_MEANWHILE = 412

/**
 * Why an entry was not stored, for people.
 *
 * @param what - The entry, as in `A profile of this name`.
 */
export function storedProblem(problem: Problem, what: string, isNew: boolean): Problem {
  if (problem.status !== CHANGED_MEANWHILE) return problem
  return {
    ...problem,
    title: 'Nothing was stored',
    detail: isNew
      ? `${what} exists already. Open it to change it.`
      : `${what} was changed elsewhere in the meantime. Open it again and repeat your changes.`,
  }
}
