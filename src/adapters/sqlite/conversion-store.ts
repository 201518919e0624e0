import {
  CONVERSION_STATES,
  type Conversion,
  type ConversionStep,
  type ConversionStore,
  type Diagnosis,
  type RefusedStep,
} from '../../conversion/conversion.ts'
import { EVIDENCE_KINDS, type Evidence } from '../../conversion/evidence.ts'
import {
  type ApplicationStart,
  MILESTONES,
  NO_FACTS,
  type StartSeen,
  type StepFacts,
  type WholeFile,
} from '../../conversion/step-facts.ts'
import { isLastImageOf, targetOf } from '../../conversion/target.ts'
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

const SELECT = 'SELECT mac AS key, document FROM conversions ORDER BY mac'
const PUT = 'INSERT OR REPLACE INTO conversions (mac, document) VALUES (?, ?)'

const PROTOCOL = orNull(oneOf('sip', 'sccp'))

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
  facts: orMissing(
    shaped<StepFacts>({
      furthest: oneOf(...MILESTONES),
      furthestBytes: whole(),
      lastImageAtMs: orNull(whole()),
      loadsAtMs: orNull(whole()),
      application: orNull(
        shaped<ApplicationStart>({ atMs: whole(), file: text(), protocol: PROTOCOL }),
      ),
      before: shaped<StepFacts['before']>({
        protocol: PROTOCOL,
        generation: orNull(oneOf('pre-ual', 'ual')),
        load: orNull(text()),
      }),
      whole: listOf(shaped<WholeFile>({ file: text(), times: whole(), atMs: whole() })),
      starts: whole(),
      startedAtMs: orNull(whole()),
      suspected: oneOf(true, false),
      oldProtocol: orMissing(PROTOCOL),
      refused: orNull(text()),
      contentStarts: whole(),
      start: orMissing(
        orNull(
          shaped<StartSeen>({
            generation: orNull(oneOf('pre-ual', 'ual')),
            asked: listOf(text()),
            lastRequestAtMs: whole(),
          }),
        ),
      ),
    }),
  ),
})

const CONVERSION = {
  mac: isMac,
  from: orNull(text()),
  to: text(),
  path: oneOf('cautious', 'direct'),
  acceptOneWay: oneOf(true, false),
  restart: orMissing(orNull(oneOf('auto', 'manual'))),
  state: oneOf(...CONVERSION_STATES),
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
  evidence: orMissing(
    listOf(shaped<Evidence>({ atMs: whole(), kind: oneOf(...EVIDENCE_KINDS), detail: text() })),
  ),
  confirmedBy: orMissing(orNull(oneOf(...EVIDENCE_KINDS))),
  startedAtMs: whole(),
  updatedAtMs: whole(),
  revision: whole(1),
}

/** Rows of earlier versions lack what was not kept then. */
type Stored = Omit<Conversion, 'refused' | 'evidence' | 'confirmedBy' | 'restart' | 'steps'> &
  Partial<Pick<Conversion, 'refused' | 'evidence' | 'confirmedBy' | 'restart'>> & {
    readonly steps: readonly StoredStep[]
  }

type StoredStep = Omit<ConversionStep, 'facts'> & Partial<Pick<ConversionStep, 'facts'>>

/** Conversions in SQLite, the last one of each phone. */
export class SqliteConversionStore implements ConversionStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async load(): ReturnType<ConversionStore['load']> {
    const faults: string[] = []
    const rows = await this.#database.read(SELECT)
    return { conversions: readConversions(rows, faults), faults }
  }

  save(conversions: readonly Conversion[]): Promise<void> {
    const rows = conversions.map((conversion) => [conversion.mac, JSON.stringify(conversion)])
    return this.#database.write([{ sql: PUT, rows }])
  }
}

/** Conversions of rows with `key` and `document`; what makes no sense is left out and named. */
export function readConversions(
  rows: readonly StoredRow[],
  faults: string[],
): readonly Conversion[] {
  return readDocuments<Stored>(rows, 'conversion of', findConversionFault, faults).map(completed)
}

function completed(stored: Stored): Conversion {
  const { refused = [], evidence = [], confirmedBy = null, restart = null, steps } = stored
  return { ...stored, refused, evidence, confirmedBy, restart, steps: steps.map(withFacts) }
}

/** An earlier version kept of a step whether its last image had arrived, in its progress alone. */
function withFacts(step: StoredStep): ConversionStep {
  if (step.facts !== undefined) return { ...step, facts: { ...NO_FACTS, ...step.facts } }
  const { load, progress, stage, stageSinceMs } = step
  const target = targetOf(load, undefined)
  const isWhole = progress !== null && progress.bytes === progress.of
  const isLast = target !== undefined && isWhole && isLastImageOf(target, progress.file)
  if (!isLast || !['flashing', 'rebooting'].includes(stage)) return { ...step, facts: NO_FACTS }
  const facts = { ...NO_FACTS, furthest: 'last-image-whole', lastImageAtMs: stageSinceMs } as const
  return { ...step, facts }
}

function findConversionFault(value: unknown, key: unknown): string | undefined {
  const fault = findShapeFault<Conversion>(value, CONVERSION)
  if (fault !== undefined) return fault
  const { mac, step, steps } = value as Conversion
  if (mac !== key) return `the document is that of ${mac}`
  return step <= steps.length ? undefined : `step is ${step} of ${steps.length}`
}
