import type { Metric, Sample } from './measurement.ts'
import { type ByRound, ratioOf, type Spread, spreadOf } from './statistics.ts'

/** What a report is about. */
export type Reported = {
  readonly cases: readonly { readonly name: string; readonly title: string }[]
  /** Ours first; each with what it was. */
  readonly servers: readonly string[]
  readonly metrics: readonly Metric[]
  readonly samples: readonly Sample[]
}

/** What was measured, as two Markdown tables: ours in relation to each peer, then all values. */
export function reportOf(reported: Reported): string {
  const faults = reported.samples.filter(({ fault }) => fault !== null)
  return [
    ...ratioTable(reported),
    '',
    ...valueTable(reported),
    ...(faults.length === 0 ? [] : ['', ...faults.map(inWords)]),
    '',
  ].join('\n')
}

function ratioTable(reported: Reported): string[] {
  const [ours = '', ...peers] = reported.servers
  const compared = reported.metrics.filter(({ isCompared }) => isCompared)
  const rows = reported.cases.flatMap(({ name, title }) =>
    peers.flatMap((peer) => {
      const ratios = compared.map(({ key }) =>
        ratioOf(roundsOf(reported, name, ours, key), roundsOf(reported, name, peer, key)),
      )
      return ratios.every((ratio) => ratio === undefined)
        ? []
        : [[title, peer, ...ratios.map((ratio) => spreadInWords(ratio, 2))]]
    }),
  )
  return table(['Case', 'Beside', ...compared.map(({ title }) => title)], rows)
}

function valueTable(reported: Reported): string[] {
  const { cases, servers, metrics } = reported
  const rows = cases.flatMap(({ name, title }) =>
    servers.flatMap((server) => {
      const cells = metrics.map((metric) =>
        valueInWords(roundsOf(reported, name, server, metric.key), metric),
      )
      return cells.every((cell) => cell === NOTHING) ? [] : [[title, server, ...cells]]
    }),
  )
  return table(['Case', 'Server', ...metrics.map(({ title }) => title)], rows)
}

const NOTHING = '–'

function valueInWords(values: ByRound, { over, digits }: Metric): string {
  const known = values.filter((value) => value !== undefined)
  const middle = spreadOf(known)?.median
  if (middle === undefined) return NOTHING
  const value = over === 'median' ? middle : known.reduce((sum, one) => sum + one, 0)
  return inDigits(value, digits)
}

function spreadInWords(spread: Spread | undefined, digits: number): string {
  if (spread === undefined) return NOTHING
  const [median, low, high] = [spread.median, spread.low, spread.high].map((value) =>
    inDigits(value, digits),
  )
  return `${median} (${low}–${high})`
}

function inDigits(value: number, digits: number): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

/** Faults leave no value: half of a measurement is none. */
function roundsOf(reported: Reported, name: string, server: string, key: string): ByRound {
  const mine = reported.samples.filter((one) => one.case === name && one.server === server)
  const rounds = Math.max(0, ...mine.map(({ round }) => round))
  return Array.from({ length: rounds }, (_, index) => {
    const sample = mine.find(({ round }) => round === index + 1)
    return sample === undefined || sample.fault !== null ? undefined : sample.values[key]
  })
}

function inWords({ server, case: name, round, fault }: Sample): string {
  return `- ${server}, ${name}, round ${round}: ${fault}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)]
}
