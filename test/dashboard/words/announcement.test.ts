import t from 'tap'
import { EMPTY_PAGE, reduce } from '../../../src/dashboard/data/page-state.ts'
import type { Conversion } from '../../../src/dashboard/data/types.ts'
import { announcementOf } from '../../../src/dashboard/words/announcement.ts'
import { aConversion, aPhone, aStep } from '../a-conversion.ts'

const PHONE = '000E84C060A6'
const OTHER = '000E84C060A7'
const read = reduce(EMPTY_PAGE, { kind: 'phones', phones: [aPhone()] })

function withConversions(...conversions: readonly Conversion[]) {
  return reduce(read, { kind: 'conversions', conversions })
}

const waiting = withConversions(aConversion(), aConversion({ mac: OTHER }))
const flashing = aConversion({ steps: [aStep({ stage: 'flashing' })] })
const confirmed = aConversion({ state: 'confirmed', step: 1 })

t.test('the first reading is no news', async (t) => {
  t.equal(announcementOf(EMPTY_PAGE, waiting, null), null)
})

t.test('of the open phone each stage is said, of others the ends alone', async (t) => {
  const after = withConversions(flashing, aConversion({ mac: OTHER }))
  t.equal(announcementOf(waiting, after, PHONE), 'Phone 00:0E:84:C0:60:A6: flashing')
  t.equal(announcementOf(waiting, after, OTHER), null)
  const ended = withConversions(confirmed, aConversion({ mac: OTHER }))
  t.match(announcementOf(waiting, ended, null), /A6: confirmed: runs P0S3-8-12-00$/)
})

t.test('a phone that another page of the list shows is no news, the open one is', async (t) => {
  const phone = aPhone()
  const open = reduce(read, { kind: 'phone', mac: PHONE, phone })
  const started = reduce(open, { kind: 'conversion', conversion: confirmed })
  t.equal(announcementOf(open, started, null), null)
  t.match(announcementOf(open, started, PHONE), 'confirmed')
  t.equal(announcementOf(read, started, PHONE), null, 'nor is its first reading')
})

t.test('many ends at once are one sentence', async (t) => {
  const ended = withConversions(confirmed, aConversion({ mac: OTHER, state: 'stalled' }))
  t.equal(announcementOf(waiting, ended, null), '2 phones have finished or stalled')
})

t.test('a reading that says the same is not said again', async (t) => {
  const same = withConversions(aConversion(), aConversion({ mac: OTHER }))
  t.equal(announcementOf(waiting, same, PHONE), null)
})

t.test('a lost connection is said, and its return, but not the first one', async (t) => {
  const live = reduce(read, { kind: 'connection', connection: 'live' })
  const polling = reduce(live, { kind: 'connection', connection: 'polling' })
  t.equal(announcementOf(read, live, null), null)
  t.match(announcementOf(live, polling, null), 'every 5 seconds')
  t.equal(announcementOf(polling, live, null), 'Live again')
})
