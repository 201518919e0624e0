import t from 'tap'
import { inPhoneTime } from '../../../src/conversion/diagnosis/step-trace.ts'
import { aBoot, aTrace } from '../../support/conversion-builders.ts'

t.test('a trace in phone time has every time multiplied', async (t) => {
  const trace = aTrace({ nowMs: 30, lastEventAtMs: 20, boot: aBoot(['OS79XX.TXT']) })
  t.equal(inPhoneTime(trace, { speed: 1 }), trace)
  t.match(inPhoneTime({ ...trace, suspectedSinceMs: 10 }, { speed: 5 }), {
    nowMs: 150,
    lastEventAtMs: 100,
    suspectedSinceMs: 50,
    boot: { startedAtMs: 0, firstRequestAtMs: 5_000, lastRequestAtMs: 5_000 },
  })
  t.match(inPhoneTime(aTrace({ nowMs: 3 }), { speed: 5 }), {
    nowMs: 15,
    lastEventAtMs: null,
    suspectedSinceMs: null,
    boot: null,
  })
})
