import Type, { type Static } from 'typebox'
import { atThePhone } from '../../../conversion/at-the-phone.ts'
import {
  CONVERSION_STATES,
  type Conversion,
  type RestartMode,
} from '../../../conversion/conversion.ts'
import { EVIDENCE_KINDS, type Evidence } from '../../../conversion/evidence.ts'
import type { Rollback } from '../../../conversion/rollback.ts'
import { PHONE_MODELS } from '../../../phones/family/family.ts'
import { isoTime } from '../api.ts'
import {
  Load,
  MacOut,
  Nullable,
  NullableOneOf,
  OneOf,
  Revision,
  Synthetic,
  Time,
} from './values.ts'

/** Which upgrade path a plan follows. */
export const Path = OneOf(
  ['cautious', 'direct'],
  'cautious (default): the stricter upgrade path of the Cisco CME guide; direct: the path of Cisco document 5455',
)

const Method = OneOf(
  ['os79xx', 'image_version', 'xml', 'ual'],
  'How the phone learns which load to fetch: OS79XX.TXT, image_version, XML load information, or a UAL set',
)

const stepFields = {
  load: Load,
  method: Method,
  oneWay: Type.Boolean({ description: 'No supported upgrade path leads back from this step' }),
  why: Type.String(),
  source: Type.String({ description: 'The document that allows the step' }),
}

/** Body of `PUT /v1/phones/{mac}/conversion`. */
export const ConversionBody = Type.Object(
  {
    to: Load,
    from: Type.Optional(Nullable(Load)),
    path: Type.Optional(Path),
    acceptOneWay: Type.Optional(
      Type.Boolean({
        description: 'Accept steps that cannot be undone: no supported path leads back',
      }),
    ),
    acceptFrom: Type.Optional(
      Type.Boolean({ description: 'Go by from even where the phone was seen to run another load' }),
    ),
    restart: Type.Optional(
      OneOf(
        ['auto', 'manual'],
        'Who restarts the phone: auto (default where its network has callControl, or a switch port or restart.command is configured) or manual',
      ),
    ),
  },
  { title: 'ConversionBody', additionalProperties: false },
)

const DiagnosisView = Type.Unsafe<Conversion['diagnosis']>({
  title: 'Diagnosis',
  type: ['object', 'null'],
  description: 'Why the phone stalled; null if it has not',
  required: ['code', 'seen', 'cause', 'remedy', 'source'],
  properties: {
    code: { type: 'string' },
    seen: { type: 'string' },
    cause: { type: 'string' },
    remedy: { type: 'string' },
    source: { type: 'string' },
  },
})

type Progress = Conversion['steps'][number]['progress']

const StepView = Type.Object(
  {
    ...stepFields,
    stage: OneOf([
      'waiting',
      'booting',
      'fetching',
      'flashing',
      'rebooting',
      'confirmed',
      'stalled',
    ]),
    stageSince: Time,
    progress: Type.Unsafe<Progress>({
      type: ['object', 'null'],
      description: 'Of the image in transfer, in bytes; null before the first',
      required: ['file', 'bytes', 'of'],
      properties: {
        file: { type: 'string' },
        bytes: { type: 'integer' },
        of: { type: 'integer' },
      },
    }),
  },
  { title: 'ConversionStep' },
)

const EvidenceView = Type.Object(
  {
    at: Time,
    kind: OneOf([...EVIDENCE_KINDS], 'What the appliance observed, strongest evidence first'),
    detail: Type.String({ description: 'A sentence' }),
  },
  { title: 'Evidence' },
)

const RollbackView = Type.Unsafe<Rollback | null>({
  title: 'Rollback',
  type: ['object', 'null'],
  description:
    'How to return to `from`: PUT a conversion with this `to`; omitted in lists. Null if the earlier load is unknown or still runs',
  required: ['to', 'possible', 'reason'],
  properties: {
    to: { type: 'string' },
    possible: { type: 'boolean' },
    reason: {
      type: ['string', 'null'],
      description: 'Why it is not possible, or what it requires',
    },
  },
})

