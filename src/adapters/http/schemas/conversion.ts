import Type, { type Static } from 'typebox'
import { atThePhone } from '../../../conversion/at-the-phone.ts'
import type { Conversion } from '../../../conversion/conversion.ts'
import { EVIDENCE_KINDS } from '../../../conversion/evidence.ts'
import type { Rollback } from '../../../conversion/rollback.ts'
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

/** Which ladder a plan follows. */
export const Path = OneOf(
  ['cautious', 'direct'],
  'cautious (default): the stricter ladder of the Cisco CME guide; direct: that of Cisco document 5455',
)

const Method = OneOf(
  ['os79xx', 'image_version', 'xml', 'ual'],
  'How the phone is made to load: OS79XX.TXT, image_version, XML load information, or a UAL set',
)

const stepFields = {
  load: Load,
  method: Method,
  oneWay: Type.Boolean({ description: 'No legal way leads back behind this step' }),
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
      Type.Boolean({ description: 'Agree to steps that no legal way leads back from' }),
    ),
  },
  { title: 'ConversionBody', additionalProperties: false },
)

const DiagnosisView = Type.Unsafe<Conversion['diagnosis']>({
  title: 'Diagnosis',
  type: ['object', 'null'],
  description: 'Why the phone stopped; null while it has not',
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
      description: 'Of the image under way, in octets; null before the first',
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
    kind: OneOf([...EVIDENCE_KINDS], 'What was seen, strongest first'),
    detail: Type.String({ description: 'A sentence' }),
  },
  { title: 'Evidence' },
)

const RollbackView = Type.Unsafe<Rollback | null>({
  title: 'Rollback',
  type: ['object', 'null'],
  description:
    'The way back to `from`: PUT a conversion with `to` of this; not in lists. Null where nobody knows what the phone ran, or where it runs that still',
  required: ['to', 'possible', 'reason'],
  properties: {
    to: { type: 'string' },
    possible: { type: 'boolean' },
    reason: {
      type: ['string', 'null'],
      description: 'Why not, or what it takes',
    },
  },
})

/** A conversion as it comes out. */
export const ConversionView = Type.Object(
  {
    mac: MacOut,
    from: Nullable(Type.String({ description: 'Null while the phone has not shown it' })),
    to: Load,
    path: Path,
    acceptOneWay: Type.Boolean(),
    state: OneOf(['waiting', 'running', 'confirmed', 'stalled', 'cancelled']),
    step: Type.Integer({
      description: 'Index of the step under way; their number when all are done',
    }),
    steps: Type.Array(StepView),
    refused: Type.Array(
      Type.Object({ from: Nullable(Type.String()), to: Load }, { title: 'RefusedStep' }),
      { description: 'Steps that the phone refused; the plan was made anew round them' },
    ),
    diagnosis: DiagnosisView,
    evidence: Type.Array(EvidenceView, {
      description:
        'What proved each step, in order; a step that the next start alone ended has none',
    }),
    confirmedBy: NullableOneOf(
      [...EVIDENCE_KINDS],
      'The kind of evidence that decided; null until the phone runs the target',
    ),
    atThePhone: Type.Array(Type.String(), {
      description: 'What an operator can do at the phone now, a sentence an entry',
    }),
    warnings: Type.Array(Type.String(), {
      description:
        'What the operator should know, before the start and after the end, a sentence an entry',
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
  /** Left out in lists. */
  readonly rollback?: Rollback | null
}

/** A conversion as JSON. */
export function viewConversion(
  conversion: Conversion,
  { rollback, warnings }: ConversionMore,
): Static<typeof ConversionView> {
  const { startedAtMs, updatedAtMs, steps, ...rest } = conversion
  return {
    ...rest,
    atThePhone: [...atThePhone(conversion)],
    warnings: [...warnings],
    ...(rollback === undefined ? {} : { rollback }),
    refused: rest.refused.map((step) => ({ ...step })),
    steps: steps.map(({ stageSinceMs, facts: _facts, ...step }) => ({
      ...step,
      stageSince: isoTime(stageSinceMs),
    })),
    evidence: rest.evidence.map(({ atMs, ...seen }) => ({ at: isoTime(atMs), ...seen })),
    startedAt: isoTime(startedAtMs),
    updatedAt: isoTime(updatedAtMs),
  }
}

/** Body of `POST /v1/plans`. */
export const PlanBody = Type.Object(
  {
    model: Type.Optional(NullableOneOf(['7940', '7960'])),
    from: Type.Optional(Nullable(Load)),
    to: Load,
    path: Type.Optional(Path),
    mac: Type.Optional(
      Type.String({
        maxLength: 17,
        description: 'An enrolled phone that the plan is for: for its warnings',
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
      description: 'What the operator should know of the phone named by mac, a sentence an entry',
    }),
  },
  { title: 'Plan' },
)
