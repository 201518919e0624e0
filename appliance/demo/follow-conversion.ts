import { setTimeout as pause } from 'node:timers/promises'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import { printable } from '../../src/services/printable.ts'
import { type ApiClient, isAway } from '../client/api-client.ts'
import { drawProgress } from './progress-bar.ts'

/** A conversion as the API shows it. */
export type ConversionSeen = Schemas['Conversion']

/** Where it is printed. */
export type FollowOutput = {
  readonly print: (line: string) => void
  readonly progressTo: NodeJS.WriteStream | null
  /** Whether following ends when the phone stalls; it may continue later. Default: it does not end. */
  readonly endsWhenStalled?: boolean
}

/** How long an appliance that has answered may be silent, for a restart or an update; in milliseconds. */
const AWAY_MS = 120_000
const ASK_AGAIN_MS = 1000

/**
 * Shows a conversion until it ends: one line a stage, and on a terminal a bar during a transfer.
 *
 * @throws `NoAnswer` if the appliance does not answer the first request, or not for two minutes.
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

/** Asks; if the appliance does not answer, asks again for two minutes. */
async function askPatiently(
  api: ApiClient,
  path: string,
  etag: string | null,
  print: (line: string) => void,
) {
  const ask = () => api.getChanged<ConversionSeen>(path, etag)
  try {
    return await ask()
  } catch (error) {
    if (!isAway(error)) throw error
  }
  print('         the appliance does not answer; asking again for two minutes')
  const changed = await untilAnswered(ask, performance.now() + AWAY_MS)
  print('         it answers again')
  return changed
}

async function untilAnswered<Answer>(ask: () => Promise<Answer>, endsAt: number): Promise<Answer> {
  for (;;) {
    await pause(ASK_AGAIN_MS)
    try {
      return await ask()
    } catch (error) {
      if (!isAway(error) || performance.now() >= endsAt) throw error
    }
  }
}

/** Prints the line if it has changed, and draws the bar. */
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
