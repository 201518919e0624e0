import { useState } from 'preact/hooks'
import { isWarning, keyOfEvent, macIn } from '../data/event-query.ts'
import type { PageStore } from '../data/page-store.ts'
import { hrefOf } from '../data/route.ts'
import type { Network, SaidEvent } from '../data/types.ts'
import { Choice } from '../parts/choice.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { TextField } from '../parts/text-field.tsx'
import { useEvents } from '../parts/use-events.ts'
import { byDay } from '../words/days.ts'
import { EVENT_KINDS, levelWords } from '../words/event-kinds.ts'
import { formatClock, formatMac } from '../words/format.ts'

type Props = {
  readonly store: PageStore
  readonly networks: readonly Network[] | null
  /** A phone or a network; empty: all. */
  readonly about: string
}

/** More at once would make the page slow. */
const SHOWN_EVENTS = 200

/** What happened, the newest first, as it happens. */
export function EventsView({ store, networks, about }: Props) {
  const [kind, setKind] = useState('')
  const [isWarningsOnly, setWarningsOnly] = useState(false)
  const [limit, setLimit] = useState(SHOWN_EVENTS)
  const { events, problem, older } = useEvents(store, { about, kind, isWarningsOnly })
  const fitting = events ?? []
  const isMore = fitting.length > limit || older !== null
  const showMore = () => {
    setLimit(limit + SHOWN_EVENTS)
    if (fitting.length <= limit) older?.()
  }
  return (
    <>
      <h1>Events</h1>
      <div class="fields">
        <AboutField key={about} about={about} />
        <Choice
          label="Network"
          value={networks?.some(({ name }) => name === about) ? about : ''}
          options={[['', 'all'], ...(networks ?? []).map(({ name }) => name)]}
          onChange={show}
        />
        <Choice label="Kind" value={kind} options={EVENT_KINDS} onChange={setKind} />
        <label class="check">
          <input
            type="checkbox"
            checked={isWarningsOnly}
            onChange={(event) => setWarningsOnly(event.currentTarget.checked)}
          />
          Warnings and errors only
        </label>
      </div>
      <ProblemNote problem={problem} />
      {events === null && problem === null ? <p>Loading the events.</p> : null}
      {events !== null && fitting.length === 0 ? <p>No event matches.</p> : null}
      <EventList events={fitting.slice(-limit).toReversed()} />
      {isMore ? (
        <p class="actions">
          <button type="button" onClick={showMore}>
            Show older events
          </button>
        </p>
      ) : null}
    </>
  )
}

function show(about: string): void {
  location.hash = hrefOf({ kind: 'events', about: about === '' ? null : about })
}

/** A phone by its MAC address; sent with Enter, because a part of an address is none. */
function AboutField({ about }: { readonly about: string }) {
  const [text, setText] = useState(macIn(about) === null ? '' : formatMac(about))
  const [fault, setFault] = useState<string | undefined>(undefined)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const mac = macIn(text)
        if (mac === null && text.trim() !== '') setFault('Enter all twelve digits')
        else show(mac ?? '')
      }}
    >
      <TextField
        label="Phone"
        hint="MAC address in any notation, then Enter"
        fault={fault}
        maxLength={40}
        value={text}
        onChange={(value) => {
          setText(value)
          setFault(undefined)
        }}
      />
    </form>
  )
}

function EventList({ events }: { readonly events: readonly SaidEvent[] }) {
  return (
    <>
      {byDay(events).map(({ day, of }) => (
        <section key={day} aria-label={day} class="card">
          <h2>{day}</h2>
          <ol class="timeline">
            {of.map((event) => (
              <Entry key={keyOfEvent(event)} {...event} />
            ))}
          </ol>
        </section>
      ))}
    </>
  )
}

function Entry(said: SaidEvent) {
  const { at, event, mac, network, level, text, appliance } = said
  return (
    <li>
      <time dateTime={at}>{formatClock(at)}</time>{' '}
      <span class={isWarning(said) ? 'source warn' : 'source'}>{levelWords(level)}</span>{' '}
      <span>
        {mac === null ? network : <a href={hrefOf({ kind: 'phone', mac })}>{formatMac(mac)}</a>}{' '}
        {text} <code class="quiet">{event}</code>
        {appliance === undefined ? null : <span class="quiet"> on {appliance}</span>}
      </span>
    </li>
  )
}
