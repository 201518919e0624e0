import t from 'tap'
import { findOtherWay } from '../../src/conversion/other-way.ts'
import { findRollback } from '../../src/conversion/rollback.ts'
import { ConversionBench } from '../support/conversion-bench.ts'
import { aBoot, aConversion, aStep, MAC } from '../support/conversion-builders.ts'

const OLD = { load: 'P00303010102', quirks: { needsSip23First: true } }
const REQUEST = { from: 'P00303010102', to: 'P0S3-04-4-00', path: 'direct' } as const

/** An old phone that refuses the image, with this firmware available. */
async function refusing(loads: readonly string[]) {
  const bench = await ConversionBench.open(loads)
  await bench.enrol(MAC)
  bench.start(MAC, REQUEST)
  bench.plugIn(MAC, OLD)
  bench.run(600_000, () => bench.journal.recent().some(({ event }) => /replan|stall/.test(event)))
  return bench
}

t.test('document 5455: an old SCCP phone that refuses SIP 4.x goes by 2.3 by itself', async (t) => {
  const bench = await refusing(['P0S3-04-4-00', 'P0S30203'])
  t.match(bench.conversion(MAC), {
    state: 'running',
    refused: [{ from: 'P00303010102', to: 'P0S3-04-4-00' }],
    steps: [
      { load: 'P0S30203', stage: 'waiting', method: 'os79xx' },
      { load: 'P0S3-04-4-00', stage: 'waiting', method: 'image_version' },
    ],
    diagnosis: null,
  })
  const event = bench.journal.recent().find(({ event }) => event === 'conversion.replanned')
  t.match(event?.fields, {
    refused: 'P0S3-04-4-00',
    steps: ['P0S30203', 'P0S3-04-4-00'],
    diagnosis: { code: 'refuses-newer-sip' },
  })
  bench.run(120_000)
  t.equal(bench.conversion(MAC)?.steps[0]?.stage, 'waiting', 'the rest of this boot moves nothing')
  bench.powerCycle(MAC)
  t.equal(bench.runConversion(MAC)?.state, 'confirmed')
  t.equal(bench.phones.get(MAC)?.phone.flash.load, 'P0S3-04-4-00')
})

t.test(
  'without SIP 2.3 available it stalls, and the diagnosis names what is missing',
  async (t) => {
    const bench = await refusing(['P0S3-04-4-00'])
    t.match(bench.conversion(MAC), {
      state: 'stalled',
      diagnosis: { code: 'refuses-newer-sip', remedy: /P0S30203 \(SIP 2\.3.*POST \/v1\/firmware/ },
    })
  },
)

const firmwareOf = (...loads: readonly string[]) => ({
  firmware: () => undefined,
  firmwareLoads: () => loads,
})

t.test('another way must be legal, accepted, and there must be an end', async (t) => {
  const refused = aConversion({
    from: 'P00303010102',
    to: 'P0S3-06-3-00',
    path: 'direct',
    acceptOneWay: true,
  })
  const available = firmwareOf('P0S3-06-3-00', 'P00305000500', 'P0S30203')
  t.match(findOtherWay(refused, null, available), { kind: 'found' })
  t.match(findOtherWay({ ...refused, acceptOneWay: false }, null, available), { kind: 'none' })
  const tooMany = Array.from({ length: 8 }, () => ({ from: null, to: 'P0S30203' }))
  t.match(findOtherWay({ ...refused, refused: tooMany }, null, available), { kind: 'none' })
  t.match(findOtherWay({ ...refused, step: 1 }, null, available), { kind: 'none' })
  const ual = aConversion({ from: 'P00308000500', to: 'P0S3-8-12-00' })
  const one = { ...ual, steps: [aStep({ load: 'P0S3-8-12-00' })] }
  t.match(findOtherWay(one, null, firmwareOf('P0S3-8-12-00')), { kind: 'missing' })
})

t.test('a phone whose load is unknown has refused the step from any load', async (t) => {
  const unknown = aConversion({
    from: null,
    to: 'P0S3-8-12-00',
    steps: [aStep({ load: 'P0S3-8-12-00', method: 'ual' })],
  })
  const boot = aBoot([`CTLSEP${MAC}.tlv`])
  const way = findOtherWay(unknown, boot, firmwareOf('P0S3-8-12-00', 'P0S3-07-4-00'))
  t.not(way.kind, 'found', 'no single way holds for all of them')
})

t.test('the way back is said, or why there is none', async (t) => {
  const done = (from: string | null, to: string) =>
    aConversion({ from, to, state: 'confirmed', step: 1, steps: [aStep({ load: to })] })
  const cases = [
    { why: 'nobody knows', of: done(null, 'P0S3-06-3-00'), at: [], back: null },
    { why: 'it never left', of: done('P0S3-06-3-00', 'P0S3-06-3-00'), at: [], back: null },
    {
      why: 'signed images are for good',
      of: done('P00303030300', 'P00305000300'),
      at: ['P00303030300'],
      back: { to: 'P00303030300', possible: false, reason: /no way back below 5\.0/ },
    },
    {
      why: 'firmware is missing',
      of: done('P00308000500', 'P0S3-8-12-00'),
      at: [],
      back: { possible: false, reason: /not available: P00308000500/ },
    },
    {
      why: 'one step back',
      of: done('P00308000500', 'P0S3-8-12-00'),
      at: ['P00308000500'],
      back: { to: 'P00308000500', possible: true, reason: null },
    },
    {
      why: 'back over the line',
      of: { ...done('P00305000300', 'P0S3-04-4-00'), path: 'direct' as const },
      at: ['P00305000300'],
      back: { possible: true, reason: /acceptOneWay/ },
    },
  ]
  for (const { why, of, at, back } of cases) {
    const found = findRollback(of, at)
    if (back === null) t.equal(found, null, why)
    else t.match(found, back, why)
  }
})

t.test('roll back: the same machinery, with the earlier load as target', async (t) => {
  const bench = await ConversionBench.open(['P00308000500', 'P0S3-8-12-00'])
  await bench.enrol(MAC)
  bench.start(MAC, { from: 'P00308000500', to: 'P0S3-8-12-00' })
  bench.plugIn(MAC, { load: 'P00308000500' })
  t.equal(bench.runConversion(MAC)?.state, 'confirmed')
  t.match(bench.engine.rollback(MAC), { to: 'P00308000500', possible: true })
  t.equal(bench.start(MAC, { to: 'P00308000500' }).kind, 'started')
  bench.powerCycle(MAC)
  t.equal(bench.runConversion(MAC)?.state, 'confirmed')
  t.equal(bench.phones.get(MAC)?.phone.flash.load, 'P00308000500')
})

t.test('cancelled under way, a phone sees the files of the load that it has', async (t) => {
  const bench = await ConversionBench.open(['P00308000500', 'P0S3-8-12-00'])
  await bench.enrol(MAC)
  bench.start(MAC, { from: 'P00308000500', to: 'P0S3-8-12-00' })
  bench.plugIn(MAC, { load: 'P00308000500' })
  bench.run(600_000, () => bench.conversion(MAC)?.steps[0]?.stage === 'fetching')
  bench.engine.cancel(MAC, bench.time.nowMs)
  bench.run(60_000)
  bench.powerCycle(MAC)
  bench.run(300_000)
  const plugged = bench.phones.get(MAC)
  t.equal(plugged?.phone.state, 'running')
  t.equal(plugged?.phone.flash.load, 'P00308000500', 'and so it comes back to it')
})