/** A conversion as it comes out. */
export const ConversionView = Type.Object(
  {
    mac: MacOut,
    from: Nullable(Type.String({ description: 'Null until the phone has shown it' })),
    to: Load,
    path: Path,
    acceptOneWay: Type.Boolean(),
    restart: OneOf(['auto', 'manual'], 'Who restarts the phone where a step needs that'),
    state: OneOf(CONVERSION_STATES),
    step: Type.Integer({
      description: 'Index of the current step; the number of steps when all are done',
    }),
    steps: Type.Array(StepView),
    refused: Type.Array(
      Type.Object({ from: Nullable(Type.String()), to: Load }, { title: 'RefusedStep' }),
      { description: 'Steps that the phone refused; the plan was recalculated to avoid them' },
    ),
    diagnosis: DiagnosisView,
    evidence: Type.Array(EvidenceView, {
      description:
        'What proved each step, in order; a step that ended only with the next start has none',
    }),
    confirmedBy: NullableOneOf(
      [...EVIDENCE_KINDS],
      'The kind of evidence that decided; null until the phone runs the target',
    ),
    atThePhone: Type.Array(Type.String(), {
      description: 'What an operator can do at the phone now, one sentence an entry',
    }),
    warnings: Type.Array(Type.String(), {
      description:
        'What the operator should know before the start and after the end, one sentence an entry',
    }),
    rollback: Type.Optional(RollbackView),
    startedAt: Time,
    updatedAt: Time,
    revision: Revision,
  },
  { title: 'Conversion' },
)

/** What a view has besides the conversion itself. */
export type ConversionMore = {
  readonly warnings: readonly string[]
  readonly restart: RestartMode
  /** Left out in lists. */
  readonly rollback?: Rollback | null
}

/** A conversion as JSON. */
export function viewConversion(
  conversion: Conversion,
  { rollback, warnings, restart }: ConversionMore,
): Static<typeof ConversionView> {
  const { startedAtMs, updatedAtMs, steps, ...rest } = conversion
  return {
    ...rest,
    restart,
    atThePhone: [...atThePhone(conversion, restart)],
    warnings: [...warnings],
    ...(rollback === undefined ? {} : { rollback }),
    refused: rest.refused.map((step) => ({ ...step })),
    steps: steps.map(({ stageSinceMs, facts: _facts, ...step }) => ({
      ...step,
      stageSince: isoTime(stageSinceMs),
    })),
    evidence: rest.evidence.map(viewEvidence),
    startedAt: isoTime(startedAtMs),
    updatedAt: isoTime(updatedAtMs),
  }
}

/** Evidence as JSON. */
export function viewEvidence({ atMs, ...seen }: Evidence): Static<typeof EvidenceView> {
  return { at: isoTime(atMs), ...seen }
}

/** Body of `POST /v1/plans`. */
export const PlanBody = Type.Object(
  {
    model: Type.Optional(NullableOneOf(PHONE_MODELS)),
    from: Type.Optional(Nullable(Load)),
    to: Load,
    path: Type.Optional(Path),
    mac: Type.Optional(
      Type.String({
        maxLength: 17,
        description:
          'The enrolled phone that the plan is for: gives its warnings and, without from, the load it runs',
      }),
    ),
  },
  { title: 'PlanBody', additionalProperties: false },
)

/** A plan as it comes out. */
export const PlanView = Type.Object(
  {
    steps: Type.Array(Type.Object({ ...stepFields, synthetic: Synthetic }, { title: 'PlanStep' })),
    oneWay: Type.Boolean({ description: 'Whether a step is one-way' }),
    missingFirmware: Type.Array(Load, { description: 'Loads whose firmware is missing' }),
    warnings: Type.Array(Type.String(), {
      description:
        'What the operator should know about the phone named by mac, one sentence an entry',
    }),
  },
  { title: 'Plan' },
)
