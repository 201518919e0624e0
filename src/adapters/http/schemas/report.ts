import Type, { type Static } from 'typebox'
import { CONVERSION_STATES } from '../../../conversion/conversion.ts'
import { EVIDENCE_KINDS } from '../../../conversion/evidence.ts'
import { csvRows } from '../../../phones/csv-field.ts'
import { PHONE_MODELS } from '../../../phones/family/family.ts'
import { SEEN_BY } from '../../../phones/seen-software.ts'
import type {
  PhoneReport,
  ReportedRolloutPhone,
  RolloutReport,
} from '../../../services/report/report.ts'
import { isoTime, isoTimeOrNull } from '../api.ts'
import { viewEvidence } from './conversion.ts'
import { viewSeen } from './phone.ts'
import { Load, MacOut, Nullable, NullableOneOf, OneOf, Sha256, Time } from './values.ts'

const EvidenceOfReport = Type.Array(
  Type.Object({ at: Time, kind: OneOf([...EVIDENCE_KINDS]), detail: Type.String() }),
)

const StartedByView = Type.Unsafe<NonNullable<PhoneReport['conversion']>['startedBy']>({
  title: 'StartedBy',
  type: ['object', 'null'],
  description: 'Null if no event tells any longer',
  required: ['how', 'by', 'address', 'rollout'],
  properties: {
    how: { type: 'string', enum: ['operator', 'rollout', 'import', 'automatic-enrolment'] },
    by: {
      type: ['string', 'null'],
      description: 'The name of the token; token for that of the configuration; loopback for none',
    },
    address: { type: ['string', 'null'], description: 'Where the request came from' },
    rollout: { type: ['string', 'null'] },
  },
})

const Serial = Nullable(
  Type.String({ description: 'As the web page of the phone told; null if no page was read' }),
)

const FirmwareOfReport = Type.Array(
  Type.Object({
    load: Load,
    files: Type.Array(Type.Object({ name: Type.String(), bytes: Type.Integer(), sha256: Sha256 }), {
      description: 'As stored now; empty if the set is no longer stored',
    }),
  }),
)

const phoneFields = {
  mac: MacOut,
  serial: Serial,
  model: NullableOneOf(PHONE_MODELS),
  label: Nullable(Type.String()),
}

const writtenFields = {
  firmware: FirmwareOfReport,
  writtenAt: Time,
  version: Type.String({ description: 'Of the appliance' }),
}

const ReportedConversionView = Type.Object({
  from: Nullable(Type.String()),
  to: Load,
  state: OneOf(CONVERSION_STATES),
  confirmedBy: NullableOneOf([...EVIDENCE_KINDS]),
  evidence: EvidenceOfReport,
  diagnosis: Type.Unsafe<{ readonly code: string; readonly seen: string } | null>({
    type: ['object', 'null'],
    required: ['code', 'seen'],
    properties: { code: { type: 'string' }, seen: { type: 'string' } },
  }),
  steps: Type.Array(
    Type.Object({
      load: Load,
      method: Type.String(),
      oneWay: Type.Boolean(),
      stage: Type.String(),
    }),
  ),
  startedAt: Time,
  endedAt: Nullable(Type.String({ description: 'When it was confirmed or cancelled' })),
  startedBy: StartedByView,
})

type ConversionOut = Static<typeof ReportedConversionView>

/** The report of a phone as it comes out. */
export const PhoneReportView = Type.Object(
  {
    ...phoneFields,
    network: Nullable(Type.String()),
    profile: Nullable(Type.String()),
    seen: Type.Unsafe<{
      readonly load: string | null
      readonly protocol: string | null
      readonly at: string
      readonly by: string
    } | null>({
      type: ['object', 'null'],
      required: ['load', 'protocol', 'at', 'by'],
      properties: {
        load: { type: ['string', 'null'] },
        protocol: { type: ['string', 'null'] },
        at: { type: 'string' },
        by: { type: 'string', enum: [...SEEN_BY] },
      },
    }),
    conversion: Type.Unsafe<ConversionOut | null>({
      ...ReportedConversionView,
      type: ['object', 'null'],
      description: 'The last conversion; null if there was none',
    }),
    fetched: Type.Array(
      Type.Object({
        name: Type.String(),
        bytes: Type.Integer(),
        sha256: Nullable(Type.String({ description: 'Of the bytes that were sent' })),
        at: Time,
      }),
      { description: 'Firmware files that the phone fetched whole since the conversion started' },
    ),
    ...writtenFields,
  },
  { title: 'PhoneReport' },
)

