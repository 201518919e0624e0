import { setTimeout as pause } from 'node:timers/promises'
import { printable } from '../../src/services/printable.ts'
import { type ApiClient, isAway } from '../client/api-client.ts'
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
  readonly restart?: 'auto' | 'manual'
  readonly warnings?: readonly string[]
  readonly evidence?: readonly { readonly kind: string; readonly detail: string }[]
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

/** How long an appliance that answered may be away, for a restart or an update; in milliseconds. */
const AWAY_MS = 120_000
const ASK_AGAIN_MS = 1000

/**
 * Shows a conversion until it ends: a line a stage, and on a terminal a bar while a file travels.
 *
 * @throws `NoAnswer` where the appliance does not answer at first, or is away for two minutes.
 */
export async function followConversion(
  api: ApiClient,
  mac: string,
  { print, progressTo, endsWhenStalled = false }: FollowOutput,
): Promise<ConversionSeen> {
  const startedAt = performance.now()
  const path = `/v1/phones/${mac}/conversion`
  let etag: string | null = null
  let shown = ''
  let awaySince: number | null = null
  for (;;) {
    let changed: { body: ConversionSeen; etag: string | null } | null
    try {
      // Shown at once: a conversion that has ended does not change any more.
      changed = await api.getChanged(etag === null ? path : `${path}?wait=30`, etag)
    } catch (error) {
      if (etag === null || !isAway(error)) throw error
      if (awaySince === null)
        print('         the appliance does not answer; asking again for two minutes')
      awaySince ??= performance.now()
      if (performance.now() - awaySince >= AWAY_MS) throw error
      await pause(ASK_AGAIN_MS)
      continue
    }
    if (awaySince !== null) print('         it answers again')
    awaySince = null
    if (changed === null) continue
    etag = changed.etag
    const seen = changed.body
    const line = printable(lineOf(seen))
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

function lineOf({ state, step, steps, to, diagnosis, evidence }: ConversionSeen): string {
  if (state === 'confirmed') {
    const detail = evidence?.at(-1)?.detail
    return `confirmed: the phone has booted ${to}${detail === undefined ? '' : `. ${detail}`}`
  }
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
