import type { Command } from 'commander'
import { startAppliance } from '../compose.ts'
import { demonstrate } from '../demo/demonstrate.ts'
import { ExitCode } from '../exit-codes.ts'
import { runUntilSignal } from '../lifecycle.ts'
import { embeddedSettings } from '../load-settings.ts'
import { openLog } from '../log.ts'
import type { LogLevel } from '../log-level.ts'
import { pageFolder } from '../start/page-folder.ts'
import { explainStartFailure } from '../start/start-failure.ts'
import { readPositive } from './option-values.ts'
import { logLevelOf } from './serve-options.ts'

/** The options of `demo`; they are for tests and for the curious. */
export type DemoOptions = {
  readonly once?: boolean
  readonly speed?: number
  readonly logLevel: LogLevel
}

/** How many times as quick as a real phone: a conversion takes half a minute to watch. */
const DEFAULT_SPEED = 4

/** `switchhook demo`: the whole machine on the loopback interface, with a simulated phone. */
export function defineDemoCommand(command: Command): void {
  command
    .option('--once', 'exit when the phone has its load or is stalled, instead of serving on')
    .option('--speed <n>', 'how many times faster than a real phone', readPositive, DEFAULT_SPEED)
    .addHelpText(
      'after',
      '\nWith --once it exits with 0 if the phone was converted, otherwise with 1. It logs warnings,\n' +
        'or what --log-level sets.',
    )
    .action((options: Omit<DemoOptions, 'logLevel'>) =>
      runDemo({ ...options, logLevel: logLevelOf(command.parent ?? command) }),
    )
}

/** The appliance takes phones to be 1 to 50 times as fast as real ones. */
function withinPhoneSpeed(speed: number): number {
  return Math.min(50, Math.max(1, speed))
}

/** Runs the demonstration until a signal comes, or with `once` until the phone is converted or stalled. */
export async function runDemo({ once, speed, logLevel }: DemoOptions): Promise<void> {
  const phoneSpeed = withinPhoneSpeed(speed ?? DEFAULT_SPEED)
  const settings = { ...embeddedSettings(), conversions: { phoneSpeed } }
  const log = openLog(logLevel, process.stdout.isTTY)
  try {
    const appliance = await startAppliance({
      settings,
      log,
      token: null,
      tls: null,
      pageDir: pageFolder(),
    })
    const demonstration = await demonstrate({
      apiUrl: appliance.apiUrl,
      settings,
      speed: speed ?? DEFAULT_SPEED,
      print: (line) => console.log(line),
      progressTo: process.stdout.isTTY ? process.stdout : null,
      endsWhenStalled: once === true,
    })
    if (once === true) {
      await demonstration.close()
      await appliance.close()
      if (demonstration.state !== 'confirmed') process.exitCode = ExitCode.no
      return
    }
    console.log(
      `\nStill serving: the page at ${appliance.apiUrl}/, the API at ${appliance.apiUrl}/docs.`,
    )
    console.log('Run it again to convert the phone back. Press Ctrl-C to stop.')
    runUntilSignal(log, async () => {
      await demonstration.close()
      await appliance.close()
    })
  } catch (error) {
    console.error(`The demonstration did not start: ${explainStartFailure(error)}`)
    process.exit(ExitCode.unavailable)
  }
}
