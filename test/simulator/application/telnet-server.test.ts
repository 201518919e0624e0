import t from 'tap'
import { flashRunning } from '../../../src/simulator/phone-flash.ts'
import type { PhoneQuirks } from '../../../src/simulator/phone-quirks.ts'
import { SimulatedPhone } from '../../../src/simulator/simulated-phone.ts'
import { ScriptedBench } from '../../support/scripted-bench.ts'

const MAC = '000E84C060A6'
const CALLER = -1

function aPhone(parameters: string, quirks: Partial<PhoneQuirks> = {}, load = 'P0S3-8-12-00') {
  const files = new Map([
    ['SIPDefault.cnf', parameters],
    [`SIP${MAC}.cnf`, 'line1_name: 1201\n'],
  ])
  const phone = new SimulatedPhone(
    { mac: MAC as never, model: '7960', flash: flashRunning(load), quirks },
    1,
  )
  const bench = new ScriptedBench(phone, { answer: (name) => files.get(name) ?? 'absent' })
  bench.boot()
  const sockets = () =>
    bench.effects.flatMap((effect) => (effect.kind === 'socket' ? [effect.effect] : []))
  return {
    phone,
    bench,
    sockets,
    isListening: () => sockets().some((one) => one.kind === 'listen' && one.port === 23),
    call: () =>
      bench.apply(phone.onSocket({ kind: 'called', connection: CALLER, port: 23 }, bench.nowMs)),
    type: (bytes: string | Uint8Array) => {
      const octets = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
      const news = { kind: 'bytes', connection: CALLER, bytes: octets } as const
      bench.apply(phone.onSocket(news, bench.nowMs))
    },
    /** All that it has said on the connection. */
    shown: () =>
      sockets()
        .flatMap((one) => (one.kind === 'write' ? [new TextDecoder().decode(one.bytes)] : []))
        .join(''),
    isHungUp: () => sockets().some((one) => one.kind === 'hang-up' && one.connection === CALLER),
  }
}

t.test('there is no command line unless the files say so, nor with SCCP', async (t) => {
  t.notOk(aPhone('').isListening())
  t.notOk(aPhone('telnet_level: 0\n').isListening())
  t.ok(aPhone('telnet_level: 1\n').isListening())
  t.notOk(aPhone('telnet_level: 1\n', {}, 'P00308000500').isListening())
})

t.test('reset after the password starts the phone again', async (t) => {
  const cases = [
    { parameters: 'telnet_level: 1\n', password: 'cisco', prompt: 'SIP Phone> ' },
    {
      parameters: 'telnet_level: 2\nphone_password: "Sesame"\nphone_prompt: Cisco7940\n',
      password: 'Sesame',
      prompt: 'Cisco7940# ',
    },
  ]
  for (const { parameters, password, prompt } of cases) {
    for (const ending of ['\r\n', '\n', '\r\0']) {
      const phone = aPhone(parameters)
      phone.call()
      t.match(phone.shown(), /Password :$/)
      phone.type(`${password}${ending}`)
      t.ok(phone.shown().endsWith(prompt), phone.shown())
      phone.type(`reset${ending}`)
      t.match(phone.bench.of('phone.boot.started').at(-1), { cause: 'telnet' })
      t.ok(phone.isHungUp(), 'the session just dies')
      phone.bench.run(phone.bench.nowMs + 120_000)
      t.equal(phone.bench.of('phone.running').length, 2)
    }
  }
})

t.test('a wrong password, three times, ends the connection', async (t) => {
  for (const { quirks, password } of [
    { quirks: {}, password: 'wrong' },
    { quirks: { rejectsTelnetPassword: true }, password: 'cisco' },
  ]) {
    const phone = aPhone('telnet_level: 1\n', quirks)
    phone.call()
    phone.type(`${password}\r\n${password}\r\n`)
    t.notOk(phone.isHungUp())
    phone.type(`${password}\r\nreset\r\n`)
    t.ok(phone.isHungUp())
    t.equal(phone.bench.of('phone.telnet.refused').length, 3)
    t.equal(phone.bench.of('phone.boot.started').length, 1)
    phone.type('reset\r\n')
    t.equal(phone.bench.of('phone.boot.started').length, 1)
  }
})

t.test('options of the client are passed over, and long lines cut', async (t) => {
  const phone = aPhone('telnet_level: 1\n')
  phone.call()
  // DO suppress go-ahead, WILL terminal type, AYT: as a telnet client opens.
  phone.type(Uint8Array.of(255, 253, 3, 255, 251, 24, 255, 246))
  phone.type(`cisco\r\n${'x'.repeat(5_000)}\r\n`)
  t.ok(phone.shown().endsWith('SIP Phone> '))
  phone.type('exit\r\n')
  t.ok(phone.isHungUp())
})

t.test('show register tells whether lines are registered', async (t) => {
  const phone = aPhone('telnet_level: 1\nproxy_register: 1\nproxy1_address: 10.20.0.2\n')
  phone.call()
  phone.type('cisco\r\nshow register\r\n')
  t.match(phone.shown(), /LINE REGISTRATION TABLE[\s\S]*1 {4}\.1x {2}IDLE {2}5060/)
  const none = aPhone('telnet_level: 1\n')
  none.call()
  none.type('cisco\r\nsh reg\r\n')
  t.match(none.shown(), 'UNPROVISIONED')
})

t.test('a client that hangs up is forgotten; an unsolicited line is not answered', async (t) => {
  const phone = aPhone('telnet_level: 1\n')
  phone.call()
  phone.bench.apply(phone.phone.onSocket({ kind: 'hung-up', connection: CALLER }, 0))
  phone.type('cisco\r\nreset\r\n')
  phone.bench.apply(phone.phone.onSocket({ kind: 'called', connection: -2, port: 99 }, 0))
  phone.bench.apply(phone.phone.onSocket({ kind: 'connected', connection: -2 }, 0))
  t.equal(phone.bench.of('phone.boot.started').length, 1)
})

t.test('a reset by keys closes what is open', async (t) => {
  const phone = aPhone('telnet_level: 1\n')
  phone.call()
  phone.bench.reset()
  t.ok(phone.isHungUp())
  t.ok(phone.sockets().some(({ kind }) => kind === 'stop-listening'))
})
