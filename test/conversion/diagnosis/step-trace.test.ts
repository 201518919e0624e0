import t from 'tap'
import { inPhoneTime } from '../../../src/conversion/diagnosis/step-trace.ts'
import { aReading, aTrace } from '../../support/conversion-builders.ts'

t.test('a trace in phone time has every time multiplied', async (t) => {
  const trace = aTrace({ nowMs: 30, lastSignAtMs: 20, reading: aReading(['OS79XX.TXT']) })
  t.equal(inPhoneTime(trace, { speed: 1 }), trace)
  t.match(inPhoneTime({ ...trace, suspectedSinceMs: 10 }, { speed: 5 }), {
    nowMs: 150,
    lastSignAtMs: 100,
    suspectedSinceMs: 50,
    reading: { startedAtMs: 0, lastRequestAtMs: 5_000 },
  })
  t.match(inPhoneTime(aTrace({ nowMs: 3 }), { speed: 5 }), {
    nowMs: 15,
    lastSignAtMs: null,
    suspectedSinceMs: null,
    reading: null,
  })
})
