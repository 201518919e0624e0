import t from 'tap'
import type { SocketEffect } from '../../../src/simulator/application/effect.ts'
import { flashRunning } from '../../../src/simulator/phone-flash.ts'
import type { PhoneQuirks } from '../../../src/simulator/phone-quirks.ts'
import { SimulatedPhone } from '../../../src/simulator/simulated-phone.ts'
import { ip, ScriptedBench } from '../../support/scripted-bench.ts'

const MAC = '003094C25D40'
const DEFAULT = 'proxy_register: 1\nproxy1_address: 10.20.0.2\n'
const OWN = 'line1_name: 1201\n'
const US = ip('10.20.0.2')

/** A phone that has booted into a SIP load, and what it wants of its sockets. */
function aPhone(
  load: string,
  files: Readonly<Record<string, string>> = {},
  quirks: Partial<PhoneQuirks> = {},
) {
  const all = new Map(
    Object.entries({ 'SIPDefault.cnf': DEFAULT, [`SIP${MAC}.cnf`]: OWN, ...files }),
  )
  const phone = new SimulatedPhone(
    { mac: MAC as never, model: '7960', flash: flashRunning(load), quirks },
    1,
  )
  const bench = new ScriptedBench(phone, { answer: (name) => all.get(name) ?? 'absent' })
  bench.boot()
  return { phone, bench, files: all }
}

const sockets = (bench: ScriptedBench): SocketEffect[] =>
  bench.effects.flatMap((effect) => (effect.kind === 'socket' ? [effect.effect] : []))

const sent = (bench: ScriptedBench) =>
  sockets(bench).flatMap((effect) =>
    effect.kind === 'sip-send' ? [{ ...effect, text: new TextDecoder().decode(effect.bytes) }] : [],
  )

const field = (text: string, name: string) => RegExp(`^${name}: (.*?)\\r$`, 'mi').exec(text)?.[1]

function report(
  { phone, bench }: ReturnType<typeof aPhone>,
  text: string,
  from = '10.20.0.9',
): void {
  const bytes = new TextEncoder().encode(text.replaceAll('\n', '\r\n'))
  const news = { kind: 'datagram', bytes, from: ip(from), port: 40_000 } as const
  bench.apply(phone.onSocket(news, bench.nowMs))
}

/** The registrar says yes, or something else, to the last REGISTER. */
function answer(phone: ReturnType<typeof aPhone>, status = '200 OK', more = ''): void {
  const register = sent(phone.bench).findLast(({ text }) => text.startsWith('REGISTER'))?.text ?? ''
  const back = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map(
    (name) => `${name}: ${field(register, name)}\n`,
  )
  report(phone, `SIP/2.0 ${status}\n${back.join('')}${more}\n`)
}

function notify(uri: string, to: string, event: string | null): string {
  return [
    `NOTIFY ${uri} SIP/2.0`,
    'Via: SIP/2.0/UDP 10.20.0.9:5070;branch=z9hG4bK1',
    'From: <sip:webadmin@10.20.0.9>;tag=1',
    `To: <${to}>`,
    'Call-ID: 1@10.20.0.9',
    'CSeq: 1 NOTIFY',
    ...(event === null ? [] : [`Event: ${event}`]),
    'Content-Length: 0',
    '',
    '',
  ].join('\n')
}

t.test('each generation registers in its own form', async (t) => {
  const tag = /^<sip:1201@10\.20\.0\.2>;tag=003094c25d40[0-9a-f]{12}-[0-9a-f]{8}$/
  const callId = /^003094c2-5d40[0-9a-f]{4}-[0-9a-f]{8}-[0-9a-f]{8}@10\.20\.0\.61$/
  const plain = '<sip:1201@10.20.0.61:5060;user=phone;transport=udp>'
  const cases = [
    {
      load: 'P0S30202',
      agent: 'Cisco IP Phone/ Rev. 1/ SIP enabled',
      callId: /^c2943000-405d-/,
      from: /^<sip:1201@10\.20\.0\.2>$/,
      contact: plain,
    },
    { load: 'P0S3-04-4-00', agent: 'CSCO/4', callId, from: tag, contact: plain },
    { load: 'P0S3-06-3-00', agent: 'CSCO/6', callId, from: tag, contact: plain },
    { load: 'P0S3-07-5-00', agent: 'CSCO/7', callId, from: tag, contact: plain },
    {
      load: 'P0S3-8-12-00',
      agent: 'Cisco-CP7960G/8.0',
      callId,
      from: tag,
      contact: `${plain};+sip.instance="<urn:uuid:00000000-0000-0000-0000-003094c25d40>";+u.sip!model.ccm.cisco.com="7"`,
    },
  ]
  for (const expected of cases) {
    const { bench } = aPhone(expected.load)
    const [register] = sent(bench)
    t.match(register, { to: US, port: 5060, from: 'other-port' }, expected.load)
    const text = register?.text ?? ''
    t.match(text, /^REGISTER sip:10\.20\.0\.2 SIP\/2\.0\r\n/)
    t.match(field(text, 'Call-ID'), expected.callId)
    t.match(field(text, 'From'), expected.from)
    t.equal(field(text, 'User-Agent'), expected.agent)
    t.equal(field(text, 'Contact'), expected.contact)
    t.equal(field(text, 'Expires'), '3600')
  }
})

