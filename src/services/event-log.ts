/**
 * Where services write log lines: an object of fields a line, at one of four levels.
 *
 * A port: the appliance gives its logger. A service that builds its fields only for `debug` asks
 * `isLevelEnabled` first, because a flood must not build as many objects.
 */
export interface EventLog {
  isLevelEnabled(level: 'debug' | 'info' | 'warn'): boolean
  debug(fields: object): void
  info(fields: object): void
  warn(fields: object): void
  error(fields: object): void
}
