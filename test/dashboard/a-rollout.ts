import type { Rollout, RolloutPhone } from '../../src/dashboard/data/types.ts'

/** No phone anywhere. */
export const NO_COUNTS: Rollout['counts'] = {
  total: 0,
  pending: 0,
  underWay: 0,
  confirmed: 0,
  failed: 0,
  absent: 0,
  cancelled: 0,
  skipped: 0,
}

/** A phone of a roll-out as the API shows it. */
export function aRolloutPhone(fields: Partial<RolloutPhone> = {}): RolloutPhone {
  return {
    mac: '000E84C060A6',
    isCanary: false,
    state: 'pending',
    reason: null,
    startedAt: null,
    endedAt: null,
    ...fields,
  }
}

/** A roll-out as the API shows it. */
export function aRollout(fields: Partial<Rollout> = {}): Rollout {
  return {
    id: 'floor-3',
    to: 'P0S3-8-12-00',
    from: 'P00308000500',
    canaries: 1,
    waveSize: 10,
    stopAfter: 1,
    onStop: 'finish',
    appearWithin: null,
    onAbsent: 'fail',
    state: 'running',
    stage: 'canaries',
    reason: null,
    counts: NO_COUNTS,
    startedAt: '2026-03-01T09:30:00.000Z',
    updatedAt: '2026-03-01T09:30:00.000Z',
    revision: 1,
    phones: [],
    ...fields,
  }
}
