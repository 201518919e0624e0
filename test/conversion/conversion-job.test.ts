import t from 'tap'
import { ConversionJob } from '../../src/conversion/conversion-job.ts'
import type { ConversionEffect } from '../../src/conversion/events.ts'
import { readRequestedFile } from '../../src/phones/requested-file.ts'
import {
  aConversion,
  aStep,
  MAC,
  SCCP_5_0,
  SCCP_8_0,
  SIP_6_3,
  SIP_7_5,
  SIP_8_12,
} from '../support/conversion-builders.ts'

const CTLSEP = `CTLSEP${MAC}.tlv`
const SEP = `SEP${MAC}.cnf.xml`
const SIP = `SIP${MAC}.cnf`

const events = (effects: readonly ConversionEffect[]) =>
  effects.flatMap((effect) => (effect.kind === 'event' ? [effect.event.event] : []))
const wakes = (effects: readonly ConversionEffect[]) =>
  effects.flatMap((effect) => (effect.kind === 'wake' ? [effect.atMs] : []))
const ask = (job: ConversionJob, name: string, nowMs: number) =>
  job.onRequest(readRequestedFile(name), nowMs)
const stage = (job: ConversionJob, step = job.conversion.step) => job.conversion.steps[step]?.stage

function fetchImage(job: ConversionJob, file: string, nowMs: number): readonly ConversionEffect[] {
  ask(job, file, nowMs)
  job.onTransfer({ file, bytes: 512, of: 1_024, outcome: 'progress' }, nowMs + 100)
  return job.onTransfer({ file, bytes: 1_024, of: 1_024, outcome: 'completed' }, nowMs + 200)
}

const sccp5ToSip63 = () => new ConversionJob(aConversion(), [SIP_6_3])
const sccp8ToSip812 = () =>
  new ConversionJob(
    aConversion({
      from: SCCP_8_0.load,
      to: SIP_8_12.load,
      steps: [aStep({ load: SIP_8_12.load, method: 'ual' })],
    }),
    [SIP_8_12],
  )

t.test('SCCP 5.x to SIP 6.3: every stage, moved by the phone alone', async (t) => {
  const job = sccp5ToSip63()
  t.equal(job.conversion.state, 'waiting')
  job.onBoot('pre-ual', 0)
  t.equal(job.conversion.state, 'running')
  t.equal(stage(job), 'booting')
  ask(job, 'OS79XX.TXT', 1_000)
  t.equal(stage(job), 'booting')
  ask(job, 'P0S3-06-3-00.sbn', 1_200)
  const half = { file: 'P0S3-06-3-00.sbn', bytes: 512, of: 1_024 }
  job.onTransfer({ ...half, outcome: 'progress' }, 1_300)
  t.equal(stage(job), 'fetching')
  t.same(job.conversion.steps[0]?.progress, half)
  job.onTransfer({ ...half, bytes: 1_024, outcome: 'completed' }, 1_400)
  t.equal(stage(job), 'flashing')
  job.onBoot('pre-ual', 60_000)
  t.equal(stage(job), 'rebooting')
  ask(job, 'OS79XX.TXT', 61_000)
  t.equal(job.conversion.state, 'running')
  // It took what OS79XX.TXT named, so it ran SCCP, whose application never asks for this file.
  const last = ask(job, 'SIPDefault.cnf', 61_500)
  t.equal(job.conversion.state, 'confirmed')
  t.equal(job.conversion.confirmedBy, 'application-files')
  t.equal(job.conversion.step, 1)
  t.same(events(last), [
    'conversion.stage.changed',
    'conversion.step.confirmed',
    'conversion.confirmed',
  ])
  t.match(JSON.stringify(last), '"evidence":"application-files","detail":"')
  t.equal(job.isOver(), true)
  t.same(ask(job, 'OS79XX.TXT', 99_000), [], 'what comes later changes nothing')
})

t.test('where the load before asks for the same files, silence confirms', async (t) => {
  const job = sccp5ToSip63()
  job.onBoot('pre-ual', 0)
  ask(job, 'OS79XX.TXT', 1_000)
  ask(job, 'SIPDefault.cnf', 1_100)
  fetchImage(job, 'P0S3-06-3-00.sbn', 1_200)
  job.onBoot('pre-ual', 60_000)
  ask(job, 'OS79XX.TXT', 61_000)
  t.same(wakes(ask(job, 'SIPDefault.cnf', 61_500)), [81_500])
  ask(job, SIP, 62_000)
  t.same(wakes(job.onWake(81_500)), [82_000], 'silence counts from the last request')
  t.equal(job.conversion.state, 'running')
  job.onWake(82_000)
  t.equal(job.conversion.state, 'confirmed')
})

