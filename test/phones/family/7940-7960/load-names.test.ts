import t from 'tap'
import { readLoadName } from '../../../../src/phones/family/7940-7960/load-names.ts'

t.test('the shipped spelling goes with the release', async (t) => {
  const cases = [
    { why: 'as it ships', text: 'P0S3-8-12-00', shipped: 'P0S3-8-12-00' },
    { why: 'the last SIP release has one digit', text: 'P0S3-08-12-00', shipped: 'P0S3-8-12-00' },
    { why: 'its loader too', text: 'P003-08-12-00', shipped: 'P003-8-12-00' },
    { why: 'all before have two', text: 'P0S3-6-3-00', shipped: 'P0S3-06-3-00' },
    {
      why: 'the minor release has no zero before it',
      text: 'P0S3-06-03-00',
      shipped: 'P0S3-06-3-00',
    },
    { why: 'nothing is known after it', text: 'P0S3-09-1-00', shipped: 'P0S3-09-1-00' },
    { why: 'SCCP has one spelling', text: 'P0030801SR02', shipped: 'P0030801SR02' },
  ]
  for (const { why, text, shipped } of cases) t.equal(readLoadName(text)?.shipped, shipped, why)
})

t.test('no form fits what is nearly a name', async (t) => {
  const wrong = [
    { why: 'letter O', text: 'POS30203' },
    { why: 'five digits', text: 'P0S302030' },
    { why: 'one digit of sub-version', text: 'P0S3-8-12-0' },
    { why: 'unknown protocol', text: 'P0H3-01-1-00' },
    { why: 'processor of a 7910', text: 'P00405000700' },
    { why: 'something behind it', text: 'P0S30203\n' },
    { why: 'nothing behind AL', text: 'P003AL' },
  ]
  for (const { why, text } of wrong) t.equal(readLoadName(text), undefined, why)
})
