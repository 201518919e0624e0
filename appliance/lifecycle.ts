import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'
import { ExitCode } from './exit-codes.ts'

/** How long a stop may take before it is cut short, in milliseconds. */
const STOP_WITHIN_MS = 8_000

/**
 * Runs until a signal asks for the end, then closes in order. A fault of ours ends the process at
 * once with one line and its stack: the supervisor starts it again, and nothing that was
 * acknowledged is lost, because it was on disk before.
 *
 * @param reload - What SIGHUP asks for; without it, SIGHUP is an end like any other.
 */
export function runUntilSignal(
  log: Logger,
  close: () => Promise<void>,
  reload: (() => Promise<unknown>) | null = null,
): void {
  const onFault = (error: unknown) => {
    log.fatal({ event: 'appliance.fault', err: error })
    process.exit(ExitCode.software)
  }
  process.on('uncaughtException', onFault)
  process.on('unhandledRejection', onFault)
  if (reload !== null) process.on('SIGHUP', () => void reload())
  const ownSignals = reload === null ? [] : (['SIGHUP'] as const)
  closeWithGrace(
    {
      delay: STOP_WITHIN_MS,
      logger: false,
      skip: ['uncaughtException', 'unhandledRejection', ...ownSignals],
    },
    async ({ signal }) => {
      log.info({ event: 'appliance.stopping', signal: signal ?? null })
      await close()
      log.info({ event: 'appliance.stopped' })
    },
  )
}
