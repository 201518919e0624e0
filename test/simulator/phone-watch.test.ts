import t from 'tap'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import type { PhoneNews } from '../../src/simulator/events.ts'
import { parseExpectation } from '../../src/simulator/expectation.ts'
import { PhoneWatch } from '../../src/simulator/phone-watch.ts'

const FROM = 'P00308000500'
const TO = 'P0S3-8-12-00'

const started: PhoneNews = {
  event: 'phone.boot.started',
  cause: 'power',
  generation: 'ual',
  load: FROM,
  loader: FROM,
}
const address: PhoneNews = { event: 'phone.address.taken', address: 1 as Ipv4, tftpServers: [] }
const running = (load: string): PhoneNews => {
  return { event: 'phone.running', load, protocol: 'sccp', provisioned: true }
}
const written: PhoneNews = {
  event: 'phone.flash.written',
  part: 'application',
  name: `${TO}.sb2`,
}
const screen = (text: string): PhoneNews => ({ event: 'phone.screen', text })
const stopped: PhoneNews = { event: 'phone.stopped', screen: 'Protocol Application Invalid' }
const missing = (name: string): PhoneNews => ({ event: 'phone.file.missing', name })

const watching = (expected: string, news: readonly PhoneNews[], shows: string | null = null) => {
  const end = parseExpectation(expected)
  if (end === undefined) throw new Error(`${expected} is no expectation`)
  const watch = new PhoneWatch({ end, shows, registers: false })
  for (const one of news) watch.onNews(one, false)
  return watch
}

const CASES = [
  { expected: TO, news: [started, address, written, started, address, running(TO)], why: null },
  {
    expected: TO,
    news: [started, address, running(FROM)],
    why: `it runs ${FROM}; wanted it to run ${TO}`,
  },
  {
    expected: TO,
    news: [started, address, missing(`${TO}.sb2`), stopped],
    why: `it stopped with "Protocol Application Invalid"; wanted it to run ${TO}; ${TO}.sb2 was not found`,
  },
  {
    expected: TO,
    news: [started, address, missing('CTLSEP000E84C060A6.tlv')],
    why: `its boot has not ended; wanted it to run ${TO}`,
  },
  {
    expected: TO,
    news: [
      started,
      address,
      { event: 'phone.image.refused', name: `${TO}.sbn`, reason: 'not signed' },
      running(FROM),
    ],
    why: `it runs ${FROM}; wanted it to run ${TO}; it refused ${TO}.sbn: not signed`,
  },
  {
    expected: TO,
    news: [
      started,
      address,
      { event: 'phone.file.failed', name: `${TO}.sb2`, reason: 'no answer' },
    ],
    why: `its boot has not ended; wanted it to run ${TO}; ${TO}.sb2 did not come: no answer`,
  },
  { expected: 'unchanged', news: [started, address, running(FROM)], why: null },
  { expected: 'unchanged', news: [], why: 'it was not switched on' },
  {
    expected: 'unchanged',
    news: [started],
    why: 'it has no address; wanted it to run on unchanged',
  },
  {
    expected: 'unchanged',
    news: [started, address],
    why: 'its boot has not ended; wanted it to run on unchanged',
  },
  {
    expected: 'unchanged',
    news: [started, address, written, running(TO)],
    why: `it took ${TO}.sb2; wanted it unchanged`,
  },
  { expected: 'no-address', news: [started], why: null },
  { expected: 'no-address', news: [], why: 'it was not switched on' },
  {
    expected: 'no-address',
    news: [started, address],
    why: 'it was given an address; wanted none',
  },
  { expected: 'stopped', news: [started, address, stopped], why: null },
  {
    expected: 'stopped',
    news: [started, address, running(FROM)],
    why: `it runs ${FROM}; wanted it to stop`,
  },
] as const

t.test('the outcome of a phone is compared with what was expected', async (t) => {
  for (const { expected, news, why } of CASES) {
    const { outcome } = watching(expected, news)
    t.equal(outcome.why, why, `${expected} after ${news.length} news`)
    t.equal(outcome.asExpected, why === null)
  }
})

t.test('a text of the display may be expected besides, whole or in part', async (t) => {
  const news = [started, address, screen('Image Authentication Failed'), running(FROM)]
  t.equal(watching('unchanged', news, 'Authentication').outcome.why, null)
  t.equal(
    watching('unchanged', news, 'W210').outcome.why,
    'its display showed "Image Authentication Failed"; wanted "W210"',
  )
  t.equal(
    watching('unchanged', [started, running(FROM)], 'W210').outcome.why,
    'its display showed nothing; wanted "W210"',
  )
})

t.test('it is decided early what nothing can change any more, and nothing else', async (t) => {
  const cases = [
    { expected: TO, news: [started, running(TO)], decided: true },
    { expected: TO, news: [started, running(FROM)], decided: false },
    { expected: TO, news: [started, stopped], decided: true },
    { expected: 'unchanged', news: [started, running(FROM)], decided: false },
    { expected: 'unchanged', news: [started, written], decided: true },
    { expected: 'no-address', news: [started], decided: false },
    { expected: 'no-address', news: [started, address], decided: true },
    { expected: 'stopped', news: [started, running(FROM)], decided: false },
  ] as const
  for (const { expected, news, decided } of cases) {
    t.equal(watching(expected, news).isDecided, decided, `${expected}, ${news.at(-1)?.event}`)
  }
  const watch = watching(TO, [started])
  watch.onNews(stopped, true)
  t.equal(watch.isDecided, false, 'power will be taken from it once more')
  t.equal(watch.isAtRest, true)
  watch.onNews(started, false)
  t.match(watch, { isAtRest: false, boots: 2, outcome: { stopped: null, runs: null } })
})

t.test('what is kept of a phone that goes round in a circle is bounded', async (t) => {
  const watch = watching('unchanged', [])
  for (let index = 0; index < 1_000; index++) {
    watch.onNews({ ...written, name: `${index}.sb2` }, false)
    watch.onNews(screen(`W${index}`), false)
  }
  t.equal(watch.outcome.written.length, 100)
  t.equal(watch.outcome.shown.length, 100)
})

t.test('what a phone tells besides changes nothing', async (t) => {
  const { outcome } = watching('unchanged', [
    started,
    { event: 'phone.settings.wiped' },
    running(FROM),
  ])
  t.equal(outcome.why, null)
})

t.test(
  'a registration lasts until it fails or the phone starts again, not until NOTIFY',
  async (t) => {
    const end = parseExpectation(TO)
    if (end === undefined) throw new Error('no expectation')
    const watch = new PhoneWatch({ end, shows: null, registers: true })
    const report = (...news: readonly PhoneNews[]) => {
      for (const one of news) watch.onNews(one, false)
      return watch.outcome.registered
    }
    const registered: PhoneNews = {
      event: 'phone.registered',
      protocol: 'sip',
      server: 1 as Ipv4,
      name: '1201',
    }
    t.equal(report(started, address, running(TO)), null)
    t.notOk(watch.isDecided)
    t.match(report(registered), { name: '1201' })
    t.ok(watch.isDecided)
    t.match(report({ event: 'phone.sync.asked' }, running(TO)), { name: '1201' })
    t.equal(
      report({ event: 'phone.registration.failed', protocol: 'sip', reason: 'no answer' }),
      null,
    )
    report(registered)
    t.equal(report(started), null)
  },
)
