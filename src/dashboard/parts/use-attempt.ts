import { useState } from 'preact/hooks'
import { problemOf } from '../data/page-api.ts'
import type { Problem } from '../data/types.ts'

/** What can be refused, and why the last of it was. */
export type Attempts = {
  /** Why the last attempt failed; null when it did not, or is not over. */
  readonly problem: Problem | null
  /**
   * Does it, and keeps why it failed; says whether it was done.
   *
   * @param inWords - What is said of a refusal, where that is not what the API says.
   */
  readonly attempt: (
    work: () => Promise<void>,
    inWords?: (problem: Problem) => Problem,
  ) => Promise<boolean>
  /** Says nothing more of the last attempt. */
  readonly forget: () => void
}

/** Attempts of a view, of which the last one counts. */
export function useAttempt(): Attempts {
  const [problem, setProblem] = useState<Problem | null>(null)
  const forget = () => setProblem(null)
  const attempt: Attempts['attempt'] = async (work, inWords = (said) => said) => {
    forget()
    try {
      await work()
      return true
    } catch (error) {
      setProblem(inWords(problemOf(error)))
      return false
    }
  }
  return { problem, attempt, forget }
}
