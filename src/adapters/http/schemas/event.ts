import Type, { type Static } from 'typebox'
import { entryOf } from '../../../services/events/event-catalogue.ts'
import { LEVELS } from '../../../services/events/event-filter.ts'
import { inWords } from '../../../services/events/words.ts'
import type { RecordedEvent, TimelineEntry } from '../../../services/services.ts'
import { isoTime } from '../api.ts'
import { dropSecretFields } from '../secrets.ts'
import { MacOut, Nullable, OneOf, Time } from './values.ts'

const Fields = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  additionalProperties: true,
  description: 'Further fields, with the names that the log uses',
})

const Where = {
  site: Type.Optional(
    Type.String({ description: 'With database.postgres: the site of the appliance' }),
  ),
  appliance: Type.Optional(
    Type.String({ description: 'With database.postgres: the appliance on which it happened' }),
  ),
}

/** An event as it comes out. */
export const EventView = Type.Object(
  {
    id: Type.Integer({ description: 'Ascending on each appliance' }),
    ...Where,
    at: Time,
    event: Type.String({ examples: ['conversion.step.confirmed'] }),
    mac: Nullable(MacOut),
    network: Nullable(Type.String()),
    level: OneOf(LEVELS, 'The highest level at which the log has events of this name'),
    text: Type.String({ description: 'The event in words, without the phone' }),
    fields: Fields,
  },
  { title: 'Event' },
)

/** An event as JSON, without secrets. */
export function viewEvent(event: RecordedEvent): Static<typeof EventView> {
  const { id, mac, network } = event
  const where = viewWhere(event.appliance)
  const fields = dropSecretFields(event.fields)
  const level = entryOf(event.event)?.level ?? 'debug'
  const text = inWords({ ...event, fields })
  const at = isoTime(event.atMs)
  return { id, ...where, at, event: event.event, mac, network, level, text, fields }
}

function viewWhere(appliance: string | undefined): { site?: string; appliance?: string } {
  if (appliance === undefined) return {}
  const [site = '', name = ''] = appliance.split('/')
  return { site, appliance: name }
}

/** A line of a phone's timeline as it comes out. */
export const TimelineView = Type.Object(
  {
    at: Time,
    ...Where,
    source: OneOf(['dhcp', 'tftp', 'conversion', 'operator']),
    event: Type.String(),
    text: Type.String({ description: 'In words' }),
    fields: Fields,
  },
  { title: 'TimelineEntry' },
)

/** A line of a phone's timeline as JSON, without secrets. */
export function viewTimelineEntry(entry: TimelineEntry): Static<typeof TimelineView> {
  const { source, event, text } = entry
  const fields = dropSecretFields(entry.fields)
  const where = viewWhere(entry.appliance)
  return { at: isoTime(entry.atMs), ...where, source, event, text, fields }
}
