import { availableParallelism } from 'node:os'
import { ownNetwork } from './system-tests.mjs'

/**
 * Files of a process: starting Node and loading tap takes a second of a processor, so few processes
 * share it, and enough remain to share the work evenly.
 */
const FILES_PER_BATCH = 40

/** A file may take ten times of what the slowest does on a busy machine. One place is for files that wait. */
export const UNIT_LIMITS = { width: availableParallelism() + 1, fileTimeoutS: 180 }

/** Files that wait most of the time, for limits that a server has in seconds: they begin first, beside all others. */
const WAITING = [
  'adapters/http/connection-limit',
  'adapters/http/body-limit',
  'adapters/http/access',
  'adapters/udp/tftp-endpoint',
  'appliance/commands/simulate-replay',
].map(fileOf)

/**
 * Files that compute for many seconds: fuzzing, conversions of hundreds of phones, the runner with processes of its
 * own. `npm run unit` leaves them to `npm run check` and `npm test`.
 */
const LONG = [
  'adapters/http/api-fuzz',
  'conversion/hands-free',
  'conversion/many-phones',
  'runner/run-files',
].map(fileOf)

/** Files that start PostgreSQL, a cluster for each. `npm run unit` leaves them to the same. */
const ON_POSTGRES = [
  'adapters/postgres/change-feed',
  'adapters/postgres/lease-store',
  'adapters/postgres/migrate',
  'adapters/postgres/pipelined',
  'appliance/start/move-data',
  'partitions/database',
  'partitions/write-log',
  'services/events/shared-events',
  'services/mirrored-inventory',
  'services/shared-documents',
  'services/shared-stores',
].map(fileOf)

/** Whether `npm run unit` runs a file. */
export function isQuick(file) {
  return !LONG.includes(file) && !ON_POSTGRES.includes(file)
}

/**
 * Neighbours use the same sources, so that a batch has the fewest to load. A port that one file wants
 * may be one that the kernel has given to another: each batch has a loopback of its own.
 */
export function unitBatches(files) {
  const own = ownNetwork()
  const first = files.filter((file) => WAITING.includes(file))
  const others = files.filter((file) => !WAITING.includes(file))
  const count = Math.ceil(others.length / FILES_PER_BATCH)
  const batches = Array.from({ length: count }, (_, index) =>
    others.slice(index * FILES_PER_BATCH, (index + 1) * FILES_PER_BATCH),
  )
  return [first, ...batches]
    .filter((batch) => batch.length > 0)
    .map((batch) => ({ files: batch, ...own }))
}

function fileOf(name) {
  return `test/${name}.test.ts`
}