t.test('SCCP 8.x to SIP 8.12: loader first, then application, then proof', async (t) => {
  const job = sccp8ToSip812()
  job.onBoot('ual', 0)
  ask(job, CTLSEP, 1_000)
  ask(job, SEP, 1_100)
  ask(job, 'P0S3-8-12-00.loads', 1_200)
  fetchImage(job, 'P003-8-12-00.sbn', 1_300)
  t.equal(stage(job), 'flashing')
  job.onBoot('ual', 30_000)
  ask(job, CTLSEP, 31_000)
  ask(job, SEP, 31_100)
  ask(job, 'P0S3-8-12-00.loads', 31_200)
  t.equal(stage(job), 'rebooting')
  fetchImage(job, 'P0S3-8-12-00.sb2', 31_300)
  t.equal(job.conversion.state, 'running', 'fetched is not booted')
  job.onBoot('ual', 60_000)
  ask(job, CTLSEP, 61_000)
  ask(job, SEP, 61_100)
  ask(job, 'P0S3-8-12-00.loads', 61_200)
  t.equal(job.conversion.state, 'running')
  ask(job, 'SIPDefault.cnf', 85_000)
  t.equal(job.conversion.state, 'confirmed')
})

const aLongPath = () =>
  new ConversionJob(
    aConversion({
      to: SIP_8_12.load,
      steps: [SIP_6_3, SIP_7_5, SIP_8_12].map(({ load }) => aStep({ load })),
    }),
    [SIP_6_3, SIP_7_5, SIP_8_12],
  )

t.test(
  'a step is passed by the first request of the next boot, without manual action',
  async (t) => {
    const job = aLongPath()
    job.onBoot('pre-ual', 0)
    ask(job, 'OS79XX.TXT', 1_000)
    fetchImage(job, 'P0S3-06-3-00.sbn', 1_200)
    job.onBoot('pre-ual', 60_000)
    t.equal(job.target?.load, SIP_6_3.load)
    ask(job, 'OS79XX.TXT', 61_000)
    t.equal(job.target?.load, SIP_7_5.load, 'this very request is answered by the next step')
    t.equal(stage(job, 0), 'confirmed')
    t.equal(stage(job), 'booting')
    fetchImage(job, 'P003-07-5-00.sbn', 61_200)
    job.onBoot('ual', 90_000)
    ask(job, CTLSEP, 91_000)
    t.equal(job.target?.load, SIP_7_5.load, 'the loader alone does not complete the step')
    fetchImage(job, 'P0S3-07-5-00.sb2', 92_000)
    job.onBoot('ual', 120_000)
    ask(job, CTLSEP, 121_000)
    t.equal(job.target?.load, SIP_8_12.load)
  },
)

t.test('a restart of the appliance between flash and boot loses nothing', async (t) => {
  const before = aLongPath()
  before.onBoot('pre-ual', 0)
  ask(before, 'OS79XX.TXT', 1_000)
  fetchImage(before, 'P0S3-06-3-00.sbn', 1_200)
  const after = new ConversionJob(before.conversion, [SIP_6_3, SIP_7_5, SIP_8_12])
  t.equal(stage(after), 'flashing')
  ask(after, 'OS79XX.TXT', 60_000)
  t.equal(after.target?.load, SIP_7_5.load)
})

t.test('a phone that runs the load of a step already passes it by full proof', async (t) => {
  const job = aLongPath()
  job.onBoot('pre-ual', 0)
  for (const name of ['OS79XX.TXT', 'SIPDefault.cnf', SIP, 'RINGLIST.DAT']) ask(job, name, 1_000)
  job.onWake(21_000)
  t.equal(job.conversion.step, 1)
  t.equal(stage(job), 'waiting', 'the next step needs another start')
  t.equal(job.conversion.state, 'running')
  ask(job, 'dialplan.xml', 21_100)
  t.equal(job.conversion.step, 1, 'what this boot asks for proves no later step')
  t.equal(stage(job), 'waiting')
  ask(job, 'OS79XX.TXT', 60_000)
  t.equal(stage(job), 'booting')
})

