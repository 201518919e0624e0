import t from 'tap'
import { type FirmwareName, parseFirmwareName } from '../../src/phones/firmware-name.ts'
import { isInRange, legalStep } from '../../src/phones/legal-step.ts'

function nameOf(text: string): FirmwareName {
  const parsed = parseFirmwareName(text)
  if (parsed.kind === 'bad') throw new Error(`${text} ${parsed.fault}`)
  return parsed.name
}

t.test('a range holds its first release and not its last limit', async (t) => {
  const range = { protocol: 'sip', atLeast: 404, below: 500 } as const
  const cases = [
    { load: 'P0S3-04-1-00', within: false },
    { load: 'P0S3-04-4-00', within: true },
    { load: 'P0S3-04-10-00', within: true },
    { load: 'P0S3-05-0-00', within: false },
    { load: 'P00303030300', within: false },
  ]
  for (const { load, within } of cases) t.equal(isInRange(nameOf(load), range), within, load)
  const all = { protocol: 'sip', atLeast: 0, below: Number.POSITIVE_INFINITY } as const
  t.ok(isInRange(nameOf('P0S3-8-12-00'), all))
  t.notOk(isInRange(nameOf('P003-8-12-00'), all), 'a loader is in no range')
})

t.test('conditions of a rule are those of the whole path', async (t) => {
  const step = (
    from: string,
    to: string,
    ends: { origin?: string; goal?: string; path?: 'cautious' | 'direct' },
  ) =>
    legalStep(nameOf(from), nameOf(to), {
      origin: nameOf(ends.origin ?? from),
      goal: nameOf(ends.goal ?? to),
      path: ends.path ?? 'direct',
    })?.id
  const sccp8 = 'P00308000500'
  t.equal(step('P0S3-06-3-00', sccp8, { origin: 'P0S3-04-4-00' }), 'sip63-sccp6')
  t.equal(step('P0S3-06-3-00', sccp8, {}), undefined, 'not for a phone that began at 6.3')
  t.equal(step('P0S3-06-0-00', sccp8, { origin: 'P0S3-04-4-00' }), undefined, '6.3 it must be')
  t.equal(step('P0S3-04-4-00', 'P00303030300', {}), 'sip4-sccp3')
  t.equal(step('P0S3-04-4-00', 'P00303030300', { goal: sccp8 }), undefined, 'only as the goal')
  t.equal(step('P0S3-06-3-00', 'P0S3-05-3-00', {}), 'sip6-sip5')
  t.equal(step('P0S3-06-3-00', 'P0S3-05-3-00', { path: 'cautious' }), undefined)
  t.equal(step('P0S30100', 'P00303030300', {}), 'sip21-sccp-short-name', 'twelve characters')
  t.equal(step('P0S30100', 'P0030303', {}), 'sip21-sccp-eight-three')
})
