import { setTimeout as pause } from 'node:timers/promises'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import { printable } from '../../src/services/printable.ts'
import { type ApiClient, isAway } from '../client/api-client.ts'
import { drawProgress } from './progress-bar.ts'

/** A conversion as the API shows it. */
export type ConversionSeen = Schemas['Conversion']

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
  output: FollowOutput,
): Promise<ConversionSeen> {
  const path = `/v1/phones/${mac}/conversion`
  const show = showIn(output)
  // Shown at once: a conversion that has ended does not change any more.
  let { body, etag } = await api.getChanged<ConversionSeen>(path, null).then(whole)
  show(body)
  while (!isEnd(body, output)) {
    const changed = await askPatiently(api, `${path}?wait=30`, etag, output.print)
    if (changed === null) continue
    ;({ body, etag } = changed)
    show(body)
  }
  return body
}

/** An answer to a request without an entity tag always has a body. */
function whole<Answer>(answer: Answer | null): Answer {
  if (answer === null) throw new Error('the API answered 304 to a request without If-None-Match')
  return answer
}

function isEnd({ state }: ConversionSeen, { endsWhenStalled = false }: FollowOutput): boolean {
  return state === 'confirmed' || state === 'cancelled' || (endsWhenStalled && state === 'stalled')
}

/** Asks again where the appliance is away, for two minutes. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: 14 on 2026-11-30, when the limit came; to be split
async function askPatiently(
  api: ApiClient,
  path: string,
  etag: string | null,
  print: (line: string) => void,
) {
  let awaySince: number | null = null
  for (;;) {
    try {
      const changed = await api.getChanged<ConversionSeen>(path, etag)
      if (awaySince !== null) print('         it answers again')
      return changed
    } catch (error) {
      if (!isAway(error)) throw error
      if (awaySince === null)
        print('         the appliance does not answer; asking again for two minutes')
      awaySince ??= performance.now()
      if (performance.now() - awaySince >= AWAY_MS) throw error
      await pause(ASK_AGAIN_MS)
    }
  }
}

/** Prints a line where it is another than before, and draws the bar. */
function showIn({ print, progressTo }: FollowOutput): (seen: ConversionSeen) => void {
  const startedAt = performance.now()
  let shown = ''
  return (seen) => {
    const line = printable(lineOf(seen))
    if (line !== shown) {
      drawProgress(progressTo, null)
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)
      print(`${seconds} s  ${line}`)
      shown = line
    }
    drawProgress(progressTo, barOf(seen))
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
