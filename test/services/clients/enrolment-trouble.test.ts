import t from 'tap'
import type { Mac } from '../../../src/net/mac.ts'
import { attentionIn, EnrolmentTrouble } from '../../../src/services/clients/enrolment-trouble.ts'

const NOW_MS = 1_700_000_000_000
const HOUR_MS = 3_600_000
const MAC = '000E84C060A6' as Mac

function aTrouble() {
  const enrolled = new Set<Mac>()
  const converted = new Set<Mac>()
  const trouble = new EnrolmentTrouble({
    isEnrolled: (mac) => enrolled.has(mac),
    awaitsConversion: (mac) => enrolled.has(mac) && !converted.has(mac),
  })
  const note = (event: string, mac: Mac | null = MAC, network: string | null = 'bench') =>
    trouble.note({ event, mac, network, atMs: NOW_MS, fields: { why: 'there is no profile x' } })
  return { trouble, enrolled, converted, note }
}

t.test('a phone that could not be enrolled is shown until it is, or for a week', async (t) => {
  const { trouble, enrolled, note } = aTrouble()
  note('enrol.phone.refused')
  t.match(trouble.list(NOW_MS), [{ mac: MAC, network: 'bench', why: 'there is no profile x' }])
  t.same(attentionIn(trouble.list(NOW_MS)), [
    {
      mac: MAC,
      network: 'bench',
      atMs: NOW_MS,
      event: 'enrol.phone.refused',
      message: 'could not be enrolled: there is no profile x',
    },
  ])
  t.ok(trouble.isOpen(MAC, NOW_MS))
  t.notOk(trouble.isOpen(MAC, NOW_MS + 168 * HOUR_MS))
  enrolled.add(MAC)
  t.same(trouble.list(NOW_MS), [])
  t.notOk(trouble.isOpen(MAC, NOW_MS))
})

t.test('a phone that could not be converted is shown until it has a conversion', async (t) => {
  const { trouble, enrolled, converted, note } = aTrouble()
  enrolled.add(MAC)
  note('enrol.conversion.refused')
  t.match(trouble.list(NOW_MS + 1_000 * HOUR_MS), [{ event: 'enrol.conversion.refused' }])
  converted.add(MAC)
  t.same(trouble.list(NOW_MS), [])
})

t.test('that the limit is reached is shown for its hour', async (t) => {
  const { trouble, note } = aTrouble()
  note('enrol.limit.reached')
  t.equal(trouble.list(NOW_MS + HOUR_MS - 1).length, 1)
  t.same(trouble.list(NOW_MS + HOUR_MS), [])
})

t.test('other events are no trouble, and an operator may remove what is', async (t) => {
  const { trouble, note } = aTrouble()
  note('enrol.phone.enrolled')
  note('enrol.phone.refused', null)
  note('enrol.phone.refused', MAC, null)
  t.same(trouble.list(NOW_MS), [])
  note('enrol.phone.refused')
  trouble.forget(MAC)
  t.same(trouble.list(NOW_MS), [])
})

t.test('the newest first, and no more than a thousand', async (t) => {
  const { trouble, note } = aTrouble()
  for (let index = 0; index < 2_000; index++) {
    note('enrol.phone.refused', `02${index.toString(16).toUpperCase().padStart(10, '0')}` as Mac)
  }
  note('enrol.phone.refused')
  const listed = trouble.list(NOW_MS)
  t.equal(listed.length, 1_024)
  t.equal(listed[0]?.mac, MAC)
})
