/** A roll-out as it is being filled in: numbers are still the text of their fields. */
export type RolloutDraft = {
  readonly id: string
  readonly to: string
  /** Empty: each phone shows what it runs. */
  readonly from: string
  readonly path: 'cautious' | 'direct'
  readonly acceptOneWay: boolean
  /** MAC addresses in the order in which they were chosen: the first are the canaries. */
  readonly phones: readonly string[]
  readonly canaries: string
  readonly waveSize: string
  readonly stopAfter: string
  /** What becomes of phones under way when it stops. */
  readonly onStop: 'finish' | 'cancel'
  /** Hours; empty: no limit. */
  readonly appearWithinHours: string
  /** Whether a phone that does not show itself in time has failed, or is only left out. */
  readonly onAbsent: 'fail' | 'skip'
}

/** As careful as the API is by itself. */
export const EMPTY_DRAFT: RolloutDraft = {
  id: '',
  to: '',
  from: '',
  path: 'cautious',
  acceptOneWay: false,
  phones: [],
  canaries: '1',
  waveSize: '10',
  stopAfter: '1',
  onStop: 'finish',
  appearWithinHours: '',
  onAbsent: 'fail',
}

/** The body of `PUT /v1/rollouts/{id}`. */
export function rolloutBodyOf(draft: RolloutDraft): Readonly<Record<string, unknown>> {
  const { to, from, path, acceptOneWay, phones, appearWithinHours: hours } = draft
  return {
    phones,
    to,
    from: from === '' ? null : from,
    path,
    acceptOneWay,
    canaries: Number(draft.canaries),
    waveSize: Number(draft.waveSize),
    stopAfter: Number(draft.stopAfter),
    onStop: draft.onStop,
    onAbsent: draft.onAbsent,
    appearWithin: hours === '' ? null : Number(hours) * 3600,
  }
}

/** The draft with these phones chosen besides, behind those that are chosen already. */
export function choosePhones(draft: RolloutDraft, macs: readonly string[]): RolloutDraft {
  return { ...draft, phones: [...new Set([...draft.phones, ...macs])] }
}

/** The draft without these phones. */
export function dropPhones(draft: RolloutDraft, macs: readonly string[]): RolloutDraft {
  const dropped = new Set(macs)
  return { ...draft, phones: draft.phones.filter((mac) => !dropped.has(mac)) }
}
