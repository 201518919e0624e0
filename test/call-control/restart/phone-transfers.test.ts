import t from 'tap'
import { PhoneTransfers } from '../../../src/call-control/restart/phone-transfers.ts'
import { PHONE } from '../../support/restart-facts.ts'

t.test('a phone is busy while it fetches, and for 180 s after an image', async (t) => {
  const transfers = new PhoneTransfers()
  t.equal(transfers.busySeconds(PHONE, 0), null)
  transfers.onStarted(PHONE, 'SIPDefault.cnf 50001', false)
  t.equal(transfers.busySeconds(PHONE, 0), 5, 'a small file is soon over')
  transfers.onEnded(PHONE, 'SIPDefault.cnf 50001', 100)
  t.equal(transfers.busySeconds(PHONE, 100), null, 'behind a file that is no image it is not')
  transfers.onStarted(PHONE, 'P0S3-8-12-00.sb2 50002', true)
  t.equal(transfers.busySeconds(PHONE, 200), 180)
  transfers.onEnded(PHONE, 'P0S3-8-12-00.sb2 50002', 10_000)
  t.equal(transfers.busySeconds(PHONE, 10_000), 180)
  t.equal(transfers.busySeconds(PHONE, 189_500), 1)
  t.equal(transfers.busySeconds(PHONE, 190_000), null)
})

t.test('an image that broke off counts as one: the phone may write what it has', async (t) => {
  const transfers = new PhoneTransfers()
  transfers.onStarted(PHONE, 'a', true)
  transfers.onStarted(PHONE, 'b', false)
  transfers.onEnded(PHONE, 'a', 1_000)
  t.equal(transfers.busySeconds(PHONE, 2_000), 179)
  t.equal(transfers.busySeconds(PHONE, 181_000), 5, 'the other file is still under way')
  transfers.onEnded(PHONE, 'never begun', 181_000)
  transfers.onEnded(PHONE, 'b', 181_000)
  t.equal(transfers.busySeconds(PHONE, 181_000), null)
})

t.test('phones that run faster write their flash faster', async (t) => {
  const transfers = new PhoneTransfers(10)
  transfers.onStarted(PHONE, 'a', true)
  transfers.onEnded(PHONE, 'a', 0)
  t.equal(transfers.busySeconds(PHONE, 17_000), 1)
  t.equal(transfers.busySeconds(PHONE, 18_000), null)
})

t.test('an image of before the start counts; a deleted phone is forgotten', async (t) => {
  const transfers = new PhoneTransfers()
  transfers.recall(PHONE, 1_000)
  t.equal(transfers.busySeconds(PHONE, 61_000), 120)
  transfers.forget(PHONE)
  t.equal(transfers.busySeconds(PHONE, 61_000), null)
})
