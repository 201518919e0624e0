import t from 'tap'
import { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import { FAULTS, faultNamed } from './faults.ts'
import { readOptions } from './options.ts'
import { planRounds } from './plan.ts'

const MINIMA = { takeoverAfterMs: 2000, repeatForMs: 20_000 }
const draw = (seed: number, rounds: number) =>
  planRounds(rounds, FAULTS, new PseudoRandom(seed), MINIMA).map((round) =>
    round.map(({ fault, afterMs, holdMs }) => [fault.name, afterMs, holdMs]),
  )

t.test('a seed draws the same faults again, another one others', async (t) => {
  t.same(draw(7960, 50), draw(7960, 50))
  t.notSame(draw(7960, 50), draw(7961, 50))
  t.same(draw(7960, 10), draw(7960, 50).slice(0, 10), 'whatever comes behind')
})

t.test('each fault comes once before any comes again', async (t) => {
  const names = draw(1, FAULTS.length)
    .flat()
    .map(([name]) => name)
    .slice(0, FAULTS.length)
  t.same(names.toSorted(), FAULTS.map(({ name }) => name).toSorted())
})

t.test('options name faults, and times', async (t) => {
  const options = readOptions(['--rounds', '3', '--faults', 'kill,stop', '--defaults'])
  t.same(
    options.faults.map(({ name }) => name),
    ['kill', 'stop'],
  )
  t.equal(options.timing.takeoverAfterMs, 8000)
  const allowed = (...args: string[]) => readOptions(args).faults.length
  const needing = FAULTS.filter(({ needsStandby, needsClock }) => needsStandby || needsClock)
  t.equal(allowed(), FAULTS.length - needing.length)
  t.equal(allowed('--standby', '--clock'), FAULTS.length)
  t.ok(allowed('--clock') > allowed() && allowed('--standby') > allowed('--clock'))
  t.equal(readOptions([]).timing.takeoverAfterMs, 2000)
  t.equal(readOptions(['--minutes', '2']).limitMs, 120_000)
  t.equal(readOptions(['--leases', '50000']).leases, 50_000)
  t.throws(() => readOptions(['--leases', '64001']), /--leases takes 64000 at most/)
  t.throws(() => readOptions(['--rounds', 'many']), /--rounds takes a number/)
  t.throws(() => readOptions(['--faults', 'earthquake']), /no fault is called earthquake/)
  t.throws(() => faultNamed(''))
})
