import t from 'tap'
import type { Mac } from '../../../src/net/mac.ts'
import {
  type EventFilter,
  endOfPrefix,
  isWanted,
  storedFilter,
} from '../../../src/services/events/event-filter.ts'
import { MAC } from '../../support/conversion-builders.ts'

const STALLED = { atMs: 5, event: 'conversion.stalled', mac: MAC, network: 'bench' }

t.test('an event is wanted where every part of the filter fits it', async (t) => {
  const cases: readonly [filter: EventFilter, isFitting: boolean][] = [
    [{}, true],
    [{ mac: MAC }, true],
    [{ mac: '000E84C060FF' as Mac }, false],
    [{ network: 'bench' }, true],
    [{ network: 'lab' }, false],
    [{ prefix: 'conversion.' }, true],
    [{ prefix: 'dhcp.' }, false],
    [{ level: 'warn' }, true],
    [{ level: 'error' }, false],
    [{ sinceMs: 5 }, true],
    [{ sinceMs: 6 }, false],
    [{ untilMs: 6 }, true],
    [{ untilMs: 5 }, false],
    [{ mac: MAC, network: 'lab' }, false],
  ]
  for (const [filter, isFitting] of cases) {
    t.equal(isWanted(STALLED, filter), isFitting, JSON.stringify(filter))
  }
})

t.test('an event without an entry in the catalogue is wanted at debug alone', async (t) => {
  const former = { ...STALLED, event: 'former.event' }
  t.equal(isWanted(former, { level: 'debug' }), true)
  t.equal(isWanted(former, { level: 'info' }), false)
})

t.test('a level becomes the names of its events, for a table that has no levels', async (t) => {
  t.same(storedFilter({ mac: MAC }), { mac: MAC })
  t.same(storedFilter({ level: 'debug', limit: 3 }), { limit: 3 }, 'every event is of debug')
  const { names = [], ...rest } = storedFilter({ level: 'warn', network: 'bench' })
  t.same(rest, { network: 'bench' })
  t.ok(names.includes('conversion.stalled'))
  t.notOk(names.includes('dhcp.ack.sent'))
  for (const event of names) t.ok(isWanted({ ...STALLED, event }, { level: 'warn' }), event)
})

t.test('the end of a prefix is after every name that begins with it', async (t) => {
  const end = endOfPrefix('dhcp.')
  t.ok('dhcp.\u{1F4DE}' < end)
  t.ok('dhcp/' > end)
})
