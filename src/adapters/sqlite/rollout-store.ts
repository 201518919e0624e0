import type { Rollout, RolloutPhone, RolloutStore } from '../../conversion/rollout.ts'
import { readDocuments } from '../rows/read-documents.ts'
import {
  findShapeFault,
  isMac,
  listOf,
  oneOf,
  orMissing,
  orNull,
  type StoredRow,
  shaped,
  text,
  whole,
} from '../rows/row-shape.ts'
import type { Database } from './database.ts'
import { documentChanges } from './document-changes.ts'

const SELECT = 'SELECT id AS key, document FROM rollouts ORDER BY id'
const PUT = 'INSERT OR REPLACE INTO rollouts (id, document) VALUES (?, ?)'
const DELETE = 'DELETE FROM rollouts WHERE id = ?'

const PHONE = shaped<RolloutPhone>({
  mac: isMac,
  state: oneOf(
    'pending',
    'skipped',
    'waiting',
    'running',
    'confirmed',
    'stalled',
    'cancelled',
    'absent',
    'refused',
  ),
  reason: orNull(text()),
  startedAtMs: orNull(whole()),
  endedAtMs: orNull(whole()),
  isCanary: orMissing(oneOf(true, false)),
  stalledAtMs: orMissing(orNull(whole())),
})

const ROLLOUT = {
  id: text(),
  phones: listOf(PHONE),
  to: text(),
  from: orNull(text()),
  path: oneOf('cautious', 'direct'),
  acceptOneWay: oneOf(true, false),
  canaries: whole(),
  waveSize: whole(1),
  stopAfter: whole(1),
  onStop: oneOf('finish', 'cancel'),
  appearWithinMs: orNull(whole(1)),
  onAbsent: oneOf('fail', 'skip'),
  state: oneOf('running', 'paused', 'stopped', 'finished'),
  reason: orNull(text()),
  startedAtMs: whole(),
  updatedAtMs: whole(),
  revision: whole(1),
}

/** Roll-outs in SQLite, one row each. */
export class SqliteRolloutStore implements RolloutStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async load(): ReturnType<RolloutStore['load']> {
    const faults: string[] = []
    const rows = await this.#database.read(SELECT)
    return { rollouts: readRollouts(rows, faults), faults }
  }

  save(changes: ReadonlyMap<string, Rollout | null>): Promise<void> {
    return this.#database.write(documentChanges({ put: PUT, gone: DELETE }, changes))
  }
}

/** Roll-outs of rows with `key` and `document`; what makes no sense is left out and named. */
export function readRollouts(rows: readonly StoredRow[], faults: string[]): readonly Rollout[] {
  return readDocuments<Rollout>(rows, 'roll-out', findRolloutFault, faults).map(completed)
}

/** Rows of earlier versions: the first phones were the canaries, and a stall counted at once. */
function completed(rollout: Rollout): Rollout {
  const phones = rollout.phones.map((phone: Partial<RolloutPhone>, index) => {
    const unsaid = { isCanary: index < rollout.canaries, stalledAtMs: null }
    return { ...unsaid, ...phone } as RolloutPhone
  })
  return { ...rollout, phones }
}

function findRolloutFault(value: unknown, key: unknown): string | undefined {
  const fault = findShapeFault<Rollout>(value, ROLLOUT)
  if (fault !== undefined) return fault
  const { id } = value as Rollout
  return id === key ? undefined : `the document is that of ${id}`
}
