import t from 'tap'
import { Behaviour } from '../../../../src/tools/explain/observation/behaviour.ts'
import { bootLoopIn } from '../../../../src/tools/explain/observation/boot-loop.ts'
import type { ObservedEvent } from '../../../../src/tools/explain/observation/observed-event.ts'
import { fieldTrace } from '../../../support/field-trace.ts'

const MAC = '000E84C060A6'
const CTLSEP = `CTLSEP${MAC}.tlv`
const SEP = `SEP${MAC}.cnf.xml`
const OWN = `SIP${MAC}.cnf`
const SIP = 'P0S3-8-12-00'

type Step = readonly [seconds: number, name: string, port?: number]

const request = ([seconds, name, port]: Step): ObservedEvent => ({
  kind: 'request',
  name,
  ...(port === undefined ? {} : { port }),
  atMs: seconds * 1_000,
})

function behaved(steps: readonly Step[], isTimed = true): Behaviour {
  const behaviour = new Behaviour(isTimed)
  for (const step of steps) behaviour.add(request(step))
  return behaviour
}

const faultOf = (steps: readonly Step[], endSeconds?: number) =>
  behaved(steps).fault((endSeconds ?? steps.at(-1)?.[0] ?? 0) * 1_000)

/** A loader that hunts and finds its load at last. */
const hunt = (at: number): readonly Step[] => [
  [at, CTLSEP],
  [at, SEP],
  [at, OWN],
  [at, `MGC${MAC}.cnf`],
  [at, 'XMLDefault.cnf.xml'],
  [at, `${SIP}.loads`],
]

t.test('field traces: what is repeated, heard and asked for tells how it stands', async (t) => {
  const codes = new Map([
    ['jh-b-sccp-boot-loop', 'boot-loop'],
    ['jh-c-sccp-unheard', 'replies-unheard'],
    ['jh-g-second-phone-unheard', 'replies-unheard'],
    ['jh-i-lossy-attempts', 'data-not-arriving'],
    ['jh-l-conversion', 'unprovisioned'],
    ['jh-e-conversion', 'unprovisioned'],
    ['seed-2002-refused-image', 'image-refused'],
    ['teo-2-sip812-boot', undefined],
  ])
  for (const [name, code] of codes) {
    const { events } = fieldTrace(name)
    const asked = events.filter(({ kind }) => kind === 'rrq')
    const steps = asked.map(
      ({ t: at, name: file, port }): Step => (port === null ? [at, file] : [at, file, port]),
    )
    t.equal(faultOf(steps)?.code, code, name)
    // Servers that name no port are judged as well.
    t.equal(faultOf(steps.map(([at, file]): Step => [at, file]))?.code, code, `${name}, no ports`)
  }
})

t.test('the load after the last image is proved by what comes and by when', async (t) => {
  const image = (end: number): readonly ObservedEvent[] => [
    request([0, `${SIP}.sb2`]),
    { kind: 'ended', name: `${SIP}.sb2`, outcome: 'completed', atMs: end * 1_000 },
  ]
  const proves = (before: readonly ObservedEvent[], at: number, isTimed = true) => {
    const behaviour = new Behaviour(isTimed)
    for (const observed of before) behaviour.add(observed)
    const { proves: load } = behaviour.add(request([at, 'SIPDefault.cnf']))
    return { load: load?.load, fault: behaviour.fault(at * 1_000)?.code }
  }
  t.same(proves(image(12), 12 + 38), { load: SIP, fault: undefined }, 'the shortest of the traces')
  t.same(proves(image(12), 12 + 53), { load: SIP, fault: undefined }, 'the longest')
  t.same(proves(image(12), 12 + 24), { load: undefined, fault: 'old-application' })
  t.same(proves(image(12), 400), { load: undefined, fault: undefined }, 'power may have gone')
  t.same(proves([request([0, `${SIP}.sb2`])], 45).load, SIP, 'the end was not told')
  t.same(proves([request([0, `${SIP}.sb2`])], 35).fault, 'old-application')
  const between = { load: undefined, fault: undefined }
  t.same(proves([request([0, `${SIP}.sb2`])], 42), between, 'neither is proved')
  t.same(proves(image(12), 0, false).load, SIP, 'without times the order is all there is')
  const sccp = request([0, 'US/7960-tones.xml'])
  t.same(proves([sccp, ...image(12)], 20).load, SIP, 'the application before asks for no such file')
  const registered: ObservedEvent = {
    kind: 'registration',
    protocol: 'sccp',
    step: 'gone',
    load: null,
    atMs: 0,
  }
  t.same(proves([registered, ...image(12)], 20).load, SIP)
  const broken: ObservedEvent = {
    kind: 'ended',
    name: `${SIP}.sb2`,
    outcome: 'failed',
    atMs: 9_000,
  }
  t.same(proves([...image(12), broken], 60).load, undefined, 'it is not whole')
  const other: ObservedEvent = { kind: 'ended', name: 'x', outcome: 'completed', atMs: 9_000 }
  t.same(proves([...image(12), other], 60).load, SIP)
  t.same(proves([...image(12), request([20, CTLSEP])], 60).load, undefined, 'the loader came back')
  t.same(proves([request([0, 'P003-8-12-00.sbn'])], 60).load, undefined, 'a loader is no load')
  t.same(proves([request([0, 'P0S30203.bin'])], 60).load, undefined, 'nor is one without a loader')
  t.same(
    proves([request([0, 'P00308010200.sb2'])], 60).load,
    undefined,
    'SCCP asks for no such file',
  )
  t.same(proves([request([0, 'P0S3nonsense.sb2'])], 60).load, undefined)
})

