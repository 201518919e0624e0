import t from 'tap'
import { MAC, SCCP_5_0, SCCP_8_0, SIP_6_3, SIP_8_12 } from '../support/conversion-builders.ts'
import { ScriptedPhone, type ScriptedRequest } from '../support/scripted-phone.ts'

// Phones that refuse, loop, or are switched off: variations of the field traces, with their intervals. No
// wrong confirmation, a diagnosis that stays, and a healthy phone that is confirmed all the same.

const CTLSEP = `CTLSEP${MAC}.tlv`
const SEP = `SEP${MAC}.cnf.xml`
const SIP = `SIP${MAC}.cnf`
const LOADS = 'P0S3-8-12-00.loads'
const SB2 = 'P0S3-8-12-00.sb2'
const FONT = '/7960-font.xml'

const hunt = (atS: number, port = 50_000): ScriptedRequest[] => [
  [atS, CTLSEP, port],
  [atS, SEP, port + 1],
  [atS, LOADS, port + 2],
]
/** The last image arrives whole at the time given. */
const fetched = (atS: number): ScriptedRequest[] => [...hunt(atS - 14), [atS, SB2, 50_003]]
const sipApplication = (atS: number): ScriptedRequest[] => [
  [atS, 'SIPDefault.cnf', 49_990],
  [atS + 0.5, SIP, 49_991],
  [atS + 1.5, 'RINGLIST.DAT', 49_992],
  [atS + 1.5, 'dialplan.xml', 49_993],
]

t.test('the old SIP application after a refused image is never the proof', async (t) => {
  const phone = new ScriptedPhone(SIP_8_12, 'P0S3-08-11-00').play([
    ...fetched(20),
    ...sipApplication(44),
  ])
  for (let atS = 75; atS < 110; atS += 31) phone.play([[atS, SIP, 49_994]])
  t.equal(phone.state, 'running')
  phone.wait(118)
  t.equal(phone.state, 'running', '75 s of phone time are not over')
  phone.wait(121)
  t.equal(phone.diagnosis, 'old-application')
  phone.play(hunt(300))
  t.equal(phone.diagnosis, 'old-application', 'a new start is no progress')
  phone.play([[303, SB2, 50_003]])
  t.equal(phone.diagnosis, 'image-refused', 'it came back for the image')
  phone.play(sipApplication(327)).play(hunt(600)).wait(2_000)
  t.equal(phone.diagnosis, 'image-refused')
  t.equal(phone.state, 'stalled')
  t.same(
    phone.reported.filter((name) => name === 'conversion.stalled').length,
    2,
    'one for each cause',
  )
})

t.test('a loader that never asks again for what it has refused proves nothing', async (t) => {
  // "W710 Loader failed upgrade, ignoring reset": later starts go as those of the target do.
  const phone = new ScriptedPhone(SIP_8_12, 'P0S3-08-11-00').play([
    ...fetched(20),
    ...sipApplication(44),
  ])
  for (const atS of [200, 300, 400]) phone.play([...hunt(atS), ...sipApplication(atS + 23.5)])
  phone.wait(1_000)
  t.equal(phone.confirmedAt, null)
  t.equal(phone.diagnosis, 'image-refused', 'it read .loads again and again, and went no further')
  t.equal(
    phone.reported.filter((name) => name === 'conversion.stalled').length,
    2,
    'one for each cause',
  )
  // The operator reads the load at the phone, and says so: the next start decides.
  const again = new ScriptedPhone(SIP_8_12, SIP_8_12.load).play([
    ...hunt(10),
    ...sipApplication(33.5),
  ])
  t.equal(again.confirmedAt, 33.5)
})

t.test('the same of an SCCP application that goes back to its loader by itself', async (t) => {
  const phone = new ScriptedPhone(SCCP_8_0, 'P00307020300')
  const loader = (atS: number): ScriptedRequest[] => [
    [atS, CTLSEP, 50_000],
    [atS, SEP, 50_001],
    [atS, 'P00308000500.loads', 50_002],
  ]
  const application = (atS: number, more: ScriptedRequest[] = []): ScriptedRequest[] => [
    [atS, CTLSEP, 49_990],
    [atS, SEP, 49_991],
    ...more,
    [atS + 33, CTLSEP, 49_995],
    [atS + 33, SEP, 49_996],
  ]
  phone.play([...loader(6), [20, 'P00308000500.sb2', 50_003], ...application(28.5)])
  for (const atS of [75, 131, 187])
    phone.play([...loader(atS), ...application(atS + 8.5, [[atS + 9, FONT, 49_992]])])
  phone.wait(1_000)
  t.equal(phone.confirmedAt, null)
  // Nor is it told from one that falls silent behind its loader.
  phone.play(loader(1_100)).wait(1_300)
  t.equal(phone.confirmedAt, null)
})