t.test('DHCP alone can be the trouble', async (t) => {
  const job = sccp5ToSip63()
  const ignored = { kind: 'ignored', reason: 'no-free-address' } as const
  for (const atMs of [0, 4_000, 12_000]) job.onAddress(ignored, atMs)
  t.equal(job.conversion.diagnosis?.code, 'no-address')
  job.onBoot('pre-ual', 20_000)
  job.onAddress({ kind: 'offered' }, 20_000)
  job.onAddress({ kind: 'granted' }, 20_001)
  t.equal(job.conversion.state, 'running')
  job.onAddress({ kind: 'declined' }, 20_002)
  t.match(job.boot?.address, { granted: false, declined: 1, ignored: 0 })
  job.cancel(30_000)
  t.same(job.onAddress(ignored, 31_000), [])
})

t.test('a configuration file that ends is kept in the state of the boot', async (t) => {
  const job = sccp5ToSip63()
  const event = { file: 'SIPDefault.cnf', bytes: 9, of: 9, outcome: 'completed' } as const
  ask(job, 'OS79XX.TXT', 1_000)
  job.onTransfer(event, 1_100)
  job.onTransfer({ ...event, outcome: 'progress' }, 1_200)
  t.same(job.boot?.files, [{ file: 'SIPDefault.cnf', completed: 1, failed: 0 }])
})

t.test('an image that arrives whole again and again is a diagnosis', async (t) => {
  const job = sccp5ToSip63()
  for (const atMs of [0, 60_000, 120_000]) {
    job.onBoot('pre-ual', atMs)
    ask(job, 'OS79XX.TXT', atMs + 1_000)
    fetchImage(job, 'P0S3-06-3-00.sbn', atMs + 2_000)
  }
  t.equal(job.conversion.state, 'stalled')
  t.equal(job.conversion.diagnosis?.code, 'image-refused')
  t.equal(stage(job), 'stalled')
  t.same(events(job.onBoot('pre-ual', 180_000)), [], 'a new start is no step ahead')
  t.equal(job.conversion.state, 'stalled')
  ask(job, 'OS79XX.TXT', 181_000)
  ask(job, 'SIPDefault.cnf', 182_000)
  t.equal(job.conversion.state, 'confirmed', 'unless it shows the target after all')
})

t.test('three broken transfers are a diagnosis, two and a whole one are not', async (t) => {
  const file = 'P0S3-06-3-00.sbn'
  const broken = { file, bytes: 512, of: 1_024, outcome: 'failed' } as const
  const healthy = sccp5ToSip63()
  healthy.onTransfer(broken, 0)
  healthy.onTransfer(broken, 9_000)
  healthy.onTransfer({ ...broken, bytes: 1_024, outcome: 'completed' }, 18_000)
  t.equal(healthy.conversion.state, 'running')
  const job = sccp5ToSip63()
  for (const atMs of [0, 9_000, 18_000]) job.onTransfer(broken, atMs)
  t.equal(job.conversion.diagnosis?.code, 'transfer-broken')
})

t.test('silence is looked into after a minute, by one wake at a time', async (t) => {
  const job = sccp5ToSip63()
  t.same(wakes(job.onBoot('pre-ual', 0)), [61_000])
  t.same(wakes(job.onBoot('pre-ual', 4_000)), [], 'the earlier wake is still to come')
  job.onWake(61_000)
  t.equal(job.conversion.diagnosis?.code, 'dhcp-without-tftp')
  t.same(wakes(job.onWake(122_000)), [], 'a stalled phone is left to itself')
})

t.test('a stalled phone that repeats itself stays stalled, one that moves goes on', async (t) => {
  const job = sccp5ToSip63()
  job.onBoot('pre-ual', 0)
  ask(job, 'OS79XX.TXT', 1_000)
  ask(job, SEP, 2_000)
  job.onWake(95_000)
  t.equal(job.conversion.diagnosis?.code, 'trigger-ignored')
  ask(job, SEP, 96_000)
  t.equal(job.conversion.state, 'stalled')
  ask(job, 'P0S3-06-3-00.sbn', 97_000)
  t.equal(job.conversion.state, 'stalled', 'whether the image is there is not known yet')
  const begun = { file: 'P0S3-06-3-00.sbn', bytes: 0, of: 9, outcome: 'progress' } as const
  job.onTransfer(begun, 97_001)
  t.equal(job.conversion.state, 'running')
})

