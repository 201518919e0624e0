import t, { type Test } from 'tap'
import {
  type Asked,
  aFieldPhone,
  askedIn,
  FIELD_MAC,
  SIP_812,
  serving,
  xmlDefault,
} from '../support/field-phone.ts'
import { fieldTrace } from '../support/field-trace.ts'

// Eight phones of one public log went from SCCP to SIP 8.12; four of them are vectors. What the simulated phone asks for
// is compared with their names, and its times and ports against the least and the most of all eight.

const HUNT = [
  'CTLSEP<MAC>.tlv',
  'SEP<MAC>.cnf.xml',
  'SIP<MAC>.cnf',
  'MGC<MAC>.cnf',
  'XMLDefault.cnf.xml',
]
const LOADER = [...HUNT, `${SIP_812}.loads`, 'P003-8-12-00.sbn']
const SECOND = [...HUNT, `${SIP_812}.loads`, `${SIP_812}.sb2`]
const SIP = ['SIPDefault.cnf', 'SIP<MAC>.cnf']
const CONVERSION = [...LOADER, ...SECOND, ...SIP]

/** From the hunt that finds the load to the application, and three of its polls. */
function conversionIn(asked: readonly Asked[]): readonly Asked[] {
  const loads = asked.findIndex(({ name }) => name === `${SIP_812}.loads`)
  return asked.slice(loads - HUNT.length, loads - HUNT.length + CONVERSION.length + 3)
}

/** Least and most seconds of the eight conversions, and the requests between which they lie. */
const GAPS: readonly {
  readonly what: string
  readonly from: number
  readonly to: number
  readonly s: readonly [number, number]
}[] = [
  { what: 'hunt 1 to .loads', from: 0, to: 5, s: [0, 1] },
  { what: '.loads to .sbn', from: 5, to: 6, s: [1, 2] },
  { what: 'hunt 2 to .loads', from: 7, to: 12, s: [0, 1] },
  { what: '.loads to .sb2', from: 12, to: 13, s: [2, 4] },
  { what: 'SIPDefault.cnf to SIP<MAC>.cnf', from: 14, to: 15, s: [0, 1] },
  { what: 'poll of SIP<MAC>.cnf', from: 15, to: 16, s: [30, 34] },
  { what: 'poll of SIP<MAC>.cnf', from: 16, to: 17, s: [30, 34] },
]

function steps(asked: readonly Asked[], from: number, to: number): readonly number[] {
  return asked
    .slice(from, to)
    .map(({ port }, index) => (asked[from + index + 1]?.port ?? 0) - (port ?? 0))
}

/** What holds for the simulated phone and for the traces; `within` is how exact the times are. */
function judge(t: Test, what: string, asked: readonly Asked[], within: number): void {
  t.same(
    asked.map(({ name }) => name),
    [...CONVERSION, ...new Array(3).fill('SIP<MAC>.cnf')],
    what,
  )
  for (const { what: gap, from, to, s } of GAPS) {
    const seconds = (asked[to]?.t ?? 0) - (asked[from]?.t ?? 0)
    t.ok(seconds >= s[0] - within && seconds <= s[1] + within, `${what}: ${gap} ${seconds} s`)
  }
  t.same(steps(asked, 0, 6), new Array(6).fill(1), `${what}: ports of loader 1`)
  t.same(steps(asked, 7, 13), new Array(6).fill(1), `${what}: ports of loader 2`)
  t.same(steps(asked, 14, 17), new Array(3).fill(1), `${what}: ports of the application`)
  const restart = (asked[7]?.port ?? 0) - (asked[0]?.port ?? 0)
  t.ok([0, -200, -201, -956, -2104].includes(restart), `${what}: loader 1 to loader 2 ${restart}`)
  const start = (asked[14]?.port ?? 0) - (asked[7]?.port ?? 0)
  t.ok(start >= -11 && start <= -8, `${what}: loader 2 to the application ${start}`)
}

t.test('the traces themselves hold what the table of the eight says', async (t) => {
  for (const name of ['jh-e', 'jh-l', 'jh-n', 'jh-p']) {
    judge(t, name, conversionIn(askedIn(fieldTrace(`${name}-conversion`))), 0)
  }
})

t.test('a simulated phone converts as they did, whatever its seed', async (t) => {
  const starts = new Map<string, number[]>()
  for (let seed = 1; seed <= 40; seed++) {
    const answer = serving({ 'XMLDefault.cnf.xml': xmlDefault(SIP_812), 'SIPDefault.cnf': '' })
    const { phone, bench } = aFieldPhone('P00308000500', answer, { seed: seed * 0x9e3779b1 })
    bench.boot()
    bench.run(bench.nowMs + 95_000)
    const asked = conversionIn(askedIn(bench))
    judge(t, `seed ${seed}`, asked, 0)
    const got = (file: string) =>
      (bench.of('phone.file.got').find(({ name }) => name === file)?.atMs ?? 0) / 1000
    const asked6 = asked[6]?.t ?? 0
    const gaps = {
      '.sbn RRQ to end': got('P003-8-12-00.sbn') - asked6,
      '.sb2 RRQ to end': got(`${SIP_812}.sb2`) - (asked[13]?.t ?? 0),
      '.sbn end to hunt 2': (asked[7]?.t ?? 0) - got('P003-8-12-00.sbn'),
      '.sb2 end to SIPDefault.cnf': (asked[14]?.t ?? 0) - got(`${SIP_812}.sb2`),
    }
    for (const [gap, seconds] of Object.entries(gaps)) {
      starts.set(gap, [...(starts.get(gap) ?? []), seconds])
    }
    t.equal(phone.flash.load, SIP_812)
    t.match(bench.of('phone.running'), [{ load: SIP_812, provisioned: false }])
    t.notOk(bench.requests.includes('RINGLIST.DAT'), 'not before SIP<MAC>.cnf was read')
  }
  const wanted = {
    '.sbn RRQ to end': [1, 2.5, 5],
    '.sb2 RRQ to end': [7, 14, 16],
    '.sbn end to hunt 2': [24, 28.5, 35],
    '.sb2 end to SIPDefault.cnf': [38, 42, 53],
  } as const
  for (const [gap, [least, median, most]] of Object.entries(wanted)) {
    const found = (starts.get(gap) ?? []).toSorted((a, b) => a - b)
    const middle = found[found.length / 2] ?? 0
    t.ok((found[0] ?? 0) >= least && (found.at(-1) ?? 0) <= most, `${gap}: ${found.join(' ')}`)
    t.ok(Math.abs(middle - median) < 3, `${gap}: median ${middle}`)
  }
})

t.test('a file put under the missing name is picked up within 31 s, without power', async (t) => {
  const files: Record<string, string> = {
    'XMLDefault.cnf.xml': xmlDefault(SIP_812),
    'SIPDefault.cnf': '',
  }
  const answer = (name: string) => files[name] ?? 'absent'
  const { bench } = aFieldPhone(SIP_812, answer)
  bench.boot()
  bench.run(bench.nowMs + 100_000)
  files[`SIP${FIELD_MAC}.cnf`] = 'line1_name: 1201'
  const putAtMs = bench.nowMs
  bench.run(putAtMs + 34_000)
  t.match(bench.of('phone.running'), [{ provisioned: false }, { provisioned: true }])
  t.same(bench.requests.slice(-2), ['RINGLIST.DAT', 'dialplan.xml'])
  const seen = bench.requests.length
  bench.run(bench.nowMs + 200_000)
  t.equal(bench.requests.length, seen, 'and not asked for any more')
})