t.test('without proxy_register, a proxy or a line nothing is registered', async (t) => {
  const cases = [
    { 'SIPDefault.cnf': 'proxy1_address: 10.20.0.2\n' },
    { 'SIPDefault.cnf': 'proxy_register: 1\nproxy1_address: UNPROVISIONED\n' },
    { 'SIPDefault.cnf': 'proxy_register: 1\nproxy1_address: proxy.example.net\n' },
    { [`SIP${MAC}.cnf`]: 'line1_name: UNPROVISIONED\n' },
    { 'SIPDefault.cnf': 'image_version: P0S30202\n' },
  ]
  for (const files of cases) {
    const { bench } = aPhone('P0S3-06-3-00', files as Readonly<Record<string, string>>)
    t.same(sent(bench), [], JSON.stringify(files))
    t.match(sockets(bench), [{ kind: 'sip-open', port: 5060 }])
  }
})

t.test('each line goes to its proxy, and refreshes before it lapses', async (t) => {
  const own = 'line1_name: 1201\nline2_name: 1202\nproxy2_address: 10.20.0.3\nproxy2_port: 5070\n'
  const phone = aPhone('P0S3-8-12-00', { [`SIP${MAC}.cnf`]: own })
  const places = sent(phone.bench).map(({ to, port }) => ({ to, port }))
  t.same(places, [
    { to: US, port: 5060 },
    { to: ip('10.20.0.3'), port: 5070 },
  ])
  answer(phone, '200 OK', 'Expires: 60\n')
  t.match(phone.bench.of('phone.registered'), [{ protocol: 'sip', name: '1202' }])
  const before = sent(phone.bench).filter(({ to }) => to !== US).length
  const grantedAtMs = phone.bench.nowMs
  const again = () => sent(phone.bench).filter(({ to }) => to !== US).length > before
  phone.bench.run(grantedAtMs + 100_000, again)
  t.equal(phone.bench.nowMs - grantedAtMs, 55_000, 'five seconds before')
  answer(phone, '200 OK', 'Contact: <sip:1202@10.20.0.61:5060>;expires=60\n')
  t.equal(phone.bench.of('phone.registered').length, 1, 'a refresh is no news')
})

t.test('a REGISTER is repeated for 32 s, then given up for a while', async (t) => {
  const phone = aPhone('P0S3-8-12-00')
  const beganAtMs = phone.bench.nowMs
  phone.bench.run(beganAtMs + 40_000)
  t.equal(sent(phone.bench).length, 11, 'RFC 3261 table 4: 0.5, 1, 2, 4, 4 … s')
  t.match(phone.bench.of('phone.registration.failed'), [{ reason: 'no answer' }])
  phone.bench.run(beganAtMs + 63_000)
  t.equal(sent(phone.bench).length, 13, 'asked again')
  answer(phone, '403 Forbidden')
  answer(phone, '200 OK')
  t.match(phone.bench.of('phone.registration.failed').at(-1), { reason: '403 Forbidden' })
  t.same(phone.bench.of('phone.registered'), [], 'what is answered already')
})

t.test('NOTIFY is judged as the later stack of Cisco does it', async (t) => {
  const good = 'sip:1201@10.20.0.61:5060'
  const cases = [
    { uri: good, event: 'check-sync', status: '200 OK' },
    { uri: good, event: 'Check-Sync', status: '200 OK' },
    { uri: good, event: null, status: '400 Bad Request' },
    { uri: 'sip:10.20.0.61', event: 'check-sync', status: '400 Bad Request' },
    { uri: 'tel:1201', event: 'check-sync', status: '400 Bad Request' },
    { uri: 'sip:1299@10.20.0.61', event: 'check-sync', status: '404 Not Found' },
    { uri: good, to: 'sip:10.20.0.61', event: 'check-sync', status: '400 Bad Request' },
    { uri: good, event: 'check-sync;reboot=true', status: '400 Bad Request' },
  ]
  for (const { uri, to = 'sip:1201@10.20.0.61', event, status } of cases) {
    const phone = aPhone('P0S3-8-12-00')
    const before = sent(phone.bench).length
    report(phone, notify(uri, to, event))
    const [reply] = sent(phone.bench).slice(before)
    t.match(reply, { to: ip('10.20.0.9'), port: 5070 }, 'to the port of Via')
    t.match(reply?.text, `SIP/2.0 ${status}\r\n`, `${uri} ${event}`)
    const reported = status.startsWith('200') ? 'phone.sync.asked' : 'phone.sync.refused'
    t.equal(phone.bench.of(reported).length, 1, reported)
  }
})

