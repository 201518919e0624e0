import t from 'tap'
import {
  EVIDENCE_KINDS,
  EVIDENCE_ROWS,
  judgeEvidence,
  judgeRegistration,
  pageDueMs,
  type StepView,
} from '../../src/conversion/evidence.ts'
import { REAL_TIME } from '../../src/conversion/phone-time.ts'
import { NO_FACTS, type StepFacts } from '../../src/conversion/step-facts.ts'
import type { Target } from '../../src/conversion/target.ts'
import { SCCP_8_0, SIP_7_5, SIP_8_12 } from '../support/conversion-builders.ts'

const aView = (target: Target, facts: Partial<StepFacts> = {}, speed = 1): StepView => ({
  target,
  facts: { ...NO_FACTS, ...facts },
  boot: null,
  nowMs: 100_000,
  time: speed === 1 ? REAL_TIME : { speed },
})

const application = (atMs: number, protocol: 'sip' | 'sccp') =>
  ({ atMs, file: 'sip-default', protocol }) as const
const before = (change: Partial<StepFacts['before']>) => ({
  before: { protocol: null, generation: null, load: null, ...change },
})

t.test('every row has a kind of the API and a source', async (t) => {
  for (const { id, kind, source } of EVIDENCE_ROWS) {
    t.ok(EVIDENCE_KINDS.includes(kind), id)
    t.match(source, /trace|document 5455|inferred|FusionInventory/i, id)
  }
  t.equal(new Set(EVIDENCE_ROWS.map(({ id }) => id)).size, EVIDENCE_ROWS.length)
})

t.test('a page proves the target that it names, and nothing else', async (t) => {
  const cases = [
    { pageLoad: SCCP_8_0.load, proves: true },
    { pageLoad: 'P00307020200', proves: false },
    { pageLoad: 'nonsense', proves: false },
    { pageLoad: null, proves: false },
  ]
  for (const { pageLoad, proves } of cases) {
    const judged = judgeEvidence({ ...aView(SCCP_8_0), pageLoad })
    const detail = `Its web page names ${SCCP_8_0.load} as App Load ID.`
    t.match(
      judged,
      proves ? { kind: 'proved', evidence: { kind: 'phone-answer', detail } } : { kind: 'open' },
      `${pageLoad}`,
    )
  }
})

t.test('the page of SCCP is due when the target should be running, in phone time', async (t) => {
  const loads = { loadsAtMs: 10_000 }
  const image = { ...loads, lastImageAtMs: 20_000 }
  const started = { ...image, application: application(50_000, 'sccp') }
  t.equal(pageDueMs(aView(SCCP_8_0)), null, 'nothing was read yet')
  t.equal(pageDueMs(aView(SCCP_8_0, loads)), 40_000)
  t.equal(pageDueMs(aView(SCCP_8_0, image)), 80_000)
  t.equal(pageDueMs(aView(SCCP_8_0, started)), 55_000)
  t.equal(pageDueMs(aView(SCCP_8_0, image, 10)), 26_000)
  t.equal(pageDueMs(aView(SIP_8_12, started)), null, 'SIP loads have no page')
})

t.test('a window of phone time shrinks with the speed of the phone', async (t) => {
  const facts = { lastImageAtMs: 0, application: application(4_000, 'sip') }
  t.equal(judgeEvidence(aView(SIP_8_12, facts)).kind, 'open', '4 s are too soon for a real phone')
  t.match(judgeEvidence(aView(SIP_8_12, facts, 10)), {
    kind: 'proved',
    evidence: { kind: 'application-files', detail: /started 40 s after/ },
  })
})