t.test('a loader that comes back for the last image again and again', async (t) => {
  const phone = new ScriptedPhone(SIP_8_12, 'P0S3-08-11-00')
  phone.play([...fetched(20), ...hunt(29), [46, SB2], ...hunt(55)])
  t.equal(phone.state, 'running')
  phone.play([[58, SB2]])
  t.equal(phone.diagnosis, 'image-refused')
  for (let atS = 100; atS < 1_000; atS += 60) phone.play([...hunt(atS), [atS + 14, SB2]])
  t.equal(phone.diagnosis, 'image-refused', 'it stays so at every start')
  t.equal(phone.reported.filter((name) => name === 'conversion.stalled').length, 1)
  t.notOk(phone.reported.includes('conversion.resumed'))
})

t.test('a refused .loads, and a refused loader, are diagnosed as well', async (t) => {
  const loads = new ScriptedPhone(SIP_8_12, SCCP_8_0.load)
  for (const atS of [10, 50, 90]) loads.play(hunt(atS))
  t.equal(loads.diagnosis, 'image-refused')
  t.match(loads.job.conversion.diagnosis?.seen, /P0S3-8-12-00\.loads whole 2 times/)
  const loader = new ScriptedPhone(SIP_8_12, SCCP_8_0.load)
  for (const atS of [10, 50, 90]) loader.play([...hunt(atS), [atS + 3, 'P003-8-12-00.sbn']])
  t.equal(loader.diagnosis, 'image-refused')
  t.match(loader.job.conversion.diagnosis?.seen, /P003-8-12-00\.sbn whole 2 times/)
})

t.test('SIP to SCCP: the SCCP application shows itself, the SIP one does not', async (t) => {
  const sccp = (atS: number, port = 49_990): ScriptedRequest[] => [
    [atS, CTLSEP, port],
    [atS, SEP, port + 1],
  ]
  const fetchedSccp: ScriptedRequest[] = [
    [6, CTLSEP, 50_000],
    [6, SEP, 50_001],
    [6, 'P00308000500.loads', 50_002],
    [20, 'P00308000500.sb2', 50_003],
  ]
  const asked = new ScriptedPhone(SCCP_8_0, SIP_8_12.load).play([...fetchedSccp, ...sccp(47)])
  t.equal(asked.state, 'running')
  asked.play([[48, FONT, 49_992]])
  t.equal(asked.confirmedAt, 48)
  const quiet = new ScriptedPhone(SCCP_8_0, SIP_8_12.load)
    .play([...fetchedSccp, ...sccp(47)])
    .wait(58)
  t.equal(quiet.confirmedAt, 57, 'a loader would have gone on to .loads')
  t.equal(quiet.job.conversion.confirmedBy, 'quiet')
  const silent = new ScriptedPhone(SCCP_8_0, SIP_8_12.load).play(fetchedSccp).wait(100)
  t.equal(silent.confirmedAt, 95)
  const refused = new ScriptedPhone(SCCP_8_0, SIP_8_12.load)
  refused.play([...fetchedSccp, ...sipApplication(44)]).wait(300)
  t.equal(refused.confirmedAt, null)
  const early = new ScriptedPhone(SCCP_8_0, 'P00307020300')
  // The old SCCP application, which reads its files again: its ports count on, it did not start.
  early.play([...fetchedSccp, ...sccp(28.5), [29, FONT, 49_992], ...sccp(62, 49_993)]).wait(90)
  t.equal(early.confirmedAt, null)
  early.wait(120)
  t.equal(early.diagnosis, 'old-application')
})

t.test('silence after the last image of a SIP load is no proof', async (t) => {
  const phone = new ScriptedPhone(SIP_8_12, SCCP_8_0.load).play(fetched(20)).wait(500)
  t.equal(phone.state, 'running')
  phone.wait(700)
  t.equal(phone.diagnosis, 'no-reboot')
  phone.play(hunt(900))
  t.equal(phone.state, 'running', 'a phone that starts again has got further')
  t.equal(
    phone.reported.at(-1) === 'conversion.stalled',
    false,
    'and does not stall in that moment',
  )
})

