import { Command } from 'commander'
import { nearestWord } from '../src/settings/nearest-word.ts'
import { addBackupCommand, addRestoreCommand } from './commands/backup.ts'
import { addCheckCommand } from './commands/check.ts'
import { addCompletionCommand } from './commands/completion.ts'
import { addConvertCommand } from './commands/convert.ts'
import { addCucmCommand } from './commands/cucm.ts'
import { addDemoCommand, demoLogLevel, runDemo } from './commands/demo.ts'
import { addExplainCommand } from './commands/explain.ts'
import { addFirmwareCommand } from './commands/firmware.ts'
import { addLintCommand } from './commands/lint.ts'
import { addLogCommand } from './commands/log.ts'
import { addPhonesCommand } from './commands/phones.ts'
import { addPlanCommand } from './commands/plan.ts'
import { addReloadCommand } from './commands/reload.ts'
import { addRestartCommand } from './commands/restart.ts'
import { addRolloutCommand } from './commands/rollout.ts'
import { addServeCommand, runServe, type ServeOptions, withServeOptions } from './commands/serve.ts'
import { addSimulateCommand } from './commands/simulate.ts'
import { addStatusCommand } from './commands/status.ts'
import { addSurveyCommand } from './commands/survey.ts'
import { addTraceCommand } from './commands/trace.ts'
import { ExitCode } from './exit-codes.ts'
import { packageVersion } from './version.ts'

/** The command line: one file a command, each adding itself. */
export function buildProgram(): Command {
  const program = new Command('switchhook')
    .description(
      'Converts Cisco 7940 and 7960 phones between SCCP and SIP firmware: a DHCP server, a TFTP ' +
        'server and a REST API in one process. Without a command and without --config it runs a ' +
        'demonstration on the loopback interface.',
    )
    .version(packageVersion(), '--version')
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
    await (options.config === undefined
      ? runDemo({ logLevel: demoLogLevel(program) })
      : runServe(options))
  })
  addServeCommand(program)
  addCheckCommand(program)
  addDemoCommand(program)
  addSimulateCommand(program)
  addPlanCommand(program)
  addLintCommand(program)
  addExplainCommand(program)
  addCucmCommand(program)
  addPhonesCommand(program)
  addFirmwareCommand(program)
  addConvertCommand(program)
  addRestartCommand(program)
  addRolloutCommand(program)
  addSurveyCommand(program)
  addStatusCommand(program)
  addLogCommand(program)
  addReloadCommand(program)
  addTraceCommand(program)
  addBackupCommand(program)
  addRestoreCommand(program)
  addCompletionCommand(program)
  return program
}

/** Ends with 64, and names the command that comes nearest. */
function refuseCommand(program: Command, name: string): never {
  const known = program.commands.map((command) => command.name())
  const near = nearestWord(name, known)
  const hint = near === undefined ? '' : `, did you mean ${near}?`
  return program.error(`error: there is no command ${name}${hint}`)
}