t.test('a start too soon is forgotten when the phone fetches once more', async (t) => {
  const steps: readonly Step[] = [
    [0, `${SIP}.sb2`],
    [30, 'SIPDefault.cnf'],
    [60, CTLSEP],
    [61, `${SIP}.sb2`],
  ]
  t.equal(faultOf(steps.slice(0, 2))?.code, 'old-application')
  t.equal(faultOf(steps), null)
})

t.test('a phone that polls for its own file has none', async (t) => {
  const polls = (times: number, pause: number): readonly Step[] => [
    [0, 'SIPDefault.cnf'],
    ...Array.from({ length: times }, (_, index): Step => [1 + index * pause, OWN, 50 + index]),
  ]
  t.match(faultOf(polls(3, 31)), { code: 'unprovisioned', seen: /3 times, every 31 s/ })
  t.match(faultOf(polls(2, 31)), { code: 'unprovisioned', seen: /asked for 2 times\./ })
  t.match(faultOf(polls(2, 640)), { code: 'unprovisioned' }, 'a hole in the log')
  t.equal(faultOf(polls(1, 31)), null, 'once, and nobody said that there is none')
  const absent = behaved(polls(1, 31))
  absent.add({ kind: 'absent', name: OWN, atMs: 1_000 })
  t.match(absent.fault(1_000), { code: 'unprovisioned', seen: /asked for once\./ })
  const there = behaved(polls(3, 31))
  there.add({ kind: 'ended', name: OWN, outcome: 'completed', atMs: 64_000 })
  t.equal(there.fault(64_000), null, 'now it is there')
  const late = polls(3, 31).slice(1)
  t.equal(faultOf([[0, 'RINGLIST.DAT'], ...late.slice(1)]), null, 'one pause shows nothing')
  t.match(faultOf([[0, 'RINGLIST.DAT'], ...late]), { code: 'unprovisioned' })
  t.equal(faultOf(polls(4, 45)), null, 'not at these times')
  t.equal(
    faultOf([
      [0, OWN],
      [31, OWN],
      [62, OWN],
    ]),
    null,
    'a loader may ask for it, too',
  )
  t.equal(faultOf([...polls(3, 31), [100, 'RINGLIST.DAT']]), null, 'it has it now')
  const untimed = behaved(polls(4, 0), false)
  t.match(untimed.fault(0), { code: 'unprovisioned', seen: /asked for 4 times\./ })
  t.equal(behaved(polls(2, 0), false).fault(0), null)
})

t.test('a loader and an application share files: only some tell which runs', async (t) => {
  t.same(behaved(hunt(0)).application, null)
  t.same(behaved([...hunt(0), [24, 'SIPDefault.cnf']]).application, 'sip')
  t.same(behaved([[0, '/7960-font.xml']]).application, 'sccp')
  const again = behaved([[0, 'RINGLIST.DAT'], ...hunt(60)])
  t.same([again.application, again.protocol], [null, 'sip'])
})

t.test('a whole boot that repeats itself, by the call manager or by something else', async (t) => {
  const boots = (file: string): readonly Step[] =>
    [0, 80, 160, 240].flatMap((at): readonly Step[] => [
      [at, CTLSEP],
      [at, SEP],
      [at + 9, file],
    ])
  t.match(faultOf(boots('US/7960-tones.xml')), {
    code: 'boot-loop',
    seen: /4 times, one every 80 s/,
    remedy: /Look at the call manager/,
  })
  t.match(faultOf(boots('dialplan.xml')), { code: 'boot-loop', remedy: /check-sync/ })
  t.equal(faultOf(boots('US/7960-tones.xml'), 1_000), null, 'it is over')
  t.equal(faultOf([...boots('x'), [250, `${SIP}.sb2`]]), null, 'it fetches an image')
  t.equal(behaved(boots('x'), false).fault(0), null, 'without times')
})

t.test(
  'periods: of three even starts, and of no fewer, no denser and no uneven ones',
  async (t) => {
    const seconds = (...times: readonly number[]) => times.map((time) => time * 1_000)
    const at = (times: readonly number[]) => bootLoopIn(times, times.at(-1) ?? 0)
    t.equal(at([]), null)
    t.match(at(seconds(0, 66, 133)), { boots: 3, everySeconds: 67 })
    t.match(at(seconds(65, 78, 86, 131, 145, 153, 198, 211, 219)), { boots: 3, everySeconds: 66 })
    t.equal(at(seconds(0, 66)), null)
    t.equal(at(seconds(0, 20, 40)), null, 'too close')
    t.equal(at(seconds(0, 200, 400)), null, 'too far')
    t.equal(at(seconds(0, 66, 110, 200)), null)
    t.equal(at(seconds(0, 50, 66, 133)), null, 'one start fits nowhere')
    const dense = Array.from({ length: 140 }, (_, index) => index * 1_000)
    t.equal(at(dense), null, 'where starts are dense any period fits')
  },
)

