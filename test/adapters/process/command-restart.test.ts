import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import {
  type CommandOutput,
  CommandRestart,
} from '../../../src/adapters/process/command-restart.ts'
import type { RestartTarget } from '../../../src/call-control/restart/method.ts'
import { parseIpv4 } from '../../../src/net/ipv4.ts'
import type { Mac } from '../../../src/net/mac.ts'

const TARGET: RestartTarget = {
  mac: '000E84C060A6' as Mac,
  address: parseIpv4('10.20.0.61') ?? null,
  switchPort: 'sw1/7',
  telnet: { level: 1, password: 's3cret' },
}
const NEVER = new AbortController().signal

function aCommand(t: Test, script: string, timeoutMs = 5_000, args: readonly string[] = []) {
  const dir = t.testdir()
  const program = join(dir, 'program')
  writeFileSync(program, `#!/bin/sh\n${script}\n`)
  chmodSync(program, 0o700)
  const outputs: CommandOutput[] = []
  const method = new CommandRestart({
    command: () => ({ words: [program, ...args], timeoutMs }),
    path: '/usr/bin:/bin',
    onOutput: (output) => outputs.push(output),
    killAfterMs: 200,
  })
  return { method, program, dir, outputs }
}

/** Whether a process runs; one that waits to be reaped does not. */
function runs(pid: string): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid.trim()}/stat`, 'latin1'))
  } catch {
    return false
  }
}

t.test(
  'the environment has the phone and nothing of ours, and no shell reads the words',
  async (t) => {
    const { dir, outputs } = aCommand(t, `env | sort >"$1"; echo "$2"`, 5_000, [])
    process.env['SWITCHHOOK_API_TOKEN'] = 'secret'
    t.teardown(() => delete process.env['SWITCHHOOK_API_TOKEN'])
    const file = join(dir, 'environment')
    const words = [join(dir, 'program'), file, '$(id) ; `id` *']
    const options = { command: () => ({ words, timeoutMs: 5_000 }), path: '/usr/bin:/bin' }
    const quoted = new CommandRestart({ ...options, onOutput: (output) => outputs.push(output) })
    t.same(await quoted.send(TARGET, NEVER), { kind: 'sent' })
    const seen = readFileSync(file, 'utf8').trim().split('\n')
    // The shell of the script adds these by itself.
    const own = seen.filter((line) => !/^(?:PWD|OLDPWD|SHLVL|_)=/.test(line))
    t.same(own, [
      'PATH=/usr/bin:/bin',
      'SWITCHHOOK_ADDRESS=10.20.0.61',
      'SWITCHHOOK_MAC=000E84C060A6',
      'SWITCHHOOK_SWITCH_PORT=sw1/7',
    ])
    t.same(outputs, [{ mac: '000E84C060A6', output: '$(id) ; `id` *', isCut: false, code: 0 }])
  },
)

t.test('what is not known is empty', async (t) => {
  const script = 'echo "[$SWITCHHOOK_ADDRESS][$SWITCHHOOK_SWITCH_PORT]"'
  const { method, outputs } = aCommand(t, script)
  await method.send({ ...TARGET, address: null, switchPort: null }, NEVER)
  t.match(outputs, [{ output: '[][]' }])
})

t.test('an exit code fails with the last line of standard error, bounded', async (t) => {
  const cases = [
    { script: 'exit 3', reason: /program: exit code 3$/ },
    {
      script: 'echo out; echo one >&2; echo "no such port" >&2; exit 1',
      reason: /: exit code 1: no such port$/,
    },
    { script: "printf 'a\\033[31mb\\n\\n' >&2; exit 1", reason: /: exit code 1: a \[31mb$/ },
    { script: 'kill -9 $$', reason: /: ended by a signal$/ },
  ]
  for (const { script, reason } of cases) {
    t.match(
      await aCommand(t, script).method.send(TARGET, NEVER),
      { kind: 'failed', reason },
      script,
    )
  }
  const long = aCommand(t, "head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1")
  const outcome = await long.method.send(TARGET, NEVER)
  t.ok(outcome.kind === 'failed' && outcome.reason.length < 500)
  t.match(long.outputs, [{ isCut: true, code: 1 }])
  t.equal(long.outputs[0]?.output.length, 4_096)
})

t.test('output without end is read, cut and does not fill the memory', async (t) => {
  const { method, outputs } = aCommand(t, 'exec cat /dev/zero', 300)
  const before = process.memoryUsage().rss
  t.match(await method.send(TARGET, NEVER), { reason: /: not finished after 0.3 s$/ })
  t.ok(process.memoryUsage().rss - before < 100e6)
  t.match(outputs, [{ isCut: true, code: null }])
})

t.test('at the time limit all that it started is ended, even what ignores SIGTERM', async (t) => {
  const script =
    'sleep 60 & echo $! >"$0.child"; trap "" TERM; (trap "" TERM; sleep 61) & echo $! >"$0.stubborn"; wait; sleep 60'
  const { method, program } = aCommand(t, script, 200)
  const start = Date.now()
  t.match(await method.send(TARGET, NEVER), { reason: /: not finished after 0.2 s$/ })
  t.ok(Date.now() - start < 2_000)
  for (const name of ['child', 'stubborn']) {
    const pid = readFileSync(`${program}.${name}`, 'utf8')
    t.ok(/^\d+\n$/.test(pid))
    t.notOk(runs(pid), name)
  }
})

t.test('what a program that succeeds leaves behind is ended as well', async (t) => {
  const { method, program } = aCommand(t, 'sleep 60 & echo $! >"$0.child"; exit 0')
  t.same(await method.send(TARGET, NEVER), { kind: 'sent' })
  t.notOk(runs(readFileSync(`${program}.child`, 'utf8')))
})

t.test('SIGTERM comes first, so that a program can clean up', async (t) => {
  const { method, program } = aCommand(
    t,
    `trap 'echo clean >"$0.said"; exit 0' TERM; sleep 60 & wait`,
    200,
  )
  t.match(await method.send(TARGET, NEVER), { kind: 'failed', reason: /not finished after/ })
  t.equal(readFileSync(`${program}.said`, 'utf8'), 'clean\n')
})

t.test('a stop ends it, and nothing is left', async (t) => {
  const { method, program } = aCommand(t, 'echo $$ >"$0.pid"; exec sleep 60')
  const stop = new AbortController()
  const sending = method.send(TARGET, stop.signal)
  await pause(150)
  stop.abort()
  t.match(await sending, { kind: 'failed', reason: /: it was stopped$/ })
  t.notOk(runs(readFileSync(`${program}.pid`, 'utf8')))
  t.match(await method.send(TARGET, stop.signal), { reason: /stopped before it began/ })
})

t.test('four run at once, a fifth is refused', async (t) => {
  const { method } = aCommand(t, 'sleep 0.3')
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => method.send(TARGET, NEVER)))
  t.same(outcomes.slice(0, 4), Array(4).fill({ kind: 'sent' }))
  t.match(outcomes[4], { kind: 'failed', reason: '4 restart commands are running already' })
  t.same(await method.send(TARGET, NEVER), { kind: 'sent' }, 'their places are free again')
})

t.test('what cannot be run, and no command at all', async (t) => {
  const { program } = aCommand(t, 'exit 0')
  chmodSync(program, 0o600)
  const reasonFor = async (words: readonly string[] | undefined) => {
    const command = () => (words === undefined ? undefined : { words, timeoutMs: 1_000 })
    const method = new CommandRestart({
      command,
      path: '/bin',
      onOutput: () => t.fail('no output'),
    })
    const outcome = await method.send(TARGET, NEVER)
    return outcome.kind === 'failed' ? outcome.reason : ''
  }
  t.match(await reasonFor(['/no/such/program']), /cannot be run: ENOENT$/)
  t.match(await reasonFor([program]), /cannot be run: EACCES$/)
  t.match(await reasonFor(undefined), /the configuration has no restart.command/)
})
