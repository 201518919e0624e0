import { Command } from 'commander'
import { nearestWord } from '../src/phones/nearest-word.ts'
import { COMMANDS } from './commands/command-table.ts'
import { addLazily } from './commands/lazy-commands.ts'
import { logLevelOf, type ServeOptions, withServeOptions } from './commands/serve-options.ts'
import { ExitCode } from './exit-codes.ts'
import { packageVersion } from './version.ts'

/**
 * The command line. Its commands are known by name and summary; the rest of a command is loaded
 * when it is used, so that one that asks a question does not wait for what another serves with.
 */
export function buildProgram(): Command {
  const program = new Command('switchhook')
    .description(
      'Converts Cisco 7940 and 7960 phones between SCCP and SIP firmware: a DHCP server, a TFTP ' +
        'server and a REST API in one process. Without a command and without --config it runs a ' +
        'demonstration on the loopback interface.',
    )
    .version(packageVersion(), '--version')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .showSuggestionAfterError()
    .showHelpAfterError('Add --help to see its arguments and options.')
    .exitOverride((error) => {
      // commander prints and asks to leave with 1; sysexits has a number of its own for usage.
      process.exit(
        error.exitCode === 0 ? ExitCode.ok : error.exitCode === 1 ? ExitCode.usage : error.exitCode,
      )
    })
  // Counting arguments would answer a misspelled command with "too many arguments".
  withServeOptions(program.allowExcessArguments()).action(async (options: ServeOptions) => {
    const [unknown] = program.args
    if (unknown !== undefined) refuseCommand(program, unknown)
    if (options.config !== undefined) {
      return (await import('./commands/serve.ts')).runServe(options)
    }
    const { runDemo } = await import('./commands/demo.ts')
    await runDemo({ logLevel: logLevelOf(program) })
  })
  addLazily(program, COMMANDS)
  addHelp(program)
  return program
}

/** `help COMMAND` as `COMMAND --help`, because commander's own does not load the command first. */
function addHelp(program: Command): void {
  program.helpCommand(false)
  program
    .command('help')
    .description('display help for a command')
    .argument('[command...]', 'its name')
    .action(async (names: readonly string[]) => {
      await program.parseAsync([...names, '--help'], { from: 'user' })
    })
}

/** Ends with 64, and names the command that comes nearest. */
function refuseCommand(program: Command, name: string): never {
  const known = program.commands.map((command) => command.name())
  const near = nearestWord(name, known)
  const hint = near === undefined ? '' : `, did you mean ${near}?`
  return program.error(`error: there is no command ${name}${hint}`)
}
