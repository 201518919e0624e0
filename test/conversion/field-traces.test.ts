import t from 'tap'
import { ConversionJob } from '../../src/conversion/conversion-job.ts'
import { readRequestedFile } from '../../src/phones/requested-file.ts'
import type { Trace } from '../../src/wire/trace/read-trace.ts'
import { aConversion, aStep, SCCP_8_0, SIP_8_12 } from '../support/conversion-builders.ts'
import { fieldTrace } from '../support/field-trace.ts'

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