/** The report of a roll-out as it comes out. */
export const RolloutReportView = Type.Object(
  {
    id: Type.String(),
    to: Load,
    from: Nullable(Type.String()),
    state: OneOf(['running', 'paused', 'stopped', 'finished']),
    reason: Nullable(Type.String()),
    startedAt: Time,
    endedAt: Nullable(Type.String({ description: 'When it ended with no phone in progress' })),
    startedBy: StartedByView,
    phones: Type.Array(
      Type.Object(
        {
          ...phoneFields,
          isCanary: Type.Boolean(),
          state: Type.String(),
          reason: Nullable(Type.String()),
          from: Nullable(
            Type.String({ description: 'Null if unknown, or if a later conversion replaced it' }),
          ),
          confirmedBy: NullableOneOf([...EVIDENCE_KINDS]),
          evidence: EvidenceOfReport,
          startedAt: Nullable(Type.String()),
          endedAt: Nullable(Type.String()),
        },
        { title: 'ReportedRolloutPhone' },
      ),
    ),
    ...writtenFields,
  },
  { title: 'RolloutReport' },
)

/** The report of a phone as JSON. */
export function viewPhoneReport(report: PhoneReport): Static<typeof PhoneReportView> {
  const { seen, conversion, fetched, ...rest } = viewWritten(report)
  return {
    ...rest,
    seen: seen === null ? null : viewSeen(seen),
    conversion: conversion === null ? null : viewConversionOf(conversion),
    fetched: fetched.map(({ atMs, ...image }) => ({ ...image, at: isoTime(atMs) })),
  }
}

/** The report of a roll-out as JSON. */
export function viewRolloutReport(report: RolloutReport): Static<typeof RolloutReportView> {
  const { startedAtMs, endedAtMs, phones, ...rest } = viewWritten(report)
  return {
    ...rest,
    startedAt: isoTime(startedAtMs),
    endedAt: isoTimeOrNull(endedAtMs),
    phones: phones.map(viewRow),
  }
}

const COLUMNS = [
  'mac',
  'serial',
  'model',
  'label',
  'isCanary',
  'state',
  'reason',
  'from',
  'to',
  'confirmedBy',
  'startedAt',
  'endedAt',
] as const

/** The phones of a roll-out's report as CSV, with a heading; what is null is empty. */
export function rolloutReportCsv(report: RolloutReport): string {
  const rows = report.phones
    .map((phone) => ({ ...viewRow(phone), to: report.to }))
    .map((row) => COLUMNS.map((column) => `${row[column] ?? ''}`))
  return csvRows([COLUMNS, ...rows])
}

function viewConversionOf(conversion: NonNullable<PhoneReport['conversion']>): ConversionOut {
  const { startedAtMs, endedAtMs, evidence, diagnosis, steps, ...rest } = conversion
  return {
    ...rest,
    steps: steps.map((step) => ({ ...step })),
    evidence: evidence.map(viewEvidence),
    diagnosis: diagnosis === null ? null : { code: diagnosis.code, seen: diagnosis.seen },
    startedAt: isoTime(startedAtMs),
    endedAt: isoTimeOrNull(endedAtMs),
  }
}

function viewRow({ evidence, startedAtMs, endedAtMs, ...row }: ReportedRolloutPhone) {
  return {
    ...row,
    evidence: evidence.map(viewEvidence),
    startedAt: isoTimeOrNull(startedAtMs),
    endedAt: isoTimeOrNull(endedAtMs),
  }
}

/** What the two reports have in common, as JSON; the rest as it is. */
function viewWritten<Report extends PhoneReport | RolloutReport>({
  firmware,
  writtenAtMs,
  ...rest
}: Report) {
  const sets = firmware.map(({ load, files }) => ({ load, files: [...files] }))
  return { ...rest, firmware: sets, writtenAt: isoTime(writtenAtMs) }
}
