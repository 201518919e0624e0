import type {
  Conversion,
  ConversionStep,
  ConversionStore,
  Diagnosis,
  RefusedStep,
} from '../../conversion/conversion.ts'
import type { Database } from './database.ts'
import {
  findShapeFault,
  isMac,
  listOf,
  oneOf,
  orNull,
  parseJson,
  shaped,
  text,
  whole,
} from './row-shape.ts'

const SELECT = 'SELECT mac, document FROM conversions ORDER BY mac'
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
  refused: listOf(shaped<RefusedStep>({ from: orNull(text()), to: text() })),
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

/** Conversions in SQLite, the last one of each phone. */
export class SqliteConversionStore implements ConversionStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async load(): ReturnType<ConversionStore['load']> {
    const conversions: Conversion[] = []
    const faults: string[] = []
    for (const { mac, document } of await this.#database.read(SELECT)) {
      const conversion = withRefused(parseJson(document))
      const fault = findConversionFault(conversion, mac)
      if (fault === undefined) conversions.push(conversion as Conversion)
      else faults.push(`conversion of ${mac} is left out: ${fault}`)
    }
    return { conversions, faults }
  }

  save(conversions: readonly Conversion[]): Promise<void> {
    const rows = conversions.map((conversion) => [conversion.mac, JSON.stringify(conversion)])
    return this.#database.write([{ sql: PUT, rows }])
  }
}

/** Conversions that were stored before phones could refuse steps have refused none. */
function withRefused(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || 'refused' in document) return document
  return { ...document, refused: [] }
}

function findConversionFault(value: unknown, key: unknown): string | undefined {
  const fault = findShapeFault<Conversion>(value, CONVERSION)
  if (fault !== undefined) return fault
  const { mac, step, steps } = value as Conversion
  if (mac !== key) return `the document is that of ${mac}`
  return step <= steps.length ? undefined : `step is ${step} of ${steps.length}`
}
