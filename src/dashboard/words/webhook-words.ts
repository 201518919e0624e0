import type { Webhook } from '../data/types.ts'
import { formatDay } from './format.ts'

/** How the deliveries of a webhook go, for people. */
export function deliveryWords({ delivery }: Webhook): string {
  const { state, waiting, delivered, lastDeliveredAt, lastFailure, nextAttemptAt } = delivery
  switch (state) {
    case 'failing': {
      const next = nextAttemptAt === null ? 'trying again now' : `next ${formatDay(nextAttemptAt)}`
      return `failing: ${lastFailure?.why ?? 'no answer'}; ${next}; ${waiting} waiting`
    }
    case 'sending':
      return `sending; ${waiting} waiting`
    case 'idle':
      return lastDeliveredAt === null
        ? 'nothing sent yet'
        : `${delivered} delivered, the last at ${formatDay(lastDeliveredAt)}`
    default:
      return state satisfies never
  }
}

/** What was given up; null: nothing. */
export function lossWords({ delivery: { dropped } }: Webhook): string | null {
  if (dropped === 0) return null
  return dropped === 1 ? '1 event was given up' : `${dropped} events were given up`
}
