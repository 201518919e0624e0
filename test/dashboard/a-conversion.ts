import type { Conversion, ConversionStep, Phone } from '../../src/dashboard/data/types.ts'

/** A step as the API shows it. */
export function aStep(fields: Partial<ConversionStep> = {}): ConversionStep {
  return {
    load: 'P0S3-8-12-00',
    method: 'ual',
    oneWay: false,
    why: 'because',
    source: 'a document',
    stage: 'waiting',
    stageSince: '2026-03-01T09:30:00.000Z',
    progress: null,
    ...fields,
  }
}

/** A conversion of one step as the API shows it. */
export function aConversion(fields: Partial<Conversion> = {}): Conversion {
  return {
    mac: '000E84C060A6',
    from: 'P00308000500',
    to: 'P0S3-8-12-00',
    path: 'cautious',
    restart: 'manual',
    state: 'running',
    step: 0,
    steps: [aStep()],
    diagnosis: null,
    atThePhone: [],
    warnings: [],
    evidence: [],
    confirmedBy: null,
    startedAt: '2026-03-01T09:30:00.000Z',
    updatedAt: '2026-03-01T09:30:00.000Z',
    revision: 1,
    ...fields,
  }
}

/** A phone as the API shows it. */
export function aPhone(fields: Partial<Phone> = {}): Phone {
  return {
    mac: '000E84C060A6',
    model: '7960',
    label: 'desk 12',
    network: 'bench',
    profile: null,
    address: null,
    trustAddress: false,
    switchPort: null,
    lines: [],
    settings: {},
    secretSettings: [],
    registration: null,
    seen: null,
    revision: 1,
    ...fields,
  }
}
