import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import type { ClientIdentity } from '../../../src/clients/client-identities.ts'
import type { Mac } from '../../../src/net/mac.ts'
import type { SeenSoftware } from '../../../src/phones/seen-software.ts'
import {
  type OptionsReply,
  type PageReply,
  PhoneQuestions,
} from '../../../src/services/survey/phone-questions.ts'
import type { SurveyEvent } from '../../../src/services/survey/survey-events.ts'
import { SurveyService } from '../../../src/services/survey/survey-service.ts'
import { ipv4 } from '../../support/values.ts'

const ADDRESS = ipv4('10.20.0.61')
const PLACE = { address: ADDRESS, network: 'bench', mayAsk: true }
const PHONE = '000E84C060A6' as Mac
const OTHER = '0003E369A125' as Mac
const aPage = (mac: string, load = 'P00308010200'): PageReply => ({
  kind: 'page',
  bytes: new Uint8Array(
    Buffer.from(`<MACAddress>${mac}</MACAddress><appLoadID>${load}</appLoadID>`),
  ),
})

/** One network with one leased address, whose device answers as a test says. */
function aBench(change: {
  readonly page?: (path: string) => Promise<PageReply>
  readonly options?: OptionsReply
  readonly identity?: ClientIdentity
}) {
  const asked: string[] = []
  const events: SurveyEvent[] = []
  const answers: [Mac, SeenSoftware][] = []
  const faults: unknown[] = []
  const rings: number[] = []
  const ring = { on: (_nowMs: number) => {}, isClosed: false }
  let ids = 0
  const tell = (event: SurveyEvent) => void events.push(event)
  const isEnrolled = (mac: Mac) => mac === PHONE
  const identify = (): ClientIdentity => change.identity ?? { kind: 'phone', mac: PHONE }
  const questions = new PhoneQuestions({
    page: async (_place, path) => {
      asked.push(path)
      return (change.page ?? (async () => ({ kind: 'closed' })))(path)
    },
    options: async () => {
      asked.push('OPTIONS')
      return change.options ?? null
    },
    identify,
    isEnrolled,
    onAnswer: (mac, found) => answers.push([mac, found]),
    tell,
    nowMs: () => 5_000,
  })
  const service = new SurveyService({
    networks: () => [
      { name: 'bench', subnet: { base: ipv4('10.20.0.0'), prefixLength: 24 }, taken: [] },
    ],
    leased: () => [{ address: ADDRESS, network: 'bench' }],
    knownAt: () => ({
      lease: { mac: PHONE, vendorClass: '', grantedAtMs: 1 },
      there: null,
      isEnrolled,
      seen: () => undefined,
      model: () => null,
    }),
    isBusy: () => false,
    questions,
    timer: (onRing) => {
      ring.on = onRing
      return {
        wakeBy: (atMs) => void rings.push(atMs),
        close: () => {
          ring.isClosed = true
        },
      }
    },
    newId: () => `survey-${++ids}`,
    tell,
    onFault: (fault) => faults.push(fault),
    nowMs: () => 5_000,
  })
  const run = async (addresses: readonly ReturnType<typeof ipv4>[] | null = null) => {
    const outcome = service.start({ network: null, addresses })
    for (let turn = 0; turn < 20; turn++) await setImmediate()
    return outcome
  }
  return { service, run, asked, events, answers, faults, rings, ring }
}

t.test('a page that names the phone that is there counts', async (t) => {
  const { run, service, asked, answers, events } = aBench({ page: async () => aPage(PHONE) })
  t.match(await run(), { kind: 'started', survey: { id: 'survey-1', state: 'running' } })
  t.same(asked, ['/DeviceInformationX'])
  t.match(service.get('survey-1'), {
    state: 'done',
    done: 1,
    phones: [
      { mac: PHONE, load: 'P00308010200', protocol: 'sccp', by: 'web-page', enrolled: true },
    ],
  })
  t.match(answers, [[PHONE, { load: 'P00308010200', by: 'web-page', atMs: 5_000 }]])
  t.match(events, [
    { event: 'survey.started', survey: 'survey-1', addresses: 1 },
    { event: 'survey.finished', survey: 'survey-1', told: 1 },
  ])
})

t.test('a page that is believed and tells a serial number leaves an event', async (t) => {
  const tags = `<MACAddress>${PHONE}</MACAddress><serialNumber>INM07120XYZ</serialNumber>`
  const bytes = new Uint8Array(Buffer.from(`${tags}<modelNumber>CP-7940G</modelNumber>`))
  const { run, events } = aBench({ page: async () => ({ kind: 'page', bytes }) })
  await run()
  const about = { mac: PHONE, network: 'bench', serial: 'INM07120XYZ', model: '7940' }
  t.match(events[1], { event: 'phone.serial.seen', ...about })
  const other = aBench({
    page: async () => ({ kind: 'page', bytes }),
    identity: { kind: 'phone', mac: OTHER },
  })
  await other.run()
  t.notOk(other.events.some(({ event }) => event === 'phone.serial.seen'))
})

