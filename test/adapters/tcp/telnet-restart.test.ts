import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { TelnetRestart } from '../../../src/adapters/tcp/telnet-restart.ts'
import type { RestartTarget } from '../../../src/call-control/restart/method.ts'
import { parseIpv4 } from '../../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../../src/net/mac.ts'

/** What a phone does with each line that it is sent; '' is the start of the session. */
type Script = (line: string, socket: Socket) => void

const QUICK = { promptWithinMs: 400, settleMs: 20, endWithinMs: 200 }

async function aPhone(t: Test, script: Script) {
  const sessions: string[][] = []
  const server = createServer((socket) => {
    const lines: string[] = []
    sessions.push(lines)
    let text = ''
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end)
        lines.push(line)
        text = text.slice(end + 2)
        script(line, socket)
      }
    })
    script('', socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { port: (server.address() as AddressInfo).port, sessions }
}

const target = (password = 'cisco', address = '127.0.0.1'): RestartTarget => ({
  mac: parseMac('000E84C060A6') as Mac,
  address: parseIpv4(address) ?? null,
  switchPort: null,
  telnet: { level: 1, password },
})

const send = (port: number, password?: string, signal = new AbortController().signal) =>
  new TelnetRestart({ ...QUICK, port }).send(target(password), signal)

t.test('password, then reset; the end of the session is what was wanted', async (t) => {
  const endings = [
    { why: 'closed', end: (socket: Socket) => socket.end() },
    { why: 'reset', end: (socket: Socket) => socket.resetAndDestroy() },
    { why: 'gone without a word', end: () => {} },
    { why: 'a last line', end: (socket: Socket) => socket.write('reset\r\nResetting...\r\n') },
  ]
  for (const { why, end } of endings) {
    const { port, sessions } = await aPhone(t, (line, socket) => {
      if (line === '') socket.write('Cisco Systems, Inc. Serial #1\r\n\r\nPassword :')
      else if (line === 'cisco') socket.write('\r\n\r\nSIP Phone> ')
      else end(socket)
    })
    t.same(await send(port), { kind: 'sent' }, why)
    t.same(sessions, [['cisco', 'reset']], `${why}: one session, one attempt`)
  }
})

t.test('prompts in pieces, echoed passwords that look like prompts', async (t) => {
  for (const password of ['cisco', 'password>', '#', 'x y']) {
    const { port, sessions } = await aPhone(t, (line, socket) => {
      if (line === '') {
        socket.write('Pass')
        setTimeout(() => socket.write('word :'), 5)
      } else if (line === password) {
        socket.write(password)
        setTimeout(() => socket.write('\r\nCisco7940# '), 60)
      } else socket.end()
    })
    t.same(await send(port, password), { kind: 'sent' }, password)
    t.same(sessions, [[password, 'reset']])
  }
})

t.test('everything else has a reason, and no reason has the password', async (t) => {
  const silent = () => {}
  const cases: { why: string; script: Script; reason: RegExp; said: string[] }[] = [
    {
      why: 'a wrong password, asked again',
      script: (_line, socket) => socket.write('\r\nPassword :'),
      reason: /did not take the phone_password last served/,
      said: ['s3cret'],
    },
    {
      why: 'a wrong password, closed',
      script: (line, socket) => (line === '' ? socket.write('Password :') : socket.end()),
      reason: /closed the session while the prompt after the password was waited for/,
      said: ['s3cret'],
    },
    {
      why: 'silent from the start',
      script: silent,
      reason: /was silent for too long while the password prompt was waited for/,
      said: [],
    },
    {
      why: 'silent after the password',
      script: (line, socket) => (line === '' ? socket.write('Password :') : undefined),
      reason: /silent for too long while the prompt after the password/,
      said: ['s3cret'],
    },
    {
      why: 'closed at once',
      script: (_line, socket) => socket.end(),
      reason: /closed the session while the password prompt/,
      said: [],
    },
    {
      why: 'a login that wants a user name: no phone',
      script: (_line, socket) => socket.write('debian login: '),
      reason: /silent for too long while the password prompt/,
      said: [],
    },
    {
      why: 'garbage without an end',
      script: (_line, socket) => socket.write(Buffer.alloc(20_000, 0x3e)),
      reason: /sent more than 16384 bytes$/,
      said: [],
    },
    {
      why: 'a talk in one long line that has the word in it',
      script: (_line, socket) => socket.write(`password ${'x'.repeat(100)}`),
      reason: /silent for too long while the password prompt/,
      said: [],
    },
    {
      why: 'reset is no command there',
      script: (line, socket) =>
        socket.write(line === '' ? 'Password :' : `${line}\r\nUnknown command\r\nPhone> `),
      reason: /went on with its prompt after reset$/,
      said: ['s3cret', 'reset'],
    },
  ]
  for (const { why, script, reason, said } of cases) {
    const { port, sessions } = await aPhone(t, script)
    const outcome = await send(port, 's3cret')
    t.match(outcome, { kind: 'failed', reason }, why)
    t.notMatch(JSON.stringify(outcome), /s3cret/)
    t.same(sessions, [said], `${why}: one login attempt`)
  }
})

t.test('a peer that negotiates without end is cut off', async (t) => {
  const { port } = await aPhone(t, (line, socket) => {
    if (line !== '') return
    const timer = setInterval(() => socket.write(Buffer.from('fffd01'.repeat(500), 'hex')), 2)
    socket.on('close', () => clearInterval(timer))
  })
  t.match(await send(port), { kind: 'failed', reason: /more than 16384 bytes/ })
})

t.test('nothing listens', async (t) => {
  const { port } = await aPhone(t, () => {})
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const free = (server.address() as AddressInfo).port
  server.close()
  await once(server, 'close')
  t.not(free, port)
  t.match(await send(free), { kind: 'failed', reason: /refuses telnet: its telnet_level may be 0/ })
})

t.test('what is not known is not tried, and who stops is obeyed at once', async (t) => {
  const { port, sessions } = await aPhone(t, () => {})
  const method = new TelnetRestart({ ...QUICK, port })
  const never = new AbortController().signal
  t.match(await method.send({ ...target(), address: null }, never), {
    reason: /address .* not known/,
  })
  t.match(await method.send({ ...target(), telnet: null }, never), { reason: /no telnet_level/ })
  t.match(await send(port, 'x', AbortSignal.abort()), { reason: /stopped before it began/ })
  t.same(sessions, [])
  const stop = new AbortController()
  const sending = send(port, 'x', stop.signal)
  setTimeout(() => stop.abort(), 50)
  t.match(await sending, {
    kind: 'failed',
    reason: /stopped while the password prompt was waited for/,
  })
})
