import type { ApiClient } from '../api-client.ts'
import { drawProgress } from './progress-bar.ts'

/** A conversion as the API shows it, as far as it is followed here. */
export type ConversionSeen = {
  readonly mac: string
  readonly from: string | null
  readonly to: string
  readonly state: 'waiting' | 'running' | 'confirmed' | 'stalled' | 'cancelled'
  readonly step: number
  readonly steps: readonly {
    readonly load: string
    readonly stage: string
    readonly progress: { readonly file: string; readonly bytes: number; readonly of: number } | null
  }[]
  readonly diagnosis: {
    readonly code: string
    readonly seen: string
    readonly cause: string
    readonly remedy: string
  } | null
}

/** Where it is shown. */
export type FollowOutput = {
  readonly print: (line: string) => void
  readonly progressTo: NodeJS.WriteStream | null
  /** A stalled phone may go on; whether it is waited for all the same. Default: it is. */
  readonly endsWhenStalled?: boolean
}

/** Shows a conversion until it ends: a line a stage, and on a terminal a bar while a file travels. */
export async function followConversion(
  api: ApiClient,
  mac: string,
  { print, progressTo, endsWhenStalled = false }: FollowOutput,
): Promise<ConversionSeen> {
  const startedAt = performance.now()
  const path = `/v1/phones/${mac}/conversion`
  let etag: string | null = null
  let shown = ''
  for (;;) {
    const changed: { body: ConversionSeen; etag: string | null } | null = await api.getChanged(
      // What there is is shown at once: one that has ended would be waited for in vain.
      etag === null ? path : `${path}?wait=30`,
      etag,
    )
    if (changed === null) continue
    etag = changed.etag
    const seen = changed.body
    const line = lineOf(seen)
    if (line !== shown) {
      drawProgress(progressTo, null)
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)
      print(`${seconds} s  ${line}`)
      shown = line
    }
    drawProgress(progressTo, barOf(seen))
    if (seen.state === 'confirmed' || seen.state === 'cancelled') return seen
    if (endsWhenStalled && seen.state === 'stalled') return seen
  }
}

function lineOf({ state, step, steps, to, diagnosis }: ConversionSeen): string {
  if (state === 'confirmed') return `confirmed: the phone has booted ${to}`
  if (diagnosis !== null)
    return `stalled (${diagnosis.code}): ${diagnosis.seen} ${diagnosis.remedy}`
  const now = steps[step]
  if (now === undefined) return state
  const file = now.stage === 'fetching' && now.progress !== null ? ` ${now.progress.file}` : ''
  return `step ${step + 1} of ${steps.length}, ${now.load}: ${now.stage}${file}`
}

function barOf({ step, steps }: ConversionSeen) {
  const now = steps[step]
  return now?.stage === 'fetching' ? now.progress : null
}
