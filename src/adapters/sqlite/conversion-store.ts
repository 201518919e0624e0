import type {
  Conversion,
  ConversionStep,
  ConversionStore,
  Diagnosis,
  RefusedStep,
} from '../../conversion/conversion.ts'
import type { Database } from './database.ts'
import { readDocuments } from './read-documents.ts'
import {
  findShapeFault,
  isMac,
  listOf,
  oneOf,
  orMissing,
  orNull,
  shaped,
  text,
  whole,
} from './row-shape.ts'

const SELECT = 'SELECT mac AS key, document FROM conversions ORDER BY mac'
const PUT = 'INSERT OR REPLACE INTO conversions (mac, document) VALUES (?, ?)'

const STEP = shaped<ConversionStep>({
  load: text(),
  method: oneOf('os79xx', 'image_version', 'xml', 'ual'),
  oneWay: oneOf(true, false),
  why: text(),
  source: text(),
  stage: oneOf('waiting', 'booting', 'fetching', 'flashing', 'rebooting', 'confirmed', 'stalled'),
  progress: orNull(
    shaped<NonNullable<ConversionStep['progress']>>({ file: text(), bytes: whole(), of: whole() }),
  ),
  stageSinceMs: whole(),
})

const CONVERSION = {
  mac: isMac,
  from: orNull(text()),
  to: text(),
  path: oneOf('cautious', 'direct'),
  acceptOneWay: oneOf(true, false),
  state: oneOf('waiting', 'running', 'confirmed', 'stalled', 'cancelled'),
  step: whole(),
  steps: listOf(STEP),
  refused: orMissing(listOf(shaped<RefusedStep>({ from: orNull(text()), to: text() }))),
  diagnosis: orNull(
    shaped<Diagnosis>({
      code: text(),
      seen: text(),
      cause: text(),
      remedy: text(),
      source: text(),
    }),
  ),
  startedAtMs: whole(),
  updatedAtMs: whole(),
  revision: whole(1),
}

type Stored = Omit<Conversion, 'refused'> & Partial<Pick<Conversion, 'refused'>>

/** Conversions in SQLite, the last one of each phone. */
export class SqliteConversionStore implements ConversionStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async load(): ReturnType<ConversionStore['load']> {
    const faults: string[] = []
    const rows = await this.#database.read(SELECT)
    const stored = readDocuments<Stored>(rows, 'conversion of', findConversionFault, faults)
    // Those that were stored before phones could refuse steps have refused none.
    return { conversions: stored.map((one) => ({ ...one, refused: one.refused ?? [] })), faults }
  }

  save(conversions: readonly Conversion[]): Promise<void> {
    const rows = conversions.map((conversion) => [conversion.mac, JSON.stringify(conversion)])
    return this.#database.write([{ sql: PUT, rows }])
  }
}

function findConversionFault(value: unknown, key: unknown): string | undefined {
  const fault = findShapeFault<Conversion>(value, CONVERSION)
  if (fault !== undefined) return fault
  const { mac, step, steps } = value as Conversion
  if (mac !== key) return `the document is that of ${mac}`
  return step <= steps.length ? undefined : `step is ${step} of ${steps.length}`
}
