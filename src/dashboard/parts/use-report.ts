import { useEffect, useState } from 'preact/hooks'
import { type PageApi, problemOf } from '../data/page-api.ts'
import type { Problem } from '../data/types.ts'

/** A report as it was when it was opened: what is printed does not change under the eyes. */
export function useReport<Report>(
  api: PageApi,
  path: string,
): { readonly report: Report | null; readonly problem: Problem | null } {
  const [report, setReport] = useState<Report | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  useEffect(() => {
    let isOver = false
    api.get<Report>(path).then(
      (read) => isOver || setReport(() => read),
      (error: unknown) => isOver || setProblem(problemOf(error)),
    )
    return () => {
      isOver = true
    }
  }, [api, path])
  return { report, problem }
}