t.test('answers that the server could not send, or that came from elsewhere', async (t) => {
  const blocked = (by: 'filter' | 'other-address'): ObservedEvent => ({
    kind: 'blocked',
    name: CTLSEP,
    by,
    reason: 'why',
    atMs: 0,
  })
  const behaviour = behaved([[0, CTLSEP]])
  behaviour.add(blocked('filter'))
  t.match(behaviour.fault(0), {
    code: 'replies-unheard',
    seen: /asked for files\..*server itself: why/,
  })
  behaviour.add(request([4, CTLSEP]))
  behaviour.add(blocked('filter'))
  behaviour.add(request([8, CTLSEP]))
  behaviour.add(blocked('other-address'))
  t.match(behaviour.fault(0), { seen: /repeated its request.*why/, remedy: /listen-address/ })
  behaviour.add(request([9, 'RINGLIST.DAT']))
  t.equal(behaviour.fault(9_000), null, 'it had them after all')
})

t.test('a server that gets no acknowledgement, without any repeat', async (t) => {
  const ended = (atMs: number): ObservedEvent => ({
    kind: 'ended',
    name: SEP,
    outcome: 'unheard',
    atMs,
  })
  const behaviour = new Behaviour(true)
  for (const at of [0, 20, 40]) {
    behaviour.add(request([at, SEP]))
    behaviour.add(ended(at * 1_000))
  }
  t.match(behaviour.fault(40_000), { code: 'replies-unheard', seen: /acknowledgement 3 times/ })
  for (const name of [CTLSEP, OWN, 'x']) behaviour.add(request([60, name]))
  t.match(behaviour.fault(60_000), { code: 'data-not-arriving' })
  behaviour.add(request([61, `${SIP}.sb2`]))
  behaviour.add({ kind: 'ended', name: `${SIP}.sb2`, outcome: 'completed', atMs: 70_000 })
  t.equal(behaviour.fault(70_000), null, 'a whole image has arrived')
})

t.test('what a call manager says counts for more than what is asked for', async (t) => {
  const register = (
    step: 'accepted' | 'refused' | 'asked',
    protocol: 'sip' | 'sccp',
  ): ObservedEvent => ({
    kind: 'registration',
    protocol,
    step,
    load: null,
    atMs: 0,
  })
  const behaviour = behaved([
    [0, 'SIPDefault.cnf'],
    [1, OWN],
    [32, OWN],
    [63, OWN],
  ])
  behaviour.add(register('accepted', 'sip'))
  t.equal(behaviour.fault(63_000), null)
  behaviour.add(register('refused', 'sip'))
  t.match(behaviour.fault(63_000), { code: 'registration-refused', remedy: /line1_password/ })
  behaviour.add(register('refused', 'sccp'))
  t.match(behaviour.fault(63_000), { code: 'registration-refused', remedy: /by SEP/ })
  t.equal(behaviour.registration, 'refused')
})

t.test('an image is refused only where one without a loader is asked for alone', async (t) => {
  const asks = (name: string, times: number): readonly Step[] =>
    Array.from({ length: times }, (_, index): Step => [index * 9, name])
  t.equal(faultOf(asks('P0S30300.bin', 3))?.code, 'image-refused')
  t.equal(faultOf(asks('P0S30300.bin', 2)), null)
  t.equal(faultOf(asks('P00303020214.bin', 3)), null, 'SCCP')
  t.equal(faultOf(asks('P0S3-8-12-00.sb2', 3)), null)
  const behaviour = behaved(asks('P0S30300.bin', 3))
  behaviour.add({ kind: 'ended', name: 'P0S30300.bin', outcome: 'completed', atMs: 20_000 })
  t.equal(behaviour.fault(20_000), null, 'it has it')
})

t.test('what it gave up on, and events that say nothing of behaviour', async (t) => {
  const behaviour = behaved([0, 1, 5].map((at): Step => [at, SEP, 7]))
  t.equal(behaviour.gaveUpOn(SEP), true)
  t.equal(behaviour.gaveUpOn(CTLSEP), false)
  behaviour.add({ kind: 'absent', name: SEP, atMs: 6_000 })
  behaviour.add({ kind: 'dhcp', address: { kind: 'granted' }, atMs: 6_000 })
  behaviour.add({ kind: 'reply', naming: {}, atMs: 6_000 })
  behaviour.add({ kind: 'boot', generation: 'ual', atMs: 60_000 })
  t.equal(behaviour.fault(60_000), null)
  t.equal(new Behaviour(true).fault(0), null)
  t.same(behaviour.add(request([70, SEP, 9])), { isRetry: false, proves: null })
  t.same(behaviour.add(request([71, SEP, 9])), { isRetry: true, proves: null })
})
