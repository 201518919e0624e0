import type { SeenPhone, SeenStore } from '../../conversion/seen-table.ts'
import type { Mac } from '../../net/mac.ts'
import { SEEN_BY } from '../../phones/seen-software.ts'
import { readDocuments } from '../rows/read-documents.ts'
import {
  findShapeFault,
  isMac,
  oneOf,
  orNull,
  type StoredRow,
  text,
  whole,
} from '../rows/row-shape.ts'
import type { Database } from './database.ts'
import { documentChanges } from './document-changes.ts'

const SELECT = 'SELECT mac AS key, document FROM seen ORDER BY mac'
const PUT = 'INSERT OR REPLACE INTO seen (mac, document) VALUES (?, ?)'
const DELETE = 'DELETE FROM seen WHERE mac = ?'

const SEEN = {
  mac: isMac,
  load: orNull(text(40)),
  protocol: orNull(oneOf('sccp', 'sip', 'mgcp')),
  generation: orNull(oneOf('pre-ual', 'ual')),
  major: orNull(whole(0, 99)),
  atMs: whole(),
  by: oneOf(...SEEN_BY),
}

/** What phones were seen to run, in SQLite; one row a phone at most. */
export class SqliteSeenStore implements SeenStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async load(): ReturnType<SeenStore['load']> {
    const faults: string[] = []
    const rows = await this.#database.read(SELECT)
    return { seen: readSeen(rows, faults), faults }
  }

  save(changes: ReadonlyMap<Mac, SeenPhone | null>): Promise<void> {
    return this.#database.write(documentChanges({ put: PUT, gone: DELETE }, changes))
  }
}

/** What was seen, of rows with `key` and `document`; what makes no sense is left out and named. */
export function readSeen(rows: readonly StoredRow[], faults: string[]): readonly SeenPhone[] {
  return readDocuments<SeenPhone>(rows, 'what was seen of', findFault, faults)
}

function findFault(value: unknown, key: unknown): string | undefined {
  const fault = findShapeFault<SeenPhone>(value, SEEN)
  if (fault !== undefined) return fault
  const { mac } = value as SeenPhone
  return mac === key ? undefined : `the document is that of ${mac}`
}
