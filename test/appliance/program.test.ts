import type { Command } from 'commander'
import t from 'tap'
import { loadCommands } from '../../appliance/commands/lazy-commands.ts'
import { buildProgram } from '../../appliance/program.ts'
import { packageVersion } from '../../appliance/version.ts'
import { spawnSwitchhook, switchhook } from '../support/command-line.ts'
import { importsOf, sourceFiles } from '../support/source-files.ts'

const program = await loadCommands(buildProgram())

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

t.test('a command is loaded when it is used: before that nothing is but its name', async (t) => {
  const files = new Map(
    ['src', 'appliance'].flatMap((folder) => sourceFiles(folder).map((one) => [one.path, one])),
  )
  const loaded = new Set(['appliance/program.ts'])
  const packages = new Set<string>()
  for (const path of loaded) {
    const file = files.get(path)
    if (file === undefined) throw new Error(`no ${path}`)
    for (const one of importsOf({ ...file, text: file.text.replaceAll(/\bimport\(/g, '') })) {
      if (one.isTypeOnly) continue
      if (one.path === null) packages.add(one.specifier)
      else loaded.add(one.path)
    }
  }
  t.ok(loaded.has('appliance/commands/command-table.ts'), 'the walk goes on')
  t.notOk(loaded.has('appliance/commands/plan.ts'))
  t.same([...packages].sort(), ['commander', 'node:module'])
})
