import t from 'tap'
import {
  type ConversionDraft,
  conversionBodyOf,
} from '../../../src/dashboard/data/conversion-body.ts'

const DRAFT: ConversionDraft = {
  to: 'P0S3-8-12-00',
  from: '',
  path: 'cautious',
  acceptOneWay: false,
  restart: '',
}

t.test('what is not chosen is left to the appliance', async (t) => {
  t.same(conversionBodyOf(DRAFT, false), {
    to: 'P0S3-8-12-00',
    path: 'cautious',
    acceptOneWay: false,
  })
})

t.test('who restarts the phone, and that its present load is known better', async (t) => {
  const draft = { ...DRAFT, from: 'P00307020200', restart: 'manual' } as const
  t.match(conversionBodyOf(draft, false), { from: 'P00307020200', restart: 'manual' })
  t.notOk('acceptFrom' in conversionBodyOf(draft, false))
  t.match(conversionBodyOf({ ...draft, restart: 'auto' }, true), {
    acceptFrom: true,
    restart: 'auto',
  })
})
