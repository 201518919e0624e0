import { EVENTS, type EventEntry } from '../../src/services/events/event-catalogue.ts'

const INTRODUCTION = `# Events

Every event that Switchhook emits. The log has them as JSON lines with the field \`event\`; the journal (\`GET /v1/events\`,
\`switchhook log\`, the page) has those that concern an enrolled phone, a network or the appliance. Names and fields are stable, sentences are
not. In a sentence, \`{field}\` stands for a field of the event, and a part in square brackets is left out where its field is empty.

The level is the highest that an event is logged at: what one device can cause without end is limited, and the rest is logged at \`debug\`.
\`warn\` means that an operator should look at it.
`

const FOOT = `
Generated from \`src/services/events/event-catalogue.ts\` by \`SWITCHHOOK_WRITE=1 node --import ./test/runner/load-typescript.mjs test/architecture/events.test.ts\`.
`

/** `docs/events.md` as the table of events makes it: a section for each first word of the names. */
export function eventsDocument(): string {
  const areas = new Map<string, [string, EventEntry][]>()
  for (const [name, entry] of Object.entries(EVENTS)) {
    const area = name.split('.', 1)[0] as string
    areas.set(area, [...(areas.get(area) ?? []), [name, entry]])
  }
  const sections = [...areas].map(([area, entries]) => {
    const items = entries.map(([name, entry]) => itemOf(name, entry)).join('\n')
    return `\n## ${area}\n\n| Event | Level | Sentence | When | What to do |\n|---|---|---|---|---|\n${items}\n`
  })
  return INTRODUCTION + sections.join('') + FOOT
}

function itemOf(name: string, { level, sentence, when, action }: EventEntry): string {
  return `| \`${name}\` | ${level} | \`${sentence}\` | ${when} | ${action || '–'} |`
}
