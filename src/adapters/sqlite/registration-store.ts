import type { Registration, RegistrationStore } from '../../call-control/registration.ts'
import type { Mac } from '../../net/mac.ts'
import { readDocuments } from '../rows/read-documents.ts'
import {
  findShapeFault,
  isAddress,
  isMac,
  oneOf,
  orNull,
  type StoredRow,
  text,
  whole,
} from '../rows/row-shape.ts'
import type { Database } from './database.ts'
import { documentChanges } from './document-changes.ts'

const SELECT = 'SELECT mac AS key, document FROM registrations ORDER BY mac'
const PUT = 'INSERT OR REPLACE INTO registrations (mac, document) VALUES (?, ?)'
const DELETE = 'DELETE FROM registrations WHERE mac = ?'

const REGISTRATION = {
  mac: isMac,
  protocol: oneOf('sip', 'sccp'),
  version: orNull(text(80)),
  load: orNull(text(80)),
  userAgent: orNull(text()),
  address: isAddress,
  registeredAtMs: whole(),
  expiresAtMs: whole(),
  lastReset: orNull(text(80)),
  lastResetCode: orNull(whole()),
}

/** Registrations in SQLite, one a phone at most. */
export class SqliteRegistrationStore implements RegistrationStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async load(): ReturnType<RegistrationStore['load']> {
    const faults: string[] = []
    const rows = await this.#database.read(SELECT)
    return { registrations: readRegistrations(rows, faults), faults }
  }

  save(changes: ReadonlyMap<Mac, Registration | null>): Promise<void> {
    return this.#database.write(documentChanges({ put: PUT, gone: DELETE }, changes))
  }
}

/** Registrations of rows with `key` and `document`; what makes no sense is left out and named. */
export function readRegistrations(
  rows: readonly StoredRow[],
  faults: string[],
): readonly Registration[] {
  return readDocuments<Registration>(rows, 'registration of', findRegistrationFault, faults)
}

function findRegistrationFault(value: unknown, key: unknown): string | undefined {
  const fault = findShapeFault<Registration>(value, REGISTRATION)
  if (fault !== undefined) return fault
  const { mac } = value as Registration
  return mac === key ? undefined : `the document is that of ${mac}`
}
