import t from 'tap'
import { DEFAULT_TIMING, quickened, timingOf } from '../../src/simulator/phone-timing.ts'

t.test('at its own speed a phone takes the times that were observed', async (t) => {
  t.same(quickened(DEFAULT_TIMING, 1), DEFAULT_TIMING)
  t.same(DEFAULT_TIMING, timingOf('field'))
  t.match(timingOf('assumed'), { loaderToApplicationMs: 23_000, loaderToSccpApplicationMs: 23_000 })
  t.match(DEFAULT_TIMING, { loaderToApplicationMs: 23_500, imageRetryMs: [8_000, 10_000] })
  t.equal(DEFAULT_TIMING.tftpRetryMs, 4_000, 'RFC 5859 section 3')
})

t.test('a phone in a hurry still waits a second for others', async (t) => {
  const quick = quickened(DEFAULT_TIMING, 100)
  t.match(quick, { powerUpMs: 100, loaderToApplicationMs: 235, imageRetryMs: [80, 100] })
  t.equal(quick.tftpRetryMs, 1_000)
  t.same(quick.loaderRetryMs, [250, 250, 250, 250], 'traced timers: a quarter')
  t.same(quick.dhcpRetryMs, [1_000, 1_000, 1_000, 1_000])
  t.equal(quickened({ ...DEFAULT_TIMING, blockMs: 9 }, 4).blockMs, 2.25)
  t.equal(
    quickened({ ...DEFAULT_TIMING, blockMs: 9 }, 10).blockMs,
    0,
    'no timer is as fine as that',
  )
  const impatient = quickened({ ...DEFAULT_TIMING, tftpRetryMs: 20 }, 100)
  t.equal(impatient.tftpRetryMs, 20, 'a phone that never was patient does not become so')
})