t.test(
  'NOTIFY makes the phone look at syncinfo.xml after 20 s, and boot where it differs',
  async (t) => {
    const sync = (value: string) => `<SYNCINFO><IMAGE VERSION="*" SYNC="${value}"/></SYNCINFO>`
    for (const { value, boots } of [
      { value: '1', boots: 1 },
      { value: '2', boots: 2 },
    ]) {
      const phone = aPhone('P0S3-8-12-00', { 'syncinfo.xml': sync(value) })
      answer(phone)
      const askedAtMs = phone.bench.nowMs
      report(phone, notify('sip:1201@10.20.0.61', 'sip:1201@10.20.0.61', 'check-sync'))
      phone.bench.run(askedAtMs + 19_900)
      t.notOk(phone.bench.requests.includes('syncinfo.xml'), 'idle first')
      phone.bench.run(askedAtMs + 120_000)
      t.ok(phone.bench.requests.includes('syncinfo.xml'))
      const starts = phone.bench.of('phone.boot.started')
      t.equal(starts.length, boots, `SYNC ${value}`)
      if (boots === 2) t.match(starts.at(-1), { cause: 'check-sync' })
      t.equal(
        phone.bench.of('phone.registered').length + (boots - 1),
        boots,
        'the agent goes on where nothing changes',
      )
    }
  },
)

t.test('a phone that ignores NOTIFY says nothing, and stays where it is', async (t) => {
  const phone = aPhone('P0S3-8-12-00', {}, { ignoresNotify: true })
  const before = sent(phone.bench).length
  report(phone, notify('sip:1201@10.20.0.61', 'sip:1201@10.20.0.61', 'check-sync'))
  t.equal(sent(phone.bench).length, before)
  t.same(phone.bench.of('phone.sync.asked'), [])
})

t.test(
  'one that never comes back, and one that starts again whenever it has registered',
  async (t) => {
    const sync = '<SYNCINFO><IMAGE VERSION="*" SYNC="2"/></SYNCINFO>'
    const dark = aPhone('P0S3-8-12-00', { 'syncinfo.xml': sync }, { afterReset: 'stays-dark' })
    report(dark, notify('sip:1201@10.20.0.61', 'sip:1201@10.20.0.61', 'check-sync'))
    dark.bench.run(dark.bench.nowMs + 600_000)
    t.equal(dark.phone.state, 'stopped')
    t.equal(dark.bench.of('phone.boot.started').length, 1)
    t.match(sockets(dark.bench).at(-1), { kind: 'sip-close' })
    dark.bench.boot()
    t.equal(dark.phone.state, 'running', 'power brings it round')

    const looping = aPhone('P0S3-8-12-00', { 'syncinfo.xml': sync }, { afterReset: 'loops' })
    report(looping, notify('sip:1201@10.20.0.61', 'sip:1201@10.20.0.61', 'check-sync'))
    for (let round = 0; round < 3; round++) {
      const runs = looping.bench.of('phone.running').length
      const isUp = () => looping.bench.of('phone.running').length > runs
      looping.bench.run(looping.bench.nowMs + 600_000, isUp)
      answer(looping)
    }
    const causes = looping.bench.of('phone.boot.started').map(({ cause }) => cause)
    t.same(causes, ['power', 'check-sync', 'reset-loop', 'reset-loop', 'reset-loop'])
  },
)

t.test('OPTIONS tells the generation, a call is declined, the rest is not there', async (t) => {
  const request = (method: string) =>
    notify('sip:1201@10.20.0.61', 'sip:1201@10.20.0.61', null).replaceAll('NOTIFY', method)
  const cases = [
    {
      load: 'P0S3-07-5-00',
      method: 'OPTIONS',
      wanted: /^SIP\/2\.0 200 OK[\s\S]*^Server: CSCO\/7\r$/m,
    },
    { load: 'P0S3-8-12-00', method: 'OPTIONS', wanted: /o=Cisco-SIPUA 0 0 IN IP4 10\.20\.0\.61/ },
    { load: 'P0S3-8-12-00', method: 'INVITE', wanted: /^SIP\/2\.0 480 / },
    { load: 'P0S3-8-12-00', method: 'MESSAGE', wanted: /^SIP\/2\.0 501 / },
  ]
  for (const { load, method, wanted } of cases) {
    const phone = aPhone(load)
    report(phone, request(method))
    t.match(sent(phone.bench).at(-1)?.text, wanted, `${load} ${method}`)
  }
  const phone = aPhone('P0S3-8-12-00')
  const before = sent(phone.bench).length
  report(phone, request('ACK'))
  report(phone, request('OPTIONS').replace(/^Via: .*\n/m, ''))
  report(phone, 'no SIP')
  t.equal(sent(phone.bench).length, before)
})

t.test('without callControl a phone is as silent as it was', async (t) => {
  const { bench } = aPhone('P0S3-8-12-00', {}, { callControl: false })
  t.same(sockets(bench), [])
})
