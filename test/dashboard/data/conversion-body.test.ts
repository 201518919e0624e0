import t from 'tap'
import {
  type ConversionWish,
  conversionBodyOf,
} from '../../../src/dashboard/data/conversion-body.ts'

const WISH: ConversionWish = {
  to: 'P0S3-8-12-00',
  from: '',
  path: 'cautious',
  acceptOneWay: false,
  restart: '',
}

t.test('what is not chosen is left to the appliance', async (t) => {
  t.same(conversionBodyOf(WISH, false), {
    to: 'P0S3-8-12-00',
    path: 'cautious',
    acceptOneWay: false,
  })
})

t.test('who restarts the phone, and that its present load is known better', async (t) => {
  const wish = { ...WISH, from: 'P00307020200', restart: 'manual' } as const
  t.match(conversionBodyOf(wish, false), { from: 'P00307020200', restart: 'manual' })
  t.notOk('acceptFrom' in conversionBodyOf(wish, false))
  t.match(conversionBodyOf({ ...wish, restart: 'auto' }, true), {
    acceptFrom: true,
    restart: 'auto',
  })
})
