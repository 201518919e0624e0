import { spawnSync } from 'node:child_process'
import t from 'tap'
import { completionFor } from '../../../appliance/commands/completion.ts'
import { loadCommands } from '../../../appliance/commands/lazy-commands.ts'
import { buildProgram } from '../../../appliance/program.ts'
import { switchhook } from '../../support/command-line.ts'

const program = await loadCommands(buildProgram())
const script = completionFor('bash', program)

/** What bash offers behind these words. */
function offered(...words: readonly string[]): readonly string[] {
  const line = ['switchhook', ...words].map((word) => `'${word}'`).join(' ')
  const ask = `COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _switchhook; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout } = spawnSync('bash', ['-c', `${script}\n${ask}`], { encoding: 'utf8' })
  return stdout.trim().split('\n')
}

t.test('bash offers commands, then those below them, then options', async (t) => {
  t.same(offered('conv'), ['convert'])
  t.same([...offered('rollout', 'st')].sort(), ['start', 'stop'])
  t.same(offered('rollout', 'start', 'floor-3', '--wave'), ['--wave-size'])
  t.same(offered('phones', '--api', 'x', 'add', '--mo'), ['--model'])
  t.ok(program.commands.every((command) => offered('').includes(command.name())))
})

t.test('there is a script for each shell, and 64 for another', async (t) => {
  t.match((await switchhook('completion', 'zsh')).stdout, /^#compdef switchhook\n/)
  const fish = await switchhook('completion', 'fish')
  t.match(fish.stdout, "complete -c switchhook -n '__fish_use_subcommand' -a '")
  t.match(
    fish.stdout,
    "__fish_seen_subcommand_from rollout; and __fish_seen_subcommand_from start'",
  )
  t.equal((await switchhook('completion', 'powershell')).code, 64)
})
