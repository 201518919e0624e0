import { type Logger, pino } from 'pino'

/** A log in memory: what was written, as values. */
export function aLog(level = 'debug'): {
  readonly log: Logger
  readonly lines: Record<string, unknown>[]
} {
  const lines: Record<string, unknown>[] = []
  const formatters = { level: (label: string) => ({ level: label }) }
  const log = pino(
    { level, base: null, timestamp: false, formatters },
    { write: (line: string) => void lines.push(JSON.parse(line)) },
  )
  return { log, lines }
}
