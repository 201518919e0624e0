import { Argument, type Command } from 'commander'
import { loadCommands } from './lazy-commands.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

/** `switchhook completion`: words for the shell, made of the commands that there are. */
export function defineCompletionCommand(command: Command): void {
  command
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  source <(switchhook completion bash)\n' +
        '  switchhook completion zsh > ~/.zfunc/_switchhook      (a folder of your fpath)\n' +
        '  switchhook completion fish > ~/.config/fish/completions/switchhook.fish',
    )
    .action(async (shell: (typeof SHELLS)[number]) => {
      const program = await loadCommands(command.parent ?? command)
      console.log(completionFor(shell, program))
    })
}

/** Words that may follow these commands, such as `rollout start`. */
type Place = { readonly path: string; readonly words: readonly string[] }

/** The script for one shell. */
export function completionFor(shell: (typeof SHELLS)[number], program: Command): string {
  const places = placesOf(program, '')
  switch (shell) {
    case 'bash':
      return bash(places)
    case 'zsh':
      return `#compdef switchhook\nautoload -U +X bashcompinit && bashcompinit\n${bash(places)}`
    case 'fish':
      return fish(places)
    default:
      return shell satisfies never
  }
}

function placesOf(command: Command, path: string): readonly Place[] {
  const names = command.commands.map((one) => one.name())
  const options = command.options.flatMap(({ long }) => long ?? [])
  return [
    { path, words: [...names, ...options, '--help'] },
    ...command.commands.flatMap((one) => placesOf(one, `${path} ${one.name()}`.trim())),
  ]
}

/** The words before the cursor that are commands are the place; options and values are not. */
function bash(places: readonly Place[]): string {
  const cases = places.map(({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`)
  return `_switchhook() {
  local path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${places
        .map(({ path }) => path)
        .filter((path) => path !== '')
        .map((path) => `'${path}'`)
        .join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  if [[ \${#COMPREPLY[@]} -eq 0 ]]; then COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")); fi
}
complete -F _switchhook switchhook`
}

function fish(places: readonly Place[]): string {
  return places
    .map(({ path, words }) => {
      const seen = path.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`)
      const when = path === '' ? '__fish_use_subcommand' : seen.join('; and ')
      return `complete -c switchhook -n '${when}' -a '${words.join(' ')}'`
    })
    .join('\n')
}
