import t from 'tap'
import { currentLoad } from '../../src/conversion/rollback.ts'
import { aConversion, aStep } from '../support/conversion-builders.ts'

t.test('what runs is the last confirmed step, else what it started from', async (t) => {
  const steps = [aStep({ load: 'P0S3-06-3-00' }), aStep({ load: 'P0S3-07-5-00' })]
  t.equal(currentLoad(aConversion({ steps, step: 0 })), 'P00305000300')
  t.equal(currentLoad(aConversion({ steps, step: 0, from: null })), null)
  t.equal(currentLoad(aConversion({ steps, step: 1 })), 'P0S3-06-3-00')
  t.equal(currentLoad(aConversion({ steps, step: 2 })), 'P0S3-07-5-00')
})