t.test('an image that is not there is a diagnosis', async (t) => {
  const job = sccp5ToSip63()
  job.onBoot('pre-ual', 0)
  ask(job, 'P0S3-07-5-00.bin', 1_000)
  job.onAbsent('P0S3-07-5-00.bin', 1_000)
  t.equal(job.conversion.diagnosis?.code, 'image-absent')
  const untouched = sccp5ToSip63()
  t.same(untouched.onAbsent('x.bin', 0), [], 'before any boot there is nothing to report')
})

t.test('files that are no image of the step move nothing', async (t) => {
  const job = sccp5ToSip63()
  const event = { file: 'ringer1.pcm', bytes: 1, of: 1, outcome: 'completed' } as const
  t.same(job.onTransfer(event, 0), [])
})

t.test('progress is shown, not stored', async (t) => {
  const job = sccp5ToSip63()
  job.onBoot('pre-ual', 0)
  const event = { file: 'P0S3-06-3-00.sbn', of: 1_024, outcome: 'progress' } as const
  job.onTransfer({ ...event, bytes: 512 }, 1_000)
  const effects = job.onTransfer({ ...event, bytes: 768 }, 1_250)
  t.same(
    effects.map((effect) => effect.kind === 'changed' && effect.durable),
    [false],
  )
  t.equal(job.boot?.images[0], undefined, 'the request itself was not seen')
})

t.test('cancelled: nothing moves it any more', async (t) => {
  const job = sccp5ToSip63()
  job.onBoot('pre-ual', 0)
  t.same(events(job.cancel(1_000)), ['conversion.cancelled'])
  t.equal(job.conversion.state, 'cancelled')
  t.equal(job.target, undefined)
  const event = { file: 'P0S3-06-3-00.sbn', bytes: 1, of: 1, outcome: 'completed' } as const
  t.same(
    [
      ...job.onBoot('pre-ual', 2_000),
      ...ask(job, 'OS79XX.TXT', 2_000),
      ...job.onAbsent('x', 2_000),
      ...job.onTransfer(event, 2_000),
      ...job.onWake(2_000),
      ...job.cancel(2_000),
    ],
    [],
  )
})

t.test('revisions count every change', async (t) => {
  const job = sccp5ToSip63()
  const before = job.conversion.revision
  job.onBoot('pre-ual', 0)
  t.ok(job.conversion.revision > before)
  t.equal(job.conversion.from, SCCP_5_0.load)
})

t.test('a registration that tells the loads apart ends the conversion', async (t) => {
  const job = sccp8ToSip812()
  t.same(
    job.onRegistration({ protocol: 'sip', version: '8.0', atMs: 1 }),
    [],
    'nothing was sent yet',
  )
  job.onBoot('ual', 0)
  ask(job, CTLSEP, 1_000)
  ask(job, '/7960-font.xml', 1_500)
  fetchImage(job, 'P0S3-8-12-00.sb2', 2_000)
  job.onRegistration({ protocol: 'sip', version: '8.0', atMs: 40_000 })
  t.equal(job.conversion.state, 'confirmed')
  t.equal(job.conversion.confirmedBy, 'registration')
  t.same(job.onRegistration({ protocol: 'sip', version: '8.0', atMs: 50_000 }), [])
})

t.test('a phone in a hurry is judged by its own time', async (t) => {
  const conversion = sccp8ToSip812().conversion
  const job = new ConversionJob(conversion, [SIP_8_12], { time: { speed: 10 } })
  job.onBoot('ual', 0)
  ask(job, CTLSEP, 100)
  fetchImage(job, 'P0S3-8-12-00.sb2', 200)
  t.same(wakes(job.onWake(300)), [])
  job.onWake(400 + 60_001)
  t.equal(job.conversion.diagnosis?.code, 'no-reboot', 'ten minutes in one')
  ask(job, 'SIPDefault.cnf', 70_000)
  t.equal(job.conversion.state, 'confirmed')
})

