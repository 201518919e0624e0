import t from 'tap'
import type { Mac } from '../../../src/net/mac.ts'
import type { PhonePage } from '../../../src/phones/phone-page.ts'
import { judgePage } from '../../../src/services/survey/judge-page.ts'

const ENROLLED = '000E84C060A6' as Mac
const OTHER = '0003E369A125' as Mac
const aPage = (mac: string | null): PhonePage => ({
  mac,
  model: '7960',
  load: 'P00308010200',
  version: null,
  serial: null,
})

t.test('a page counts for the phone that is there, and for no other', async (t) => {
  const cases = [
    { why: 'its own', page: ENROLLED, there: ENROLLED, is: { kind: 'believed', mac: ENROLLED } },
    { why: 'of another', page: OTHER, there: ENROLLED, is: { kind: 'other-phone', named: OTHER } },
    { why: 'of an enrolled one', page: ENROLLED, there: OTHER, is: { kind: 'other-phone' } },
    { why: 'nobody knows who is there', page: OTHER, there: null, is: { kind: 'believed' } },
    {
      why: 'an enrolled one would be known',
      page: ENROLLED,
      there: null,
      is: { kind: 'other-phone' },
    },
    { why: 'it names nobody', page: null, there: ENROLLED, is: { kind: 'no-mac' } },
  ] as const
  for (const { why, page, there, is } of cases) {
    t.match(
      judgePage(aPage(page), there, (mac) => mac === ENROLLED),
      is,
      why,
    )
  }
})
