import { join } from 'node:path'
import { ANONYMOUS, type BenchCase, CPU, RESIDENT, type Seen, type Subject } from './bench-case.ts'
import type { BenchFiles } from './lab/bench-files.ts'
import { SERVER } from './lab/bench-network.ts'
import type { LoadGenerator, Times } from './lab/load-generator.ts'
import type { Metric } from './measurement.ts'

/** What the load generator answers. */
export type TftpAnswer = {
  readonly seconds: number
  /** Processor time of the load generator. */
  readonly processorSeconds: number
  /** Whole and right; of an absent file, refused with ERROR 1. */
  readonly served: number
  /** Given up, cut off, refused or wrong. */
  readonly failed: number
  readonly bytes: number
  readonly blocks: number
  /** Sent again by the client, which had heard nothing for a second. */
  readonly repeated: number
  readonly duplicates: number
  readonly gaps: number
  /** Packets that must not be, octets that differ. */
  readonly wrong: number
  readonly blockSize: number
  readonly windowSize: number
  readonly transferMs: Times | null
}

const METRICS: readonly Metric[] = [
  { key: 'megabytes', title: 'MB/s', digits: 1, over: 'median', isCompared: true },
  { key: 'transfers', title: 'transfers/s', digits: 0, over: 'median', isCompared: true },
  { key: CPU, title: 'CPU µs/block', digits: 2, over: 'median', isCompared: true },
  { key: 'p50', title: 'transfer p50 ms', digits: 1, over: 'median', isCompared: true },
  { key: 'p99', title: 'p99 ms', digits: 1, over: 'median', isCompared: false },
  // At 100 it is the client that limits the rate, whatever the server does.
  { key: 'clientBusy', title: 'client busy %', digits: 0, over: 'median', isCompared: false },
  { key: 'repeated', title: 'client repeats', digits: 0, over: 'total', isCompared: false },
  { key: 'failed', title: 'failed', digits: 0, over: 'total', isCompared: false },
  { key: RESIDENT, title: 'RSS MB', digits: 0, over: 'median', isCompared: false },
  { key: ANONYMOUS, title: 'anonymous MB', digits: 0, over: 'median', isCompared: false },
]

const MEASURE_SECONDS = 30

/** What clients ask for: how many at once, how many in all. */
type Load = {
  readonly name: string
  readonly title: string
  readonly only?: readonly string[]
  readonly file: 'large' | 'small' | 'absent'
  readonly clients: number
  readonly transfers: number
  readonly blockSize?: number
  readonly windowSize?: number
}

const lockstep = (clients: number, transfers: number): Load => ({
  name: `lockstep${clients}`,
  title: `1 MiB, 512-byte blocks, ${clients} at once`,
  file: 'large',
  clients,
  transfers,
})

const LOADS: readonly Load[] = [
  lockstep(1, 10),
  lockstep(50, 100),
  lockstep(200, 200),
  lockstep(500, 500),
  lockstep(1000, 1000),
  {
    name: 'block1428',
    title: '1 MiB, blksize 1428, 50 at once',
    file: 'large',
    clients: 50,
    transfers: 200,
    blockSize: 1428,
  },
  {
    name: 'window8',
    title: '1 MiB, blksize 1428, windowsize 8, 50 at once',
    // The others know no windows.
    only: ['switchhook', 'plain', 'atftpd'],
    file: 'large',
    clients: 50,
    transfers: 200,
    blockSize: 1428,
    windowSize: 8,
  },
  {
    name: 'small',
    title: '300 bytes, 100 at once',
    file: 'small',
    clients: 100,
    transfers: 20_000,
  },
  {
    name: 'absent',
    title: 'absent file, 50 at once',
    file: 'absent',
    clients: 50,
    transfers: 10_000,
  },
]

/** The warm-up, of which each part ends with its time. */
const WARM_UP = [
  { load: { ...lockstep(50, 1_000), name: 'warm' }, seconds: 3 },
  { load: { name: 'warm', title: '', file: 'small', clients: 50, transfers: 100_000 }, seconds: 1 },
  {
    load: { name: 'warm', title: '', file: 'absent', clients: 50, transfers: 100_000 },
    seconds: 1,
  },
] as const

/** TFTP servers, with files that every one of them serves. */
export function tftpBench(load: LoadGenerator<TftpAnswer>, files: BenchFiles): Subject {
  const one: Load = { name: 'first', title: '', file: 'small', clients: 1, transfers: 1 }
  return {
    metrics: METRICS,
    cases: LOADS.map((asked) => caseOf(load, files, asked)),
    answers: async () => (await load.run(argumentsFor(one, files), 1)).served === 1,
    warmUp: async () => {
      for (const warm of WARM_UP) await load.run(argumentsFor(warm.load, files), warm.seconds)
    },
  }
}

function caseOf(load: LoadGenerator<TftpAnswer>, files: BenchFiles, asked: Load): BenchCase {
  const { name, title, only, file } = asked
  const args = argumentsFor(asked, files)
  return {
    name,
    title,
    ...(only === undefined ? {} : { only }),
    leases: 0,
    around: [],
    isDisturbed: false,
    run: async () => {
      const answer = await load.run(args, MEASURE_SECONDS)
      return seenIn(answer, { isLarge: file === 'large', windowSize: asked.windowSize ?? 1 })
    },
  }
}

/** The whole file in lockstep, again and again, by so many clients at once. */
export function lockstepArguments(files: BenchFiles, clients: number): readonly string[] {
  return argumentsFor(lockstep(clients, 1_000_000), files)
}

function argumentsFor(asked: Load, files: BenchFiles): readonly string[] {
  const { clients, transfers, blockSize, windowSize } = asked
  const name = files[asked.file]
  return [
    ...['-s', SERVER.address, '-f', name, '-c', `${clients}`, '-n', `${transfers}`],
    ...(asked.file === 'absent' ? [] : ['-l', join(files.dir, name)]),
    ...(blockSize === undefined ? [] : ['-b', `${blockSize}`]),
    ...(windowSize === undefined ? [] : ['-w', `${windowSize}`]),
  ]
}

/** What an answer says, by the keys of the metrics. */
export function seenIn(
  answer: TftpAnswer,
  asked: { readonly isLarge: boolean; readonly windowSize: number },
): Seen {
  const { served, failed, seconds, processorSeconds, bytes, blocks, repeated, transferMs } = answer
  const rate = asked.isLarge
    ? { megabytes: bytes / seconds / 1e6 }
    : { transfers: served / seconds }
  return {
    // A refusal is one packet, as a block is.
    units: Math.max(blocks, served),
    values: {
      ...rate,
      ...(transferMs === null ? {} : { p50: transferMs.p50, p99: transferMs.p99 }),
      clientBusy: (100 * processorSeconds) / seconds,
      repeated,
      failed,
    },
    fault: faultIn(answer, asked.windowSize),
  }
}

function faultIn({ wrong, windowSize }: TftpAnswer, asked: number): string | null {
  if (wrong > 0) return `${wrong} wrong packets`
  if (windowSize !== asked) return `windowsize ${asked} was asked for, ${windowSize} was used`
  return null
}
