import t from 'tap'
import { ConversionJob } from '../../src/conversion/conversion-job.ts'
import { readRequestedFile } from '../../src/phones/requested-file.ts'
import { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import type { Trace } from '../../src/wire/trace/read-trace.ts'
import { aConversion, aStep, SCCP_8_0, SIP_8_12 } from '../support/conversion-builders.ts'
import { fieldTrace, fieldTraceNames } from '../support/field-trace.ts'

// What real phones did, played to the job that follows a phone: no socket, no waiting.

type Played = {
  readonly job: ConversionJob
  /** When it was confirmed, in seconds of the trace; null where it never was. */
  readonly confirmedAt: number | null
}

const STEP_MS = 1_000

/** Plays a trace, and `afterS` seconds of silence; the job is woken whenever it asks for it. */
function play(job: ConversionJob, { events }: Trace, afterS = 0): Played {
  let confirmedAt: number | null = null
  let nowMs = 0
  const passTo = (atMs: number) => {
    for (; nowMs < atMs; nowMs += STEP_MS) {
      if (job.wakeAtMs !== null && job.wakeAtMs <= nowMs) job.onWake(nowMs)
      if (job.conversion.state === 'confirmed') confirmedAt ??= nowMs / 1_000
    }
  }
  for (const event of events) {
    const atMs = event.t * 1_000
    passTo(atMs)
    const { kind, name } = event
    if (kind === 'rrq' && name !== undefined) {
      job.onRequest(readRequestedFile(name), atMs, event.port ?? null)
    }
    if (kind === 'done' && name !== undefined) {
      job.onTransfer({ file: name, bytes: 1, of: 1, outcome: 'completed' }, atMs)
    }
    if (job.conversion.state === 'confirmed') confirmedAt ??= event.t
  }
  passTo(nowMs + afterS * 1_000)
  return { job, confirmedAt }
}

const toSip812 = (from: string | null = SCCP_8_0.load) =>
  new ConversionJob(
    aConversion({
      from,
      to: SIP_8_12.load,
      steps: [aStep({ load: SIP_8_12.load, method: 'ual' })],
    }),
    [SIP_8_12],
  )

const firstOf = ({ events }: Trace, name: string) =>
  events.find((event) => event.kind === 'rrq' && event.name === name)?.t

for (const name of ['jh-e', 'jh-l', 'jh-n', 'jh-p']) {
  for (const from of [SCCP_8_0.load, 'P0S3-08-11-00', null]) {
    t.test(`${name}: confirmed at SIPDefault.cnf, from ${from}`, async (t) => {
      const trace = fieldTrace(`${name}-conversion`)
      const { job, confirmedAt } = play(toSip812(from), trace)
      t.equal(confirmedAt, firstOf(trace, 'SIPDefault.cnf'))
      t.equal(job.conversion.confirmedBy, 'application-files')
      t.equal(job.conversion.evidence.length, 1)
    })
  }
}

t.test('teo-2: confirmed at SIPDefault.cnf, as no image was asked for', async (t) => {
  const trace = fieldTrace('teo-2-sip812-boot')
  const { job, confirmedAt } = play(toSip812(SIP_8_12.load), trace)
  t.equal(confirmedAt, firstOf(trace, 'SIPDefault.cnf'))
  t.equal(job.conversion.confirmedBy, 'application-files')
})

t.test('no other trace proves SIP 8.12, however long the appliance waits', async (t) => {
  const healthy = /^(?:jh-[elnp]-|teo-2-)/
  const others = fieldTraceNames().filter((name) => !healthy.test(name))
  t.equal(others.length, 12)
  for (const name of others) {
    const { job, confirmedAt } = play(toSip812(), fieldTrace(name), 1_200)
    t.equal(confirmedAt, null, name)
    t.notSame(job.conversion.state, 'confirmed', name)
  }
})

t.test(
  'holes, repeats and another order in a trace: no confirmation ahead of the proof',
  async (t) => {
    const random = new PseudoRandom('holes')
    const trace = fieldTrace('jh-e-conversion')
    const proof = firstOf(trace, 'SIPDefault.cnf') ?? 0
    for (let round = 0; round < 200; round++) {
      const events = trace.events.flatMap((event) => {
        const chance = random.below(10)
        if (chance === 0) return []
        return chance === 1 ? [event, event] : [event]
      })
      const swapped = events.flatMap((event, index) => {
        const next = events[index + 1]
        return next !== undefined && next.t === event.t && random.below(2) === 0 ? [] : [event]
      })
      const { confirmedAt } = play(toSip812('P0S3-08-11-00'), { ...trace, events: swapped }, 300)
      t.ok(confirmedAt === null || confirmedAt >= proof, `round ${round}: ${confirmedAt}`)
    }
  },
)
