import type { EntryProblem } from '../../inventory/inventory-outcome.ts'
import { EVENTS } from '../events/event-catalogue.ts'
import type { WebhookRequest } from '../services.ts'

/** Events about webhooks: none is delivered by one, or a receiver that fails would cause its own work. */
const OWN = 'webhook.'

/**
 * Whether a selection has an event: by its name, or by the part before a dot, with or without `.*`. `*`
 * is all of them.
 */
export function selects(selection: readonly string[], event: string): boolean {
  if (event.startsWith(OWN)) return false
  return selection.some((entry) => {
    if (entry === '*') return true
    const prefix = entry.endsWith('.*') ? entry.slice(0, -2) : entry
    return event === prefix || event.startsWith(`${prefix}.`)
  })
}

/** The problems of a requested webhook; empty if there are none. */
export function webhookProblems({ url, events }: WebhookRequest): readonly EntryProblem[] {
  const names = Object.keys(EVENTS)
  const unknown = events.flatMap((entry, index) =>
    names.some((name) => selects([entry], name))
      ? []
      : [
          {
            path: `/events/${index}`,
            message: `${entry} is no event; docs/events.md has all names`,
          },
        ],
  )
  const fault = urlFault(url)
  return fault === undefined ? unknown : [{ path: '/url', message: fault }, ...unknown]
}

function urlFault(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) return 'is not a URL; wanted one such as https://example.net/hook'
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return `${url.protocol} is not supported; wanted http: or https:`
  }
  // The URL is shown to every token that may read.
  if (url.username !== '' || url.password !== '') {
    return 'has a user name or password in it; the signature proves who sends, so leave them out'
  }
  return undefined
}
