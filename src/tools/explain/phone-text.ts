import { family } from '../../phones/family/family.ts'
import { printable } from '../../services/printable.ts'
import type { ExplainedEntry, ExplainedPhone } from './explain-phones.ts'
import type { StoryLine } from './story.ts'

/** A phone's story for people: who it is, what it did, how it stands, and what to do. */
export function phoneInWords({ phone, left }: ExplainedEntry): string {
  return [heading(phone), ...events(phone.timeline, left), ...conclusion(phone)].join('\n')
}

/** Lines of a story that are told at either end: as many as a boot has; the JSON has all. */
export const LINES_AT_ENDS = 20

function heading({
  mac,
  address,
  model,
  generation,
  protocol,
  load,
  target,
}: ExplainedPhone): string {
  const facts = [
    address === null ? null : `at ${address}`,
    model === null ? null : `model ${model}`,
    generation === null ? null : GENERATIONS[generation],
    protocol === null ? null : `runs ${protocol.toUpperCase()}`,
    load === null ? null : `load ${load}`,
    target === null || target === load ? null : `asks for ${target}`,
  ].filter((fact) => fact !== null)
  return `${mac ?? 'A phone without a known MAC'}${facts.length > 0 ? `, ${facts.join(', ')}` : ''}`
}

const GENERATIONS = {
  'pre-ual-sccp': 'SCCP without the universal application loader',
  'pre-ual-sip': 'SIP without the universal application loader',
  ual: 'with the universal application loader',
} as const

function events(timeline: readonly StoryLine[], left: ExplainedEntry['left']): readonly string[] {
  const lines = timeline.map(({ at, text }) => `  ${timeInWords(at)}${text}`)
  if (left.lines === 0) return lines
  return [
    ...lines.slice(0, left.at),
    `  ... ${left.lines} lines more, in --json`,
    ...lines.slice(left.at),
  ]
}

/** Month, day and clock; the year may be a guess. Nothing is made up where there is no time. */
function timeInWords(at: string | null): string {
  if (at === null) return ''
  return at.startsWith('+') ? `${at.padStart(10)}  ` : `${at.slice(5, 19).replace('T', ' ')}  `
}

function conclusion(phone: ExplainedPhone): readonly string[] {
  const { verdict, diagnosis, notes, registration } = phone
  const registered = registration === null ? '' : ` ${REGISTRATIONS[registration]}`
  const words = [
    `  Verdict: ${verdict}. ${verdictInWords(phone)}${registered}`,
    ...notes.map((note) => `  Note:    ${printable(note)}`),
  ]
  if (diagnosis === null) return words
  return [
    ...words,
    `  Seen:    ${diagnosis.seen} (${diagnosis.code})`,
    `  Cause:   ${diagnosis.cause}`,
    `  Remedy:  ${diagnosis.remedy}`,
    `  Source:  ${diagnosis.source}`,
  ]
}

function verdictInWords({ verdict, protocol, load, diagnosis }: ExplainedPhone): string {
  // It got where it was going: what is wrong comes after that.
  if (diagnosis?.code === 'unprovisioned' && load !== null) {
    return `Converted: it runs ${load} (${(protocol ?? '').toUpperCase()}), and it is unprovisioned.`
  }
  return VERDICTS[verdict]
}

const REGISTRATIONS = {
  asked: 'It asked its call manager to register it; no answer to that was seen.',
  accepted: 'It is registered with its call manager.',
  refused: 'Its call manager refused to register it.',
  gone: 'It took leave of its call manager.',
  reset: 'Its call manager told it to restart.',
} as const

const VERDICTS = {
  healthy: 'It started, and has what it asked for.',
  converting: 'It is on its way to another load.',
  stalled: 'It does not get further by itself.',
  'other-device': `It is no ${family.either}.`,
  unknown: 'Too little was seen to say how it stands.',
} as const
