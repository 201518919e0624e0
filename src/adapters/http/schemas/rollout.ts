import Type, { type Static } from 'typebox'
import {
  hasFailed,
  isProved,
  isUnderWay,
  type Rollout,
  type RolloutPhoneState,
} from '../../../conversion/rollout.ts'
import { MAX_ROLLOUT_PHONES } from '../../../conversion/rollout-rules.ts'
import { isoTime, isoTimeOrNull } from '../api.ts'
import { Path } from './conversion.ts'
import { Load, MacIn, MacOut, Nullable, OneOf, Revision, Time } from './values.ts'

/** The operator's name of a roll-out; part of its address. */
export const RolloutId = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$',
  description: 'A name of letters, digits, dot, dash and underscore, at most 64',
  examples: ['floor-3'],
})

const PHONE_STATES = [
  'pending',
  'skipped',
  'waiting',
  'running',
  'confirmed',
  'stalled',
  'cancelled',
  'absent',
  'refused',
] as const satisfies readonly RolloutPhoneState[]

const OnStop = OneOf(
  ['finish', 'cancel'],
  'What happens to phones in progress when it stops: finish (default) or cancel',
)

const OnAbsent = OneOf(
  ['fail', 'skip'],
  'Whether a phone that does not appear in time counts as failed (default) or is only skipped',
)

/** Body of `PUT /v1/rollouts/{id}`. */
export const RolloutBody = Type.Object(
  {
    phones: Type.Array(MacIn, {
      minItems: 1,
      maxItems: MAX_ROLLOUT_PHONES,
      description: 'Enrolled phones in the order of conversion; the canaries first',
    }),
    to: Load,
    from: Type.Optional(
      Nullable(
        Type.String({
          maxLength: 64,
          description: 'The load that all phones run now; without it, each phone shows its own',
        }),
      ),
    ),
    path: Type.Optional(Path),
    acceptOneWay: Type.Optional(
      Type.Boolean({
        description: 'Accept steps that cannot be undone: no supported path leads back',
      }),
    ),
    canaries: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MAX_ROLLOUT_PHONES,
        description:
          'This many phones, the first that do not run the load yet, must all be confirmed before any other starts; default 1',
      }),
    ),
    waveSize: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_ROLLOUT_PHONES,
        description: 'At most this many are in progress at a time; default 10',
      }),
    ),
    stopAfter: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_ROLLOUT_PHONES,
        description:
          'The roll-out stops when this many have failed; default 1. A failed canary always stops it',
      }),
    ),
    onStop: Type.Optional(OnStop),
    appearWithin: Type.Optional(
      Nullable(
        Type.Number({
          exclusiveMinimum: 0,
          maximum: 31_536_000,
          description: 'Seconds within which a phone must appear; default null: no limit',
        }),
      ),
    ),
    onAbsent: Type.Optional(OnAbsent),
  },
  { title: 'RolloutBody', additionalProperties: false },
)

/** Body of `PATCH /v1/rollouts/{id}`. */
export const RolloutPatchBody = Type.Object(
  {
    state: OneOf(['running', 'paused', 'stopped'], 'Resume, pause or stop; stopping is final'),
    onStop: Type.Optional(OnStop),
  },
  { title: 'RolloutPatchBody', additionalProperties: false },
)

const Count = Type.Integer({ minimum: 0 })

const summaryFields = {
  id: RolloutId,
  to: Load,
  from: Nullable(Type.String()),
  path: Path,
  acceptOneWay: Type.Boolean(),
  canaries: Count,
  waveSize: Count,
  stopAfter: Count,
  onStop: OnStop,
  appearWithin: Nullable(Type.Number({ description: 'In seconds' })),
  onAbsent: OnAbsent,
  state: OneOf(['running', 'paused', 'stopped', 'finished']),
  stage: OneOf(['canaries', 'waves'], 'waves after every canary is confirmed'),
  reason: Nullable(Type.String({ description: 'Why it was stopped; null if it was not' })),
  counts: Type.Object(
    {
      total: Count,
      pending: Count,
      underWay: Count,
      confirmed: Count,
      failed: Type.Integer({ minimum: 0, description: 'Failures that count towards stopAfter' }),
      absent: Count,
      cancelled: Count,
      skipped: Count,
    },
    { title: 'RolloutCounts' },
  ),
  startedAt: Time,
  updatedAt: Time,
  revision: Revision,
}

/** A roll-out as it stands in the list: without its phones. */
export const RolloutSummaryView = Type.Object(summaryFields, { title: 'RolloutSummary' })

/** A roll-out as it comes out. */
export const RolloutView = Type.Object(
  {
    ...summaryFields,
    phones: Type.Array(
      Type.Object(
        {
          mac: MacOut,
          isCanary: Type.Boolean(),
          state: OneOf(PHONE_STATES),
          reason: Nullable(Type.String()),
          startedAt: Nullable(Time),
          endedAt: Nullable(Time),
        },
        { title: 'RolloutPhone' },
      ),
    ),
  },
  { title: 'Rollout' },
)

/** A roll-out as JSON, without its phones. */
export function summarizeRollout(rollout: Rollout): Static<typeof RolloutSummaryView> {
  const { phones, appearWithinMs, startedAtMs, updatedAtMs, ...rest } = rollout
  const count = (...states: readonly RolloutPhoneState[]) =>
    phones.filter(({ state }) => states.includes(state)).length
  return {
    ...rest,
    appearWithin: appearWithinMs === null ? null : appearWithinMs / 1000,
    stage: isProved(rollout) ? 'waves' : 'canaries',
    counts: {
      total: phones.length,
      pending: count('pending'),
      underWay: phones.filter(isUnderWay).length,
      confirmed: count('confirmed'),
      failed: phones.filter((phone) => hasFailed(phone, rollout)).length,
      absent: count('absent'),
      cancelled: count('cancelled'),
      skipped: count('skipped'),
    },
    startedAt: isoTime(startedAtMs),
    updatedAt: isoTime(updatedAtMs),
  }
}

/** A roll-out as JSON. */
export function viewRollout(rollout: Rollout): Static<typeof RolloutView> {
  const { phones } = rollout
  return {
    ...summarizeRollout(rollout),
    phones: phones.map(({ mac, state, reason, isCanary, startedAtMs, endedAtMs }) => ({
      mac,
      isCanary,
      state,
      reason,
      startedAt: isoTimeOrNull(startedAtMs),
      endedAt: isoTimeOrNull(endedAtMs),
    })),
  }
}
