import t from 'tap'
import type { Caller } from '../../../src/call-control/callers.ts'
import type { SipEffect } from '../../../src/call-control/effect.ts'
import { RegistrationTable } from '../../../src/call-control/registration-table.ts'
import { SipRegistrar } from '../../../src/call-control/sip/sip-registrar.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import { decodeMessage } from '../../../src/wire/sip/decode-message.ts'
import { headerOf, headersOf, type SipResponse } from '../../../src/wire/sip/message.ts'
import {
  AT,
  callersOf,
  ELSEWHERE,
  eventsOf,
  onePhone,
  PHONE,
  refusalsOf,
  US,
} from '../../support/call-control.ts'

const SECRET = Buffer.alloc(32, 1)
const NOW = 1_383_654_896_000

function aRegistrar(callers = onePhone()) {
  const table = new RegistrationTable()
  return { table, registrar: new SipRegistrar(callers, table, SECRET) }
}

/** A REGISTER of a 7960; what is given replaces a field, null leaves it out. */
function aRequest(changes: Readonly<Record<string, string | null>> = {}, method = 'REGISTER') {
  const fields: Record<string, string | null> = {
    Via: 'SIP/2.0/UDP 192.0.2.50:5060;branch=z9hG4bK1e4b8a21',
    From: '<sip:1001@192.0.2.2>;tag=000e84c060a60002479b1bd5-2e2cb2a9',
    To: '<sip:1001@192.0.2.2>',
    'Call-ID': '000e84c0-60a60002-63a6dd5e-3bd6f6b2@192.0.2.50',
    CSeq: `101 ${method}`,
    'User-Agent': 'Cisco-CP7960G/8.0',
    Contact: '<sip:1001@192.0.2.50:5060;user=phone;transport=udp>',
    Expires: '3600',
    ...changes,
  }
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}\r\n`],
  )
  return Buffer.from(`${method} sip:192.0.2.2 SIP/2.0\r\n${lines.join('')}\r\n`, 'latin1')
}

function from(client: Ipv4, bytes: Uint8Array, clientPort = 50_933) {
  return { bytes, client, clientPort, local: US }
}

function responseIn(effects: readonly SipEffect[]): SipResponse | undefined {
  const sent = effects.find((effect) => effect.kind === 'send-datagram')
  if (sent === undefined) return undefined
  const message = decodeMessage(sent.bytes)
  return message.kind === 'response' ? message : undefined
}

t.test('RFC 3261 section 10.3: a REGISTER is granted without a challenge', async (t) => {
  const { table, registrar } = aRegistrar()
  const effects = registrar.onDatagram(from(AT, aRequest()), NOW)
  const response = responseIn(effects)
  t.ok(response)
  if (response === undefined) return
  t.equal(response.status, 200)
  t.equal(
    headerOf(response, 'contact'),
    '<sip:1001@192.0.2.50:5060;user=phone;transport=udp>;expires=3600',
  )
  t.equal(headerOf(response, 'expires'), '3600')
  t.equal(headerOf(response, 'date'), 'Tue, 05 Nov 2013 12:34:56 GMT')
  t.match(headerOf(response, 'to'), /^<sip:1001@192.0.2.2>;tag=[0-9a-f]{16}$/)
  t.equal(headerOf(response, 'via'), 'SIP/2.0/UDP 192.0.2.50:5060;branch=z9hG4bK1e4b8a21')
  t.same(table.get(PHONE, NOW), {
    mac: PHONE,
    protocol: 'sip',
    version: '8.0',
    load: null,
    userAgent: 'Cisco-CP7960G/8.0',
    address: AT,
    registeredAtMs: NOW,
    expiresAtMs: NOW + 3_600_000,
    lastReset: null,
    lastResetCode: null,
  })
  t.same(eventsOf(effects), ['phone.registered'])
})

t.test('a response goes to the source address at the port of the topmost Via', async (t) => {
  const vias = [
    { via: 'SIP/2.0/UDP 192.0.2.50:5062;branch=z9', port: 5062 },
    { via: 'SIP/2.0/UDP 192.0.2.50;rport', port: 5060 },
    { via: 'SIP/2.0/UDP 203.0.113.9:5070;branch=z9', port: 5070 },
  ]
  for (const { via, port } of vias) {
    const effects = aRegistrar().registrar.onDatagram(from(AT, aRequest({ Via: via })), NOW)
    const sent = effects.find((effect) => effect.kind === 'send-datagram')
    t.match(sent, { client: AT, clientPort: port, local: US }, via)
  }
})

t.test(
  'RFC 3261 section 18.2.1: the source address is added where Via names another',
  async (t) => {
    const via =
      'SIP/2.0/UDP a.example:5060;received=203.0.113.9;branch=z9, SIP/2.0/UDP b.example;branch=z8'
    const request = aRequest({ Via: via, Contact: null })
    const response = responseIn(aRegistrar().registrar.onDatagram(from(AT, request), NOW))
    t.same(response && headersOf(response, 'via'), [
      'SIP/2.0/UDP a.example:5060;branch=z9;received=192.0.2.50, SIP/2.0/UDP b.example;branch=z8',
    ])
  },
)

t.test('all Via fields come back in their order', async (t) => {
  const text = aRequest().toString('latin1').replace('From:', 'v: SIP/2.0/UDP b.example\r\nFrom:')
  const response = responseIn(aRegistrar().registrar.onDatagram(from(AT, Buffer.from(text)), NOW))
  t.same(response && headersOf(response, 'via'), [
    'SIP/2.0/UDP 192.0.2.50:5060;branch=z9hG4bK1e4b8a21',
    'SIP/2.0/UDP b.example',
  ])
})

t.test(
  'RFC 3261 section 8.2.7: a repeated request gets the same response, octet by octet',
  async (t) => {
    const { registrar } = aRegistrar()
    const first = responseIn(registrar.onDatagram(from(AT, aRequest()), NOW))
    t.same(responseIn(registrar.onDatagram(from(AT, aRequest()), NOW)), first)
    const next = responseIn(registrar.onDatagram(from(AT, aRequest({ CSeq: '102 REGISTER' })), NOW))
    t.not(next && headerOf(next, 'to'), first && headerOf(first, 'to'))
  },
)

t.test('granted is what was asked, at least 60 and at most 3600 seconds', async (t) => {
  const cases = [
    { changes: { Expires: '120' }, granted: '120' },
    { changes: { Expires: '1' }, granted: '60' },
    { changes: { Expires: '99999' }, granted: '3600' },
    { changes: { Expires: 'soon' }, granted: '3600' },
    { changes: { Expires: null }, granted: '3600' },
    { changes: { Contact: '<sip:1001@192.0.2.50>;expires=180;q=1' }, granted: '180' },
  ]
  for (const { changes, granted } of cases) {
    const effects = aRegistrar().registrar.onDatagram(from(AT, aRequest(changes)), NOW)
    const response = responseIn(effects)
    t.equal(response && headerOf(response, 'expires'), granted, JSON.stringify(changes))
    t.match(response && headerOf(response, 'contact'), new RegExp(`;expires=${granted}$`))
  }
})

t.test('Expires 0 ends the registration, for one Contact or for all', async (t) => {
  for (const changes of [{ Expires: '0' }, { Expires: '0', Contact: '*' }]) {
    const { table, registrar } = aRegistrar()
    registrar.onDatagram(from(AT, aRequest()), NOW)
    const effects = registrar.onDatagram(from(AT, aRequest(changes)), NOW + 1)
    t.same(eventsOf(effects), ['phone.unregistered'])
    t.equal(table.get(PHONE, NOW + 1), undefined)
    const response = responseIn(effects)
    t.equal(response?.status, 200)
    t.equal(response && headerOf(response, 'contact'), undefined)
  }
})

t.test('a REGISTER without a Contact asks, and changes nothing', async (t) => {
  const { table, registrar } = aRegistrar()
  registrar.onDatagram(from(AT, aRequest()), NOW)
  const effects = registrar.onDatagram(from(AT, aRequest({ Contact: null })), NOW + 1)
  t.equal(responseIn(effects)?.status, 200)
  t.equal(effects.length, 1)
  t.equal(table.get(PHONE, NOW + 1)?.registeredAtMs, NOW)
})

t.test(
  'a client that cannot be the phone is answered as usual, and no phone is registered',
  async (t) => {
    const cases: readonly {
      why: string
      at?: Ipv4
      changes?: Record<string, string | null>
      reason: string[]
    }[] = [
      { why: 'from elsewhere', at: ELSEWHERE, reason: [] },
      {
        why: 'names another phone',
        changes: { From: '<sip:1@a>;tag=003094c25d400002' },
        reason: ['other-phone'],
      },
      {
        why: 'names no phone',
        changes: { 'Call-ID': '1@a', From: '<sip:1@a>' },
        reason: ['no-mac'],
      },
      { why: 'has no User-Agent', changes: { 'User-Agent': null }, reason: ['no-mac'] },
      { why: 'is no Cisco phone', changes: { 'User-Agent': 'baresip v1.0.0' }, reason: ['no-mac'] },
      {
        why: 'Contact elsewhere',
        changes: { Contact: '<sip:1001@192.0.2.51>' },
        reason: ['contact-elsewhere'],
      },
      {
        why: 'one Contact of two elsewhere',
        changes: { Contact: '<sip:1001@192.0.2.50>, <sip:1001@a.example>' },
        reason: ['contact-elsewhere'],
      },
    ]
    for (const { why, at = AT, changes = {}, reason } of cases) {
      const { table, registrar } = aRegistrar()
      const effects = registrar.onDatagram(from(at, aRequest(changes)), NOW)
      t.equal(responseIn(effects)?.status, 200, why)
      t.same(refusalsOf(effects), reason, why)
      t.equal(
        effects.some(({ kind }) => kind === 'store' || kind === 'event' || kind === 'evidence'),
        false,
        why,
      )
      t.equal(table.get(PHONE, NOW), undefined, why)
    }
  },
)

t.test('no other client can end the registration of a phone', async (t) => {
  const { table, registrar } = aRegistrar()
  registrar.onDatagram(from(AT, aRequest()), NOW)
  registrar.onDatagram(from(ELSEWHERE, aRequest({ Expires: '0', Contact: '*' })), NOW)
  t.ok(table.get(PHONE, NOW))
})

t.test('a network without call control gets no answer', async (t) => {
  const outside = 0xc6336401 as Ipv4
  t.same(aRegistrar().registrar.onDatagram(from(outside, aRequest()), NOW), [])
})

t.test(
  'while it cannot be told who asks there is no answer, and the client asks again',
  async (t) => {
    const waiting: Caller = { kind: 'wait' }
    const { registrar } = aRegistrar(callersOf(new Map([[AT, waiting]])))
    t.same(registrar.onDatagram(from(AT, aRequest()), NOW), [])
  },
)

t.test('RFC 3261 section 8.1.1: a request without what it must have is answered 400', async (t) => {
  const cases = [
    { From: null },
    { To: null },
    { To: 'nobody' },
    { 'Call-ID': null },
    { 'Call-ID': '' },
    { CSeq: null },
    { CSeq: '1 INVITE' },
    { Contact: '*' },
    { Contact: '*, <sip:a@192.0.2.50>', Expires: '0' },
    { Contact: '<sip:a' },
    { 'Content-Length': '12' },
  ]
  for (const changes of cases) {
    const effects = aRegistrar().registrar.onDatagram(from(AT, aRequest(changes)), NOW)
    t.equal(responseIn(effects)?.status, 400, JSON.stringify(changes))
    t.equal(effects.length, 1)
  }
})

t.test('what cannot be read, or says not where an answer goes, gets none', async (t) => {
  const { registrar } = aRegistrar()
  t.same(refusalsOf(registrar.onDatagram(from(AT, Buffer.from('hello')), NOW)), ['malformed'])
  for (const Via of [null, 'x', 'SIP/2.0/UDP a:0']) {
    const effects = registrar.onDatagram(from(AT, aRequest({ Via }, 'OPTIONS')), NOW)
    t.same(effects, [{ kind: 'refused', address: AT, reason: 'malformed' }])
  }
})

t.test('calls are declined, and what else is asked gets a final answer', async (t) => {
  const answers = [
    { method: 'INVITE', status: 480 },
    { method: 'BYE', status: 481 },
    { method: 'CANCEL', status: 481 },
    { method: 'OPTIONS', status: 200 },
    { method: 'SUBSCRIBE', status: 405 },
    { method: 'NOTIFY', status: 405 },
    { method: 'register', status: 405 },
    { method: 'ACK', status: undefined },
  ]
  for (const { method, status } of answers) {
    const effects = aRegistrar().registrar.onDatagram(from(AT, aRequest({}, method)), NOW)
    const response = responseIn(effects)
    t.equal(response?.status, status, method)
    const allow = response && headerOf(response, 'allow')
    if (status === 200 || status === 405) t.match(allow, /REGISTER, OPTIONS/, method)
  }
})

t.test('a tag that To has already stays as it is', async (t) => {
  const To = '<sip:1001@192.0.2.2>;tag=abc'
  const response = responseIn(
    aRegistrar().registrar.onDatagram(from(AT, aRequest({ To }, 'BYE')), NOW),
  )
  t.equal(response && headerOf(response, 'to'), To)
})

t.test('RFC 3261 section 8.2.2.3: an extension that is required is refused by name', async (t) => {
  const request = aRequest({ Require: '100rel' })
  const response = responseIn(aRegistrar().registrar.onDatagram(from(AT, request), NOW))
  t.equal(response?.status, 420)
  t.equal(response && headerOf(response, 'unsupported'), '100rel')
  const cancel = aRequest({ Require: '100rel' }, 'CANCEL')
  t.equal(responseIn(aRegistrar().registrar.onDatagram(from(AT, cancel), NOW))?.status, 481)
})

const TARGET = {
  mac: PHONE,
  user: '1001',
  client: AT,
  clientPort: 5060,
  local: US,
  localPort: 5060,
}

function aResponse(
  request: Uint8Array,
  status: number,
  changes: (text: string) => string = (x) => x,
) {
  const fields = Buffer.from(request)
    .toString('latin1')
    .split('\r\n')
    .filter((line) => /^(?:Via|From|To|Call-ID|CSeq):/.test(line))
  return Buffer.from(changes(`SIP/2.0 ${status} x\r\n${fields.join('\r\n')}\r\n\r\n`), 'latin1')
}

function begun(registrar: SipRegistrar) {
  const order = registrar.notify(TARGET, 0)
  const sent = order.kind === 'begun' ? order.effects[0] : undefined
  if (sent?.kind !== 'send-datagram') throw new Error('nothing was sent')
  return sent
}

t.test(
  'a NOTIFY names check-sync and a line of the phone, and asks for no registration',
  async (t) => {
    const sent = begun(aRegistrar().registrar)
    t.match(sent, { client: AT, clientPort: 5060, local: US })
    const request = decodeMessage(sent.bytes)
    t.match(request, { kind: 'request', method: 'NOTIFY', uri: 'sip:1001@192.0.2.50:5060' })
    t.equal(headerOf(request, 'event'), 'check-sync')
    t.equal(headerOf(request, 'to'), '<sip:1001@192.0.2.50>')
    t.equal(headerOf(request, 'cseq'), '1 NOTIFY')
    t.equal(headerOf(request, 'content-length'), '0')
    t.match(
      headerOf(request, 'via'),
      /^SIP\/2\.0\/UDP 192\.0\.2\.2:5060;branch=z9hG4bK[0-9a-f]{24}$/,
    )
  },
)

t.test(
  'RFC 3261 section 17.1.2: a NOTIFY is repeated up to 4 s apart and given up after 32 s',
  async (t) => {
    const { registrar } = aRegistrar()
    begun(registrar)
    const sentAtMs: number[] = []
    let ended: readonly SipEffect[] = []
    for (let nowMs = 0; nowMs <= 33_000; nowMs += 100) {
      for (const effect of registrar.onWake(nowMs)) {
        if (effect.kind === 'send-datagram') sentAtMs.push(nowMs)
        else ended = [...ended, { ...effect, atMs: nowMs } as unknown as SipEffect]
      }
    }
    t.same(sentAtMs, [500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500])
    t.match(ended, [{ kind: 'notify-ended', outcome: { kind: 'timed-out' }, atMs: 32_000 }])
  },
)

t.test('a provisional response makes repetitions rare, a final one ends it', async (t) => {
  const { registrar } = aRegistrar()
  const { bytes } = begun(registrar)
  t.same(registrar.onDatagram(from(AT, aResponse(bytes, 100)), 100), [])
  t.equal(registrar.onWake(500).length, 1)
  t.equal(registrar.onWake(4499).length, 0)
  t.equal(registrar.onWake(4500).length, 1)
  t.match(registrar.onDatagram(from(AT, aResponse(bytes, 200)), 4600), [
    { kind: 'notify-ended', mac: PHONE, outcome: { kind: 'accepted' } },
  ])
  t.same(registrar.onDatagram(from(AT, aResponse(bytes, 200)), 4700), [], 'and is over')
  t.same(registrar.onWake(60_000), [])
})

t.test('any other final response is a refusal', async (t) => {
  for (const status of [302, 400, 404, 481, 603]) {
    const { registrar } = aRegistrar()
    const { bytes } = begun(registrar)
    t.match(registrar.onDatagram(from(AT, aResponse(bytes, status)), 1), [
      { outcome: { kind: 'refused', status } },
    ])
  }
})

t.test(
  'RFC 3261 section 17.1.3: a response of another transaction or device counts for nothing',
  async (t) => {
    const { registrar } = aRegistrar()
    const { bytes } = begun(registrar)
    t.same(registrar.onDatagram(from(ELSEWHERE, aResponse(bytes, 200)), 1), [])
    const other = [
      (text: string) => text.replace('z9hG4bK', 'z9hG4bKx'),
      (text: string) => text.replace('1 NOTIFY', '1 OPTIONS'),
      (text: string) => text.replace(/Via:.*\r\n/, ''),
      (text: string) => text.replace(/CSeq:.*\r\n/, ''),
    ]
    for (const change of other) {
      t.same(registrar.onDatagram(from(AT, aResponse(bytes, 200, change)), 1), [], String(change))
    }
    t.equal(registrar.onDatagram(from(AT, aResponse(bytes, 200)), 1).length, 1)
  },
)

t.test('one NOTIFY a phone at a time, and only to a name that can stand in a URI', async (t) => {
  const { registrar } = aRegistrar()
  begun(registrar)
  t.same(registrar.notify(TARGET, 1), { kind: 'busy' })
  for (const user of ['', 'a b', 'a@b', 'a;b\r\nc']) {
    const order = aRegistrar().registrar.notify({ ...TARGET, user }, 1)
    t.same(order, { kind: 'bad-user' }, user)
  }
})

t.test('an answer is hardly longer than its request', async (t) => {
  const { registrar } = aRegistrar(callersOf(new Map()))
  const answerTo = (contacts: number) => {
    const request = aRequest({ Contact: Array<string>(contacts).fill('a:b').join(',') })
    const [sent] = registrar.onDatagram(from(ELSEWHERE, request), NOW)
    t.equal(sent?.kind, 'send-datagram')
    return sent?.kind === 'send-datagram' ? sent.bytes.length - request.length : Number.NaN
  }
  t.ok(answerTo(8) < 300, 'as many Contacts as are taken')
  t.ok(answerTo(9) < 300, 'one more')
  t.ok(answerTo(1_900) < 300, 'as many as fit into a datagram')
})
