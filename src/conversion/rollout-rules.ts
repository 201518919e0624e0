import type { EntryProblem } from '../inventory/inventory-outcome.ts'
import type { Phone } from '../inventory/phone.ts'
import type { Mac } from '../net/mac.ts'
import type { StartVerdict } from './conversion-engine.ts'
import type { ConversionRequest } from './plan-request.ts'
import type { RolloutRequest } from './rollout.ts'

/** Phones of one roll-out: as many as a large site has. */
export const MAX_ROLLOUT_PHONES = 2_000

/** What a request is checked against. */
export type RolloutSurroundings = {
  phone(mac: Mac): Phone | undefined
  /** The id of the roll-out that has the phone under way, or will have. */
  rolloutOf(mac: Mac): string | undefined
  /** Whether the phone is proved to run the load already. */
  isThere(mac: Mac): boolean
  /** What asking for the phone's conversion would come to. */
  preview(phone: Phone, request: ConversionRequest): StartVerdict
}

/** Everything that keeps a roll-out from beginning, phone by phone: nothing has begun yet. */
export function findRolloutProblems(
  request: RolloutRequest,
  around: RolloutSurroundings,
): EntryProblem[] {
  const { phones, canaries } = request
  const problems: EntryProblem[] = []
  if (canaries > phones.length) {
    const message = `${canaries} canaries of ${phones.length} phones: at most all of them can be`
    problems.push({ path: '/canaries', message })
  }
  const seen = new Set<Mac>()
  for (const [index, mac] of phones.entries()) {
    const message = seen.has(mac)
      ? `phone ${mac} is named twice; name it once`
      : findPhoneProblem(mac, request, around)
    if (message !== undefined) problems.push({ path: `/phones/${index}`, message })
    seen.add(mac)
  }
  return problems
}

function findPhoneProblem(
  mac: Mac,
  request: RolloutRequest,
  around: RolloutSurroundings,
): string | undefined {
  const phone = around.phone(mac)
  if (phone === undefined) return `phone ${mac} is not enrolled; PUT /v1/phones/${mac} first`
  const other = around.rolloutOf(mac)
  if (other !== undefined) {
    return `phone ${mac} is part of roll-out ${other}, which has not ended; stop that first`
  }
  if (around.isThere(mac)) return undefined
  const judged = around.preview(phone, requestOf(request))
  if (judged.kind === 'plan' || judged.kind === 'already') return undefined
  if (judged.kind === 'refused') {
    return `phone ${mac}: ${judged.reason} (${judged.code}). ${judged.remedy}`
  }
  const { to, state } = judged.conversion
  return `phone ${mac} is on its way to ${to} (${state}); cancel that, or let it end`
}

/** What each phone is asked for. */
export function requestOf(request: Omit<RolloutRequest, 'phones'>): ConversionRequest {
  const { to, from, path, acceptOneWay } = request
  return { to, from: from ?? undefined, path, acceptOneWay }
}
