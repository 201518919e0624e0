import t from 'tap'
import { EarlyEndings, ENDING_KEPT_MS } from '../../src/leases/early-endings.ts'
import type { Mac } from '../../src/net/mac.ts'
import { aClient } from '../support/a-lease-book.ts'

const A = aClient('a').mac as Mac
const B = aClient('b').mac as Mac

t.test('the latest ending of a device counts, in whatever order they are told', async (t) => {
  const endings = new EarlyEndings()
  endings.add(A, 2000)
  endings.add(A, 1000)
  endings.add(null, 3000)
  t.equal(endings.of(A), 2000)
  t.equal(endings.of(B), undefined)
})

t.test('what is older than ten minutes makes room', async (t) => {
  const endings = new EarlyEndings()
  endings.add(A, 1000)
  endings.add(B, 1000 + ENDING_KEPT_MS - 1)
  t.equal(endings.of(A), 1000)
  endings.add(B, 1000 + ENDING_KEPT_MS)
  t.equal(endings.of(A), undefined)
  t.equal(endings.of(B), 1000 + ENDING_KEPT_MS)
})

t.test('the number that is remembered is bounded', async (t) => {
  const endings = new EarlyEndings()
  const macOf = (index: number) => `02${index.toString(16).padStart(10, '0')}` as Mac
  for (let index = 0; index <= 65_536; index++) endings.add(macOf(index), 1000)
  t.equal(endings.of(macOf(0)), undefined)
  t.equal(endings.of(macOf(1)), 1000)
})
