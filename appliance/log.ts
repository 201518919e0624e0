import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import type { LogLevel } from './log-level.ts'

/** Keys that are masked at the top of an entry and one level below. */
const SECRETS = ['password', 'authorization', 'token']

/**
 * The log: one JSON object a line on standard output, or, on a terminal, the same in colours.
 *
 * An event goes in as its fields; there is no sentence to parse. What could be secret is masked
 * here once more, after every caller's own care.
 *
 * @param destination - Where lines go in place of standard output.
 */
export function openLog(
  level: LogLevel,
  readable: boolean,
  destination?: DestinationStream,
): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: [
      ...SECRETS,
      ...SECRETS.map((name) => `*.${name}`),
      'lines[*].password',
      '*.lines[*].password',
      'req.headers.authorization',
    ],
  }
  if (destination !== undefined) return pino(options, destination)
  if (!readable) return pino(options)
  return pino({
    ...options,
    transport: {
      target: 'pino-pretty',
      options: { translateTime: 'HH:MM:ss', ignore: 'pid,hostname', messageKey: 'event' },
    },
  })
}
