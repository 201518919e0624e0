import { printable } from '../printable.ts'
import type {
  FirmwareOfReport,
  PhoneReport,
  ReportedConversion,
  RolloutReport,
  StartedBy,
} from './report.ts'

/** A line of a report: a name and its value, or a line as it is. */
type Line = readonly [name: string, value: string | number | null] | string

/** Columns up to the values. */
const WIDTH = 16

/** The report of a phone for print: plain text of at most 100 columns, apart from long names. */
export function phoneReportText(report: PhoneReport): string {
  const { mac, serial, model, label, network, profile, seen, conversion, firmware } = report
  return written([
    `Phone ${mac}`,
    '',
    ['Serial number', serial ?? 'not known'],
    ['Model', model],
    ['Label', label],
    ['Network', network],
    ['Profile', profile],
    [
      'Runs',
      seen === null ? null : `${seen.load ?? seen.protocol} (by ${seen.by}, ${time(seen.atMs)})`,
    ],
    ...(conversion === null ? ['', 'No conversion.'] : conversionLines(conversion)),
    ...fetchedLines(report),
    ...firmwareLines(firmware),
    '',
    footer(report),
  ])
}

/** The report of a roll-out for print. */
export function rolloutReportText(report: RolloutReport): string {
  const { id, to, from, state, reason, startedAtMs, endedAtMs, startedBy, phones } = report
  const confirmed = phones.filter((one) => one.state === 'confirmed').length
  return written([
    `Roll-out ${id}`,
    '',
    ['To', to],
    ['From', from],
    ['State', reason === null ? state : `${state}: ${reason}`],
    ['Confirmed', `${confirmed} of ${phones.length} phones`],
    ['Started', time(startedAtMs)],
    ['Started by', starter(startedBy)],
    ['Ended', endedAtMs === null ? null : time(endedAtMs)],
    ...phones.flatMap(phoneLines),
    ...firmwareLines(report.firmware),
    '',
    footer(report),
  ])
}

function phoneLines(phone: RolloutReport['phones'][number]): readonly Line[] {
  const { mac, serial, model, label, isCanary, state, reason, from, confirmedBy } = phone
  const about = [label, model, isCanary ? 'canary' : null].filter((part) => part !== null)
  return [
    '',
    `${mac}${about.length === 0 ? '' : ` (${about.join(', ')})`}`,
    ['  Serial number', serial],
    ['  From', from],
    ['  State', reason === null ? state : `${state}: ${reason}`],
    ['  Confirmed by', confirmedBy],
    ...phone.evidence.map(({ atMs, kind, detail }) => `  ${time(atMs)}  ${kind}: ${detail}`),
    ['  Started', phone.startedAtMs === null ? null : time(phone.startedAtMs)],
    ['  Ended', phone.endedAtMs === null ? null : time(phone.endedAtMs)],
  ]
}

function conversionLines(conversion: ReportedConversion): readonly Line[] {
  const { from, to, state, steps, confirmedBy, evidence, diagnosis, startedBy } = conversion
  return [
    '',
    'Conversion',
    ['From', from ?? 'not known'],
    ['To', to],
    ['State', state],
    ['Confirmed by', confirmedBy],
    ['Diagnosis', diagnosis === null ? null : `${diagnosis.code}: ${diagnosis.seen}`],
    ['Started', time(conversion.startedAtMs)],
    ['Started by', starter(startedBy)],
    ['Ended', conversion.endedAtMs === null ? null : time(conversion.endedAtMs)],
    ...steps.map(
      ({ load, method, oneWay, stage }, index): Line => [
        `Step ${index + 1}`,
        `${load} (${method}${oneWay ? ', one-way' : ''}): ${stage}`,
      ],
    ),
    ...(evidence.length === 0 ? [] : ['', 'Evidence']),
    ...evidence.map(({ atMs, kind, detail }) => `${time(atMs)}  ${kind}: ${detail}`),
  ]
}

function fetchedLines({ fetched }: PhoneReport): readonly Line[] {
  if (fetched.length === 0) return []
  return [
    '',
    'Firmware files that the phone fetched whole',
    ...fetched.flatMap(({ name, bytes, sha256, atMs }): readonly Line[] => [
      `${time(atMs)}  ${name}, ${bytes} bytes`,
      `  sha256 ${sha256 ?? 'not known'}`,
    ]),
  ]
}

function firmwareLines(firmware: readonly FirmwareOfReport[]): readonly Line[] {
  return firmware.flatMap(({ load, files }) => [
    '',
    files.length === 0
      ? `Firmware set ${load} is no longer stored.`
      : `Firmware set ${load}, as stored now`,
    ...files.flatMap(({ name, bytes, sha256 }) => [
      `${name}, ${bytes} bytes`,
      `  sha256 ${sha256}`,
    ]),
  ])
}

function starter(startedBy: StartedBy | null): string {
  if (startedBy === null) return 'not known'
  const { how, by, address, rollout } = startedBy
  const what = rollout === null ? WAYS[how] : `roll-out ${rollout}`
  const who = [by, address].filter((part) => part !== null)
  return who.length === 0 ? what : `${what} (${who.join(', ')})`
}

const WAYS: Readonly<Record<StartedBy['how'], string>> = {
  operator: 'an operator',
  rollout: 'a roll-out',
  import: 'an import of phones',
  'automatic-enrolment': 'automatic enrolment',
}

function footer({
  version,
  writtenAtMs,
}: {
  readonly version: string
  readonly writtenAtMs: number
}) {
  return `Written by Switchhook ${version}, ${time(writtenAtMs)}`
}

function written(lines: readonly Line[]): string {
  const shown = lines.flatMap((line) => {
    if (typeof line === 'string') return [line]
    const [name, value] = line
    return value === null ? [] : [`${name.padEnd(WIDTH)}${value}`]
  })
  return `${shown.map(printable).join('\n')}\n`
}

function time(atMs: number): string {
  return new Date(atMs).toISOString()
}
