import t from 'tap'
import {
  type ConversionChoice,
  conversionBodyOf,
} from '../../../src/dashboard/data/conversion-body.ts'

const CHOICE: ConversionChoice = {
  to: 'P0S3-8-12-00',
  from: '',
  path: 'cautious',
  acceptOneWay: false,
  restart: '',
}

t.test('what is not chosen is left to the appliance', async (t) => {
  t.same(conversionBodyOf(CHOICE, false), {
    to: 'P0S3-8-12-00',
    path: 'cautious',
    acceptOneWay: false,
  })
})

t.test('who restarts the phone, and that its present load is known better', async (t) => {
  const choice = { ...CHOICE, from: 'P00307020200', restart: 'manual' } as const
  t.match(conversionBodyOf(choice, false), { from: 'P00307020200', restart: 'manual' })
  t.notOk('acceptFrom' in conversionBodyOf(choice, false))
  t.match(conversionBodyOf({ ...choice, restart: 'auto' }, true), {
    acceptFrom: true,
    restart: 'auto',
  })
})
