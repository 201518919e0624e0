import type { Conversion } from '../../conversion/conversion.ts'
import type { Rollout, RolloutPhone } from '../../conversion/rollout.ts'
import type { RecordedEvent } from '../events/journal.ts'
import type { StartedBy } from './report.ts'

/** An order is recorded when it is answered: a moment after what it began, in milliseconds. */
export const ORDER_WITHIN_MS = 60_000

/** What is known of how a conversion began. */
export type Beginning = {
  /** The `audit.change` events of `ORDER_WITHIN_MS` from its start on, oldest first. */
  readonly changes: readonly RecordedEvent[]
  /** The roll-out that it was part of, and the changes of the same time from that one's start on. */
  readonly rollout: { readonly id: string; readonly changes: readonly RecordedEvent[] } | null
  /** Whether the phone was enrolled automatically. */
  readonly isAutomatic: boolean
}

/** Who began the last conversion of a phone; null where no event tells any longer. */
export function conversionStarter(
  { mac }: Pick<Conversion, 'mac'>,
  { changes, rollout, isAutomatic }: Beginning,
): StartedBy | null {
  if (rollout !== null) {
    const started = rolloutStarter(rollout.id, rollout.changes)
    return { how: 'rollout', by: null, address: null, ...whoIn(started), rollout: rollout.id }
  }
  const own = changes.find((one) => one.mac === mac && actionOf(one) === 'startConversion')
  if (own !== undefined) return orderedBy('operator', own)
  // A list of phones may name a conversion in each of its rows.
  const many = changes.find((one) => actionOf(one) === 'importPhones')
  if (many !== undefined) return orderedBy('import', many)
  if (!isAutomatic) return null
  return { how: 'automatic-enrolment', by: null, address: null, rollout: null }
}

/** Who began a roll-out; null where no event tells any longer. */
export function rolloutStarter(id: string, changes: readonly RecordedEvent[]): StartedBy | null {
  const path = `/v1/rollouts/${id}`
  const order = changes.find(
    (one) => actionOf(one) === 'startRollout' && one.fields['path'] === path,
  )
  return order === undefined ? null : orderedBy('operator', order)
}

/** Whether a roll-out began this conversion, and no other one of that phone. */
export function hasBegun(rollout: Rollout, phone: RolloutPhone, conversion: Conversion): boolean {
  const { startedAtMs } = phone
  if (startedAtMs === null || phone.mac !== conversion.mac) return false
  const apartMs = Math.abs(conversion.startedAtMs - startedAtMs)
  return rollout.to === conversion.to && apartMs <= 1_000
}

function orderedBy(how: StartedBy['how'], { fields }: RecordedEvent): StartedBy {
  const { token, by, address } = fields
  return { how, by: textOf(token) ?? textOf(by), address: textOf(address), rollout: null }
}

function whoIn(started: StartedBy | null): Partial<StartedBy> {
  return started === null ? {} : { by: started.by, address: started.address }
}

function actionOf({ fields }: RecordedEvent): string {
  return `${fields['action']}`
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
