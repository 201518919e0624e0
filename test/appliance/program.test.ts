import type { Command } from 'commander'
import t from 'tap'
import { buildProgram } from '../../appliance/program.ts'
import { packageVersion } from '../../appliance/version.ts'
import { spawnSwitchhook, switchhook } from '../support/command-line.ts'

const program = buildProgram()

/** Every word of help that begins with a dash, as in the margin of its option. */
const optionsIn = (help: string) => help.match(/^ {2}(?:-\w, )?--[\w-]+/gm)?.map((o) => o.trim())

t.test('the program has the commands of its description, each described', async (t) => {
  const names = program.commands.map((command) => command.name())
  for (const name of ['serve', 'check', 'plan', 'simulate', 'demo'])
    t.ok(names.includes(name), name)
  for (const command of program.commands) t.match(command.description(), /\w+ \w+/, command.name())
})

t.test('help of every command prints, names each option, and ends with 0', async (t) => {
  const asked = async (command: Command, args: readonly string[]) => {
    const { code, stdout, stderr } = await switchhook(...args, '--help')
    t.equal(code, 0, `${args}`)
    t.equal(stderr, '', `${args}`)
    t.match(stdout, 'Usage: switchhook')
    for (const { long, description } of command.options) {
      t.ok(
        optionsIn(stdout)?.some((option) => option.endsWith(`${long}`)),
        `${args} ${long}`,
      )
      t.not(description, '', `${args} ${long}`)
    }
  }
  await asked(program, [])
  for (const command of program.commands) await asked(command, [command.name()])
})

t.test('--version is that of the package', async (t) => {
  const expected = { code: 0, stdout: `${packageVersion()}\n`, stderr: '' }
  t.same(await switchhook('--version'), expected)
  t.same(await spawnSwitchhook('--version'), expected, 'as a process')
})

t.test('a command that does not exist ends with 64', async (t) => {
  const { code, stderr } = await switchhook('chekc')
  t.equal(code, 64)
  t.match(stderr, 'error: there is no command chekc, did you mean check?')
  const other = await switchhook('bench.yaml')
  t.match(other, { code: 64, stderr: /error: there is no command bench\.yaml\n/ })
})

t.test('options that make no sense end with 64 and say what is wanted', async (t) => {
  const cases = [
    { args: ['demo', '--speed', 'fast'], said: 'wanted a number above 0' },
    { args: ['simulate', '--mac', 'x', '--load', 'y'], said: 'wanted a MAC address' },
    {
      args: ['simulate', '--mac', '02:00:00:00:a0:60', '--load', 'P0S30203'],
      said: 'wanted either --interface or --loopback',
    },
  ]
  for (const { args, said } of cases) {
    const { code, stderr } = await switchhook(...args)
    t.equal(code, 64, said)
    t.ok(stderr.includes(said), stderr)
  }
})
