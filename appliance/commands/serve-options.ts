import { type Command, Option } from 'commander'
import { LOG_LEVELS, type LogLevel } from '../log-level.ts'

/** The options of `serve`, also taken without the command's name. */
export type ServeOptions = {
  readonly config?: string
  readonly logLevel: LogLevel
  readonly rehearsal?: boolean
}

/** Adds what `serve` takes. */
export function withServeOptions(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration file (YAML)')
    .option('--rehearsal', 'all phones are simulated: serve synthetic firmware on every network')
    .addOption(
      new Option('--log-level <level>', 'the lowest level to log')
        .choices(LOG_LEVELS)
        .default('info'),
    )
}

/** What was asked for with `--log-level`; where nothing was, the demonstration is not drowned in events. */
export function logLevelOf(program: Command): LogLevel {
  const isDefault = program.getOptionValueSource('logLevel') === 'default'
  return isDefault ? 'warn' : program.getOptionValue('logLevel')
}