t.test('SIP: what a registration proves', async (t) => {
  const late = { lastImageAtMs: 0, application: application(40_000, 'sip') }
  const early = { lastImageAtMs: 0, application: application(24_000, 'sip') }
  const content = { loadsAtMs: 10_000, application: application(33_500, 'sip') }
  const cases = [
    { why: 'nothing was sent and nothing read', facts: {}, version: '8.0', proves: false },
    {
      why: 'all 8.x say 8.0, and it started too early',
      facts: early,
      version: '8.0',
      proves: false,
    },
    { why: 'it started late enough', facts: late, version: '8.0', proves: true },
    { why: 'it is content with .loads', facts: content, version: '8.0', proves: true },
    { why: 'another generation', facts: late, version: '7', proves: false },
    { why: 'no generation', facts: late, version: null, proves: false },
    {
      why: 'it was seen to run SCCP',
      facts: { ...early, ...before({ protocol: 'sccp' }) },
      version: '8.0',
      proves: true,
    },
    {
      why: 'a step before has proved SIP 7',
      facts: { ...early, ...before({ protocol: 'sip', load: SIP_7_5.load }) },
      version: '8.0',
      proves: true,
    },
    {
      why: 'a step before has proved another 8.x',
      facts: { ...early, ...before({ protocol: 'sip', load: 'P0S3-08-11-00' }) },
      version: '8.0',
      proves: false,
    },
  ] as const
  for (const { why, facts, version, proves } of cases) {
    const seen = { protocol: 'sip', version, atMs: 5 } as const
    const evidence = judgeRegistration(aView(SIP_8_12, facts), seen)
    t.equal(evidence?.kind ?? null, proves ? 'registration' : null, why)
    if (proves) t.same(evidence?.atMs, 5)
  }
  const sccp = { protocol: 'sccp', version: '8.0(5.0)', atMs: 5 } as const
  t.equal(judgeRegistration(aView(SIP_8_12, late), sccp), null, 'the other protocol')
  const odd = { ...SIP_8_12, load: 'nonsense' }
  const seen = { protocol: 'sip', version: '8.0', atMs: 5 } as const
  t.equal(judgeRegistration(aView(odd, late), seen), null)
  const unread = { ...early, ...before({ load: 'nonsense' }) }
  t.equal(judgeRegistration(aView(SIP_8_12, unread), seen), null)
})

t.test('SCCP: the Alarm names the load itself', async (t) => {
  const service = { ...SCCP_8_0, load: 'P0030801SR02' }
  const late = { lastImageAtMs: 0, application: application(30_000, 'sccp') }
  const cases = [
    { why: 'the target', target: SCCP_8_0, facts: {}, version: '8.0(5.0)', proves: true },
    { why: 'without a build', target: SCCP_8_0, facts: {}, version: '8.0(5)', proves: true },
    { why: 'the load before', target: SCCP_8_0, facts: {}, version: '7.2(3.0)', proves: false },
    { why: 'another build', target: SCCP_8_0, facts: {}, version: '8.0(5.1)', proves: false },
    { why: 'no version', target: SCCP_8_0, facts: {}, version: null, proves: false },
    { why: 'a text that is none', target: SCCP_8_0, facts: {}, version: '8.0', proves: false },
    {
      why: 'a service release, as far as the Alarm tells',
      target: service,
      facts: late,
      version: '8.1(2.0)',
      proves: true,
    },
    {
      why: 'the same, and a refusal is not excluded',
      target: service,
      facts: {},
      version: '8.1(2.0)',
      proves: false,
    },
    {
      why: 'no load at all',
      target: { ...SCCP_8_0, load: 'nonsense' },
      facts: late,
      version: '8.0(5.0)',
      proves: false,
    },
  ] as const
  for (const { why, target, facts, version, proves } of cases) {
    const seen = { protocol: 'sccp', version, atMs: 5 } as const
    const evidence = judgeRegistration(aView(target, facts), seen)
    t.equal(evidence?.kind ?? null, proves ? 'registration' : null, why)
  }
})

t.test('the rows that only a step without a loader has', async (t) => {
  const pre = { ...SIP_8_12, load: 'P0S3-06-3-00', ual: false, loader: null }
  const facts = { lastImageAtMs: 10_000, ...before({ generation: 'ual' }) }
  t.equal(judgeEvidence(aView(pre, facts)).kind, 'open', 'nothing was asked since')
})