t.test('a page that names another phone, or none, is reported and not believed', async (t) => {
  const nobody: PageReply = {
    kind: 'page',
    bytes: new Uint8Array(Buffer.from('<appLoadID>P00308010200</appLoadID>')),
  }
  const cases = [
    { page: aPage(OTHER), named: OTHER, reason: 'other-phone' },
    { page: nobody, named: null, reason: 'no-mac' },
  ] as const
  for (const { page, named, reason } of cases) {
    const { run, service, asked, answers, events } = aBench({ page: async () => page })
    await run()
    t.same(answers, [])
    t.same(asked, ['/DeviceInformationX'], 'nothing more is asked')
    t.match(service.get('survey-1')?.phones[0], { load: null, by: 'lease' })
    const about = { mac: PHONE, address: '10.20.0.61', network: 'bench', named, reason }
    t.match(events[1], { event: 'survey.answer.refused', ...about })
  }
})

t.test('a device that is not recognised says nothing of a phone', async (t) => {
  const unknown = { kind: 'unknown' } as const
  const claims = aBench({ page: async () => aPage(PHONE), identity: unknown })
  await claims.run()
  t.same(claims.answers, [])
  t.match(claims.events[1], { event: 'survey.answer.refused', mac: null, named: PHONE })
  const unknownDevice = aBench({ page: async () => aPage(OTHER), identity: unknown })
  await unknownDevice.run()
  t.same(
    unknownDevice.answers,
    [],
    'a phone that is not enrolled is listed, and nothing is kept of it',
  )
  const options = aBench({ options: { version: '8.0', model: '7960' }, identity: unknown })
  await options.run()
  t.same(options.answers, [])
  const device = { kind: 'device', mac: OTHER } as const
  const other = aBench({ options: { version: '8.0', model: '7960' }, identity: device })
  await other.run()
  t.same(other.answers, [])
})

t.test('three pages, then OPTIONS, which tells the generation alone', async (t) => {
  const { run, service, asked, answers } = aBench({
    page: async (path) => (path === '/' ? { kind: 'page', bytes: new Uint8Array(3) } : STATUS),
    options: { version: '8.0', model: '7960' },
  })
  await run()
  t.same(asked, ['/DeviceInformationX', '/DeviceInformation', '/', 'OPTIONS'])
  t.match(service.get('survey-1')?.phones, [
    { load: null, protocol: 'sip', model: '7960', by: 'options' },
  ])
  t.match(answers, [[PHONE, { load: null, protocol: 'sip', major: 8, by: 'options' }]])
})

const STATUS: PageReply = { kind: 'status' }

t.test('a page without a load tells of the phone, and of no load', async (t) => {
  const bytes = new Uint8Array(Buffer.from(`<MACAddress>${PHONE}</MACAddress>`))
  const { run, answers } = aBench({ page: async () => ({ kind: 'page', bytes }) })
  await run()
  t.match(answers, [[PHONE, { load: null, protocol: null, by: 'web-page' }]])
})

t.test('phones begin one a second', async (t) => {
  const { run, rings, ring, asked } = aBench({})
  await run([ADDRESS, ipv4('10.20.0.62')])
  t.same(rings, [6_000])
  t.same(asked, ['/DeviceInformationX', 'OPTIONS'])
  ring.on(6_000)
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  t.equal(asked.length, 4)
})

t.test('what should never happen ends the survey, and is told', async (t) => {
  const { run, service, faults, events } = aBench({
    page: async () => {
      throw new Error('a fault of ours')
    },
  })
  await run()
  t.match(faults, [{ message: 'a fault of ours' }])
  t.equal(service.get('survey-1')?.state, 'failed')
  t.match(events.at(-1), { event: 'survey.finished', told: 0 })
})

t.test('one phone is asked outside a survey, page by page', async (t) => {
  const { service, asked, answers } = aBench({
    page: async (path) => (path === '/DeviceInformation' ? aPage(PHONE) : STATUS),
  })
  await service.askPage(PLACE)
  t.same(asked, ['/DeviceInformationX', '/DeviceInformation'])
  t.equal(answers.length, 1)
  const silent = aBench({ page: async () => STATUS })
  await silent.service.askPage(PLACE)
  t.same(silent.asked, ['/DeviceInformationX', '/DeviceInformation', '/'])
})

t.test('once it is closed no phone is asked', async (t) => {
  const { service, run, asked, ring } = aBench({ page: async () => STATUS })
  service.start({ network: null, addresses: [ADDRESS, ipv4('10.20.0.62')] })
  service.close()
  t.ok(ring.isClosed)
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  t.equal(asked.length, 1, 'the one that was under way has ended')
  t.equal(service.get('survey-1')?.state, 'failed')
  await service.askPage(PLACE)
  await run()
  t.equal(asked.length, 1)
})

t.test('a refusal and a busy network are passed on', async (t) => {
  const { service, events } = aBench({})
  t.match(service.start({ network: 'attic', addresses: null }), { kind: 'refused' })
  t.same(events, [])
})
