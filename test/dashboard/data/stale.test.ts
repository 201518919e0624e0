import t from 'tap'
import {
  ALL_STALE,
  addStale,
  FRESH,
  isFresh,
  movesList,
  staleAfter,
  takeShown,
} from '../../../src/dashboard/data/stale.ts'

const PHONE = '000E84C060A6'
const OTHER = '000E84C060A7'
const anEvent = (event: string, mac: string | null) => ({ id: 1, event, mac, network: null })

t.test(
  'an event of a phone makes its conversion stale, and the trace of the open one',
  async (t) => {
    const stale = staleAfter(FRESH, anEvent('tftp.transfer.started', PHONE), PHONE)
    t.same([...stale.resources], ['trace', 'conversion'])
    t.same([...stale.conversionsOf], [PHONE])
    const another = staleAfter(FRESH, anEvent('tftp.transfer.started', OTHER), PHONE)
    t.same([...another.resources], [], 'another phone leaves the open one alone')
  },
)

t.test('an event of DHCP makes the networks stale, with or without a phone', async (t) => {
  t.same([...staleAfter(FRESH, anEvent('dhcp.server.seen', null), null).resources], ['networks'])
  t.ok(staleAfter(FRESH, anEvent('dhcp.ack.sent', PHONE), null).resources.has('networks'))
})

t.test('events of many phones become one reading of the list', async (t) => {
  let stale = FRESH
  for (let number = 0; number < 9; number += 1) {
    stale = staleAfter(stale, anEvent('tftp.transfer.ended', `00000000000${number}`), null)
  }
  t.same([...stale.resources], ['conversions'])
  t.equal(stale.conversionsOf.size, 0)
  const after = staleAfter(stale, anEvent('tftp.transfer.ended', PHONE), null)
  t.equal(after.conversionsOf.size, 0, 'and stays one')
})

t.test('only what is shown is read now; the rest stays stale for later', async (t) => {
  const { now, later } = takeShown(ALL_STALE, new Set(['networks'] as const))
  t.same([...now.resources], ['networks'])
  t.notOk(later.resources.has('networks'))
  t.equal(later.resources.size, ALL_STALE.resources.size - 1)
  const ofOne = staleAfter(FRESH, anEvent('tftp.transfer.ended', PHONE), null)
  t.same([...takeShown(ofOne, new Set()).later.conversionsOf], [PHONE])
  t.same([...takeShown(ofOne, new Set(['conversions'] as const)).now.conversionsOf], [PHONE])
})

t.test('the whole list of conversions includes each of them', async (t) => {
  const ofOne = staleAfter(FRESH, anEvent('tftp.transfer.ended', PHONE), null)
  t.same([...addStale(ofOne, ['phones']).conversionsOf], [PHONE])
  t.equal(addStale(ofOne, ['conversions']).conversionsOf.size, 0)
  t.equal(isFresh(FRESH), true)
  t.equal(isFresh(ofOne), false)
})

t.test('an event of a roll-out makes the list and the open one stale', async (t) => {
  const paused = staleAfter(FRESH, anEvent('rollout.paused', null), null)
  t.same([...paused.resources], ['rollouts', 'rollout'])
  const moved = staleAfter(FRESH, anEvent('rollout.phone.changed', PHONE), null)
  t.same([...moved.resources], ['rollouts', 'rollout'])
  t.same([...moved.conversionsOf], [PHONE], 'and the conversion of its phone')
})

t.test('what a phone registers as makes the open one stale, and no other', async (t) => {
  const events = ['phone.registered', 'phone.unregistered', 'phone.seen', 'audit.change']
  for (const event of events) {
    const stale = staleAfter(FRESH, anEvent(event, PHONE), PHONE)
    const all = event.startsWith('audit.') ? ['phones'] : []
    t.same([...stale.resources], [...all, 'trace', 'conversion', 'phone'], event)
    t.same([...staleAfter(FRESH, anEvent(event, OTHER), PHONE).resources], all, event)
  }
})

t.test('the list of phones is read again when any phone changes or is enrolled', async (t) => {
  t.equal(movesList(anEvent('tftp.transfer.ended', PHONE)), true)
  t.equal(movesList(anEvent('audit.change', null)), true, 'an import is of no single phone')
  t.equal(movesList(anEvent('dhcp.server.seen', null)), false)
  t.ok(staleAfter(FRESH, anEvent('audit.change', null), null).resources.has('phones'))
})