t.test('a phone that asks for OS79XX.TXT where the step assumes a loader is barred', async (t) => {
  const job = sccp8ToSip812()
  t.equal(job.isBarred, false)
  job.onBoot('pre-ual', 0)
  t.equal(job.conversion.state, 'running', 'option 60 never decides alone')
  t.equal(job.isBarred, false)
  ask(job, 'OS79XX.TXT', 1_000)
  t.equal(job.isBarred, true)
  t.equal(job.conversion.diagnosis?.code, 'other-generation')
  t.match(job.conversion.diagnosis?.remedy, /acceptOneWay/)
  ask(job, SEP, 1_500)
  t.equal(job.conversion.state, 'stalled')
  job.cancel(2_000)
  t.equal(job.isBarred, false)
})

t.test('a restart of the appliance forgets no stall, and how far the phone was', async (t) => {
  const before = sccp5ToSip63()
  for (const atMs of [0, 60_000, 120_000]) {
    ask(before, 'OS79XX.TXT', atMs + 1_000)
    fetchImage(before, 'P0S3-06-3-00.sbn', atMs + 2_000)
  }
  t.equal(before.conversion.diagnosis?.code, 'image-refused')
  const after = new ConversionJob(before.conversion, [SIP_6_3])
  t.same(events(ask(after, 'OS79XX.TXT', 200_000)), [])
  t.equal(after.conversion.state, 'stalled')
})

t.test('a start that ends before an image request could follow proves nothing', async (t) => {
  const job = sccp5ToSip63()
  for (const atMs of [0, 30_000]) {
    job.onBoot('pre-ual', atMs)
    ask(job, 'OS79XX.TXT', atMs + 1_000)
    ask(job, 'SIPDefault.cnf', atMs + 1_500)
    job.onBoot('pre-ual', atMs + 3_000)
    ask(job, 'OS79XX.TXT', atMs + 4_000)
  }
  t.equal(job.conversion.steps[0]?.facts.contentStarts, 0)
})

t.test('a conversion that is over keeps who restarts its phone', async (t) => {
  const over = new ConversionJob(aConversion({ state: 'confirmed', step: 1 }), [SIP_6_3])
  t.same(over.changeRestart('manual', 1), [])
})

const sip8ToSccp8 = () =>
  new ConversionJob(
    aConversion({
      from: SIP_8_12.load,
      to: SCCP_8_0.load,
      steps: [aStep({ load: SCCP_8_0.load, method: 'ual' })],
    }),
    [SCCP_8_0],
  )

/** The loader reads what it is to run and fetches it: its last image has arrived at 20.2 s. */
function fetchSccp(job: ConversionJob): readonly ConversionEffect[] {
  job.onBoot('ual', 0)
  ask(job, CTLSEP, 1_000)
  ask(job, SEP, 1_100)
  return fetchImage(job, 'P00308000500.sb2', 20_000)
}
const isAsked = (effects: readonly ConversionEffect[]) =>
  effects.some(({ kind }) => kind === 'ask-page')

t.test('the page of the phone is asked for once, when the target should be running', async (t) => {
  const job = sip8ToSccp8()
  const fetched = fetchSccp(job)
  t.notOk(isAsked(fetched))
  t.ok(wakes(fetched).includes(80_200), 'a minute behind the image')
  t.notOk(isAsked(job.onWake(80_199)))
  t.ok(isAsked(job.onWake(80_200)))
  t.notOk(isAsked(job.onWake(80_300)), 'and never again')
})

t.test(
  'a page that names the target confirms it, one that names another load does not',
  async (t) => {
    const job = sip8ToSccp8()
    fetchSccp(job)
    t.same(events(job.onPhoneAnswer(SIP_8_12.load, 30_000)), [])
    t.notOk(job.isOver())
    job.onPhoneAnswer(SCCP_8_0.load, 81_000)
    t.match(job.conversion, {
      state: 'confirmed',
      confirmedBy: 'phone-answer',
      evidence: [{ detail: 'Its web page names P00308000500 as App Load ID.' }],
    })
    t.same(job.onPhoneAnswer(SCCP_8_0.load, 82_000), [], 'what comes later changes nothing')
  },
)

t.test('what the page named is part of a diagnosis', async (t) => {
  const job = sip8ToSccp8()
  job.onBoot('ual', 0)
  ask(job, CTLSEP, 1_000)
  job.onPhoneAnswer('P00307020200', 2_000)
  job.onWake(700_000)
  t.equal(job.conversion.state, 'stalled')
  t.match(job.conversion.diagnosis?.seen, /Its web page names P00307020200 as App Load ID\.$/)
})
