import t from 'tap'
import {
  eventsPath,
  fitsFilter,
  joinEvents,
  macIn,
  refilled,
} from '../../../src/dashboard/data/event-query.ts'
import type { SaidEvent } from '../../../src/dashboard/data/types.ts'

const ALL = { about: '', kind: '', isWarningsOnly: false }

const anEvent = (fields: Partial<SaidEvent> = {}): SaidEvent => ({
  id: 7,
  at: '2026-03-01T09:30:00.007Z',
  event: 'dhcp.ack.sent',
  mac: '000E84C060A6',
  network: 'bench',
  level: 'info',
  text: 'has 10.0.0.1',
  ...fields,
})

t.test('a filter is asked of the API, older events by the moment of the first', async (t) => {
  t.equal(eventsPath(ALL, 200, null), '/v1/events?limit=200')
  const filter = { about: '00:0e:84:c0:60:a6', kind: 'dhcp', isWarningsOnly: true }
  const query = new URL(eventsPath(filter, 5, anEvent()), 'http://x').searchParams
  t.same(Object.fromEntries(query), {
    limit: '5',
    mac: '000E84C060A6',
    event: 'dhcp.',
    level: 'warn',
    until: '2026-03-01T09:30:00.008Z',
  })
  t.equal(eventsPath({ ...ALL, about: 'bench' }, 1, null), '/v1/events?limit=1&network=bench')
  t.equal(macIn('000E84C060'), null)
})

const FITS = [
  [{}, true],
  [{ about: 'bench' }, true],
  [{ about: 'lab' }, false],
  [{ about: '000E84C060A6' }, true],
  [{ about: '000E84C060A7' }, false],
  [{ kind: 'dhcp' }, true],
  [{ kind: 'dhc' }, false],
  [{ isWarningsOnly: true }, false],
] as const

t.test('the stream is filtered as the list is', async (t) => {
  for (const [filter, fits] of FITS) {
    t.equal(fitsFilter(anEvent(), { ...ALL, ...filter }), fits, JSON.stringify(filter))
  }
  t.ok(fitsFilter(anEvent({ level: 'error' }), { ...ALL, isWarningsOnly: true }))
})

t.test('an event that is both in the list and in the stream is shown once', async (t) => {
  const [first, second, third] = [anEvent(), anEvent({ id: 8 }), anEvent({ id: 9 })]
  t.same(joinEvents([first, second], [second, third]), [first, second, third])
  t.same(joinEvents([], [third]), [third])
})

t.test(
  'what is read again after a gap leaves no hole, and loses nothing that came since',
  async (t) => {
    const at = (second: number) => ({ id: second, at: `2026-03-01T09:30:0${second}.000Z` })
    const [old, missed, heard, since] = [1, 2, 3, 4].map((second) => anEvent(at(second)))
    const known = [old, heard, since] as SaidEvent[]
    t.same(refilled(known, [missed, heard] as SaidEvent[]), [missed, heard, since])
    t.same(refilled(known, []), known, 'nothing was read')
  },
)
