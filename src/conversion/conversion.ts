import type { Mac } from '../net/mac.ts'
import type { PlanStep } from '../phones/conversion-plan.ts'
import type { Evidence, EvidenceKind } from './evidence.ts'
import { NO_FACTS, type StepFacts } from './step-facts.ts'

/** Who restarts the phone where its conversion needs that. */
export type RestartMode = 'auto' | 'manual'

/** Where conversions as a whole stand. The last three are ends; `stalled` may go on. */
export const CONVERSION_STATES = [
  'waiting',
  'running',
  'confirmed',
  'stalled',
  'cancelled',
] as const

/** One of them. */
export type ConversionState = (typeof CONVERSION_STATES)[number]

/** Where one step stands. */
export type StepStage =
  | 'waiting'
  | 'booting'
  | 'fetching'
  | 'flashing'
  | 'rebooting'
  | 'confirmed'
  | 'stalled'

/** Why a phone stopped, in words. `code` is stable, kebab-case. */
export type Diagnosis = {
  readonly code: string
  readonly seen: string
  readonly cause: string
  readonly remedy: string
  readonly source: string
}

/** A plan's step and how far the phone is in it. */
export type ConversionStep = PlanStep & {
  readonly stage: StepStage
  /** Bytes of the image under way; null before the first. */
  readonly progress: { readonly file: string; readonly bytes: number; readonly of: number } | null
  readonly stageSinceMs: number
  /** What the phone has shown of this step; stored, and no part of the API. */
  readonly facts: StepFacts
}

/** A step of a plan that nothing has happened to yet. */
export function waitingStep(step: PlanStep, nowMs: number): ConversionStep {
  return { ...step, stage: 'waiting', progress: null, stageSinceMs: nowMs, facts: NO_FACTS }
}

/** A step that a phone would not do. */
export type RefusedStep = { readonly from: string | null; readonly to: string }

/** One phone on its way from a load to a load; what is stored and what the API shows. */
export type Conversion = {
  readonly mac: Mac
  /** Null while the phone has not shown what it runs. */
  readonly from: string | null
  readonly to: string
  readonly path: 'cautious' | 'direct'
  readonly acceptOneWay: boolean
  /**
   * Whether the appliance restarts the phone by itself; null: as operators have it by default, wherever
   * it can.
   */
  readonly restart: RestartMode | null
  readonly state: ConversionState
  /** Index of the step under way; the number of steps when all are done. */
  readonly step: number
  readonly steps: readonly ConversionStep[]
  /** Steps that the phone refused; the plan was recalculated to avoid them. `from` as in a conversion. */
  readonly refused: readonly RefusedStep[]
  readonly diagnosis: Diagnosis | null
  /** What proved each step, in order. */
  readonly evidence: readonly Evidence[]
  /** The kind of evidence that decided; null until the phone runs the target. */
  readonly confirmedBy: EvidenceKind | null
  readonly startedAtMs: number
  readonly updatedAtMs: number
  /** Counts changes, from 1. */
  readonly revision: number
}

/** Where conversions survive a restart. */
export interface ConversionStore {
  load(): Promise<{
    readonly conversions: readonly Conversion[]
    readonly faults: readonly string[]
  }>
  /** Resolves when all are on disk, all or none. */
  save(conversions: readonly Conversion[]): Promise<void>
}
