import { createRequire } from 'node:module'
import type BetterSqlite3 from 'better-sqlite3'

/**
 * The package for a Node version. better-sqlite3 12 is the last for Node 20. With 12.11.1, Node 24.19 to 24.21 end the
 * process when V8 collects a statement; 24.22 does not. 13 needs Node 22, and brings its native part along.
 * `appliance/prepare.mjs` builds what this picks.
 */
export function driverFor(nodeVersion: string): string {
  return Number(nodeVersion.split('.', 1)[0]) >= 22 ? 'better-sqlite3-13' : 'better-sqlite3'
}

const require = createRequire(import.meta.url)

/**
 * Opens a connection by better-sqlite3, in the version that fits the Node that runs.
 *
 * @throws What SQLite threw.
 */
export function openSqlite(
  file: string,
  options: BetterSqlite3.Options = {},
): BetterSqlite3.Database {
  const Driver = require(driverFor(process.versions.node)) as typeof BetterSqlite3
  return new Driver(file, options)
}
