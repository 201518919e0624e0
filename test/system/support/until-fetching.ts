import type { Conversion } from '../../../src/conversion/conversion.ts'
import type { ApplianceProcess } from './appliance-process.ts'

/**
 * How fast a simulated phone may be for its transfer to be caught: a faster one takes all blocks of
 * an image at once, and the stage is over before anybody can ask for it.
 */
export const CATCHABLE_SPEED = 5

/**
 * Waits until the first step of a phone's conversion fetches its image.
 *
 * @throws Error where that stage has passed unseen, so that the test ends instead of waiting for it.
 */
export async function untilFetching(api: ApplianceProcess['api'], mac: string): Promise<void> {
  const path = `/v1/phones/${mac}/conversion`
  let seen = await api.get<Conversion>(path)
  while (BEFORE.has(seen.steps[0]?.stage ?? '')) seen = await api.get(`${path}?wait=5`)
  const stage = seen.steps[0]?.stage
  if (stage !== 'fetching') throw new Error(`the phone was to fetch its image, and is at: ${stage}`)
}

const BEFORE: ReadonlySet<string> = new Set(['waiting', 'booting'])
