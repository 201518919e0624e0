import type { Phone, Problem } from '../data/types.ts'
import { formatMac } from './format.ts'

/** What the fields of a roll-out are called on the page. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  '/phones': 'Phones',
  '/to': 'Target load',
  '/from': 'Present load',
  '/canaries': 'Canaries',
  '/waveSize': 'Phones in progress at a time',
  '/stopAfter': 'Stop after this many failures',
  '/appearWithin': 'Hours to appear',
}

/** So many phones are named with one fault; a floor that shares it is counted. */
const MAX_NAMED = 8

/**
 * A refusal of a roll-out for people: phones by address and label instead of by their place in the
 * request, those of one fault together, and fields by their labels.
 *
 * @param macs - The phones of the request, in its order.
 */
export function nameRolloutProblems(
  problem: Problem,
  macs: readonly string[],
  phones: readonly Phone[],
): Problem {
  const labels = new Map(phones.map(({ mac, label }) => [mac, label]))
  const named = new Map<string, string[]>()
  for (const { path = '', message = '' } of problem.problems ?? []) {
    const mac = macs[Number(/^\/phones\/(\d+)$/.exec(path)?.[1])]
    const where = mac === undefined ? (FIELD_NAMES[path] ?? path) : nameOf(mac, labels.get(mac))
    const what = mac === undefined ? message : withoutName(message, mac)
    named.set(what, [...(named.get(what) ?? []), where])
  }
  const problems = [...named].map(([message, names]) => ({ path: listOf(names), message }))
  return { ...problem, problems }
}

function nameOf(mac: string, label: string | null | undefined): string {
  return label ? `${formatMac(mac)} (${label})` : formatMac(mac)
}

/** The name stands in front of the message already. */
function withoutName(message: string, mac: string): string {
  return message.replace(new RegExp(`^phone ${mac}:? `), '')
}

function listOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMED
  const first = names.slice(0, MAX_NAMED).join(', ')
  return more > 0 ? `${first} and ${more} more` : first
}
