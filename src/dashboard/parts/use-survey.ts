import { useEffect, useState } from 'preact/hooks'
import { type PageApi, problemOf } from '../data/page-api.ts'
import type { Problem, Survey } from '../data/types.ts'

/** One phone a second is asked on each network: more often there is nothing new. */
const POLL_MS = 1_000

/** An appliance that does not answer is asked less often. */
const RETRY_MS = 5_000

/** A survey as it goes on, and why it could not be read the last time. */
export type FollowedSurvey = { readonly survey: Survey | null; readonly problem: Problem | null }

/** Reads a survey about once a second until it has ended, or is no longer there. */
export function useSurvey(api: PageApi, id: string): FollowedSurvey {
  const [followed, setFollowed] = useState<FollowedSurvey>({ survey: null, problem: null })
  useEffect(() => {
    const stop = new AbortController()
    const onRead = (read: Partial<FollowedSurvey>) =>
      setFollowed(({ survey }) => ({ survey, problem: null, ...read }))
    void follow(() => readOnce(api, id), onRead, stop.signal)
    return () => stop.abort()
  }, [api, id])
  return followed
}

/** What a reading came to, and when to read again, in milliseconds; null: never. */
type Reading = { readonly read: Partial<FollowedSurvey>; readonly againMs: number | null }

async function follow(
  read: () => Promise<Reading>,
  onRead: (read: Partial<FollowedSurvey>) => void,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const reading = await read()
    if (signal.aborted) return
    onRead(reading.read)
    if (reading.againMs === null) return
    await pause(reading.againMs)
    // The page is hidden: what comes meanwhile is read on return.
    while (document.hidden && !signal.aborted) await pause(POLL_MS)
    if (signal.aborted) return
  }
}

async function readOnce(api: PageApi, id: string): Promise<Reading> {
  try {
    const survey = await api.get<Survey>(`/v1/surveys/${encodeURIComponent(id)}`)
    return { read: { survey }, againMs: survey.state === 'running' ? POLL_MS : null }
  } catch (error) {
    const problem = problemOf(error)
    return { read: { problem }, againMs: problem.status === 404 ? null : RETRY_MS }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