t.test('a phone that was seen to run SCCP is proved by SIP files at once', async (t) => {
  const phone = new ScriptedPhone(SIP_8_12, 'P0S3-07-4-00')
  phone.play([[1, CTLSEP], [1, SEP], [2, FONT], ...fetched(40), [64, 'SIPDefault.cnf']])
  t.equal(phone.confirmedAt, 64)
})

t.test(
  'images that are asked for and never arrive prove nothing, whatever runs then',
  async (t) => {
    // All requests for the image are lost: the loader gives up after 39 s and starts the old one.
    const phone = new ScriptedPhone(SIP_8_12, 'P0S3-08-11-00').play([
      ...hunt(10),
      ...sipApplication(61),
    ])
    phone.wait(200)
    t.equal(phone.confirmedAt, null)
  },
)

t.test('a phone that runs the target already is confirmed by its next start', async (t) => {
  const phone = new ScriptedPhone(SIP_8_12, SIP_8_12.load).play([
    ...hunt(10),
    ...sipApplication(33.5),
  ])
  t.equal(phone.confirmedAt, 33.5)
})

t.test('the end of a hunt is no application', async (t) => {
  const phone = new ScriptedPhone(SIP_8_12, SCCP_8_0.load).play(fetched(20))
  const names = [CTLSEP, SEP, SIP, `MGC${MAC}.cnf`, 'XMLDefault.cnf.xml', 'SIPDefault.cnf']
  phone.play(names.map((name, index) => [80, name, 60_000 + index] as const)).wait(90)
  t.equal(phone.confirmedAt, null)
})

t.test('a phone without a loader that is power-cycled once a minute', async (t) => {
  const start = (atS: number): ScriptedRequest[] => [
    [atS, 'OS79XX.TXT'],
    [atS + 1, SEP],
  ]
  const image: ScriptedRequest = [12, 'P00305000300.bin']
  const phone = new ScriptedPhone(SCCP_5_0, 'P00303030300').play([...start(10), image])
  phone.play([...start(60), ...start(75)])
  t.equal(phone.confirmedAt, null)
  phone.wait(81)
  t.equal(phone.confirmedAt, 80, 'the second start that asks for no image')
  t.equal(phone.job.conversion.confirmedBy, 'second-boot')
  const once = new ScriptedPhone(SCCP_5_0, 'P00303030300')
    .play([...start(10), image, ...start(60)])
    .wait(90)
  t.equal(once.confirmedAt, 81, 'or one start and 20 s of quiet')
})

t.test('a phone without a loader that fetches the image in every start', async (t) => {
  const phone = new ScriptedPhone(SIP_6_3, 'P0S3-05-3-00')
  for (const atS of [10, 70, 130]) {
    phone.play([
      [atS, 'OS79XX.TXT'],
      [atS, 'SIPDefault.cnf'],
      [atS + 1, 'P0S3-06-3-00.sbn'],
    ])
  }
  t.equal(phone.diagnosis, 'image-refused')
  phone.play([[200, 'OS79XX.TXT']])
  t.equal(phone.state, 'stalled')
})

t.test('three starts that lead nowhere are a diagnosis, a pulled cable is none', async (t) => {
  const pulled = new ScriptedPhone(SIP_6_3, 'P0S3-05-3-00')
  for (const atS of [10, 22, 34, 46]) pulled.play([[atS, 'OS79XX.TXT']])
  t.equal(pulled.state, 'running')
  const looping = new ScriptedPhone(SIP_8_12, SCCP_8_0.load)
  const start = (atS: number): ScriptedRequest[] => [
    [atS, CTLSEP],
    [atS, SEP],
  ]
  for (const atS of [10, 50, 90]) looping.play(start(atS))
  t.equal(looping.state, 'running', 'the first start was a step ahead')
  looping.play(start(130))
  t.equal(
    looping.diagnosis,
    'configuration-unusable',
    'what each of them shows, if it shows something',
  )
  looping.play(start(170)).wait(400)
  t.equal(looping.reported.filter((name) => name === 'conversion.stalled').length, 1)
  const behind = new ScriptedPhone(SIP_8_12, SCCP_8_0.load).play(fetched(20))
  for (const atS of [60, 100, 140, 180]) behind.play([...start(atS), [atS + 1, SIP]])
  t.equal(behind.diagnosis, 'boot-loop')
})
