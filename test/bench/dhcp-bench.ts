import { setTimeout as pause } from 'node:timers/promises'
import { ANONYMOUS, type BenchCase, CPU, RESIDENT, type Seen, type Subject } from './bench-case.ts'
import { CLIENT, SERVER } from './lab/bench-network.ts'
import type { LoadGenerator, Times } from './lab/load-generator.ts'
import type { Metric } from './measurement.ts'

/** What the load generator answers. */
export type DhcpAnswer = {
  /** From the first message to the last ACK. */
  readonly seconds: number
  readonly started: number
  readonly acknowledged: number
  /** Not answered within a second. */
  readonly lost: number
  readonly refused: number
  /** An address that somebody else holds, an ACK for another one, another client's hardware address. */
  readonly wrong: number
  readonly strays: number
  readonly offerMs: Times | null
  readonly ackMs: Times | null
}

const METRICS: readonly Metric[] = [
  { key: 'rate', title: 'exchanges/s', digits: 0, over: 'median', isCompared: true },
  { key: CPU, title: 'CPU µs/exchange', digits: 0, over: 'median', isCompared: true },
  { key: 'offerP50', title: 'offer p50 ms', digits: 2, over: 'median', isCompared: true },
  { key: 'offerP99', title: 'offer p99 ms', digits: 2, over: 'median', isCompared: true },
  { key: 'ackP50', title: 'ACK p50 ms', digits: 2, over: 'median', isCompared: true },
  { key: 'ackP99', title: 'ACK p99 ms', digits: 2, over: 'median', isCompared: false },
  { key: 'lostPercent', title: 'lost %', digits: 2, over: 'median', isCompared: false },
  { key: RESIDENT, title: 'RSS MB', digits: 0, over: 'median', isCompared: false },
  { key: ANONYMOUS, title: 'anonymous MB', digits: 0, over: 'median', isCompared: false },
]

/** Clients of the warm-up and of the first question, far from those that are measured. */
const WARM_CLIENT = 2_000_000
const FIRST_ASK = 3_000_000
/** New leases of the warm-up; then the same clients come again, until the time is over. */
const WARM_CLIENTS = 1_000
const WARM_SECONDS = 3
const MEASURE_SECONDS = 10
/** More exchanges than fit into the time. */
const ENDLESS = 1_000_000

/** 5 ms more for each sync: a disk that is no memory. */
const SLOW_SYNC = [
  'strace',
  '--follow-forks',
  '--seccomp-bpf',
  '-qq',
  '--output=/dev/null',
  '--trace=fsync,fdatasync',
  '--inject=fsync,fdatasync:delay_exit=5000',
]

type Load = {
  readonly name: string
  readonly title: string
  readonly mode?: 'relay' | 'direct'
  readonly outstanding: number
  readonly leases?: number
  readonly isSlowSync?: boolean
  /** The clients come again and again, for as long as a measurement may take. */
  readonly isSteady?: boolean
}

const LOADS: readonly Load[] = [
  { name: 'relay64', title: 'relay, 64 outstanding', outstanding: 64 },
  { name: 'relay256', title: 'relay, 256 outstanding', outstanding: 256 },
  { name: 'relay1', title: 'relay, 1 outstanding', outstanding: 1 },
  { name: 'steady64', title: 'relay, 64, clients come again', outstanding: 64, isSteady: true },
  { name: 'steady256', title: 'relay, 256, clients come again', outstanding: 256, isSteady: true },
  { name: 'direct64', title: 'broadcast, 64 outstanding', mode: 'direct', outstanding: 64 },
  { name: 'leases10k', title: 'relay, 64, 10,000 leases held', outstanding: 64, leases: 10_000 },
  { name: 'leases50k', title: 'relay, 64, 50,000 leases held', outstanding: 64, leases: 50_000 },
  { name: 'sync64', title: 'relay, 64, syncs 5 ms slower', outstanding: 64, isSlowSync: true },
  { name: 'sync256', title: 'relay, 256, syncs 5 ms slower', outstanding: 256, isSlowSync: true },
]

/** DHCP servers: `exchanges` new clients in each measurement, as many as 10 seconds allow. */
export function dhcpBench(
  load: LoadGenerator<DhcpAnswer>,
  exchanges: number,
  tftpLoad: (seconds: number) => Promise<unknown>,
): Subject {
  let asked = FIRST_ASK
  return {
    metrics: METRICS,
    cases: [...LOADS.map((one) => caseOf(load, exchanges, one)), besideTftp(load, tftpLoad)],
    answers: async () => {
      const { acknowledged } = await load.run(
        argumentsFor('relay', { outstanding: 1, count: 1, first: asked++ }),
        1,
      )
      return acknowledged === 1
    },
    warmUp: async () => {
      const many = { outstanding: 64, count: ENDLESS, first: WARM_CLIENT }
      await load.run([...argumentsFor('relay', many), '-k', `${WARM_CLIENTS}`], WARM_SECONDS)
    },
  }
}

function caseOf(load: LoadGenerator<DhcpAnswer>, exchanges: number, one: Load): BenchCase {
  const { name, title, mode = 'relay', outstanding, leases = 0 } = one
  const { isSlowSync = false, isSteady = false } = one
  // One at a time is slow, and tells as much with fewer.
  const count = outstanding === 1 ? Math.ceil(exchanges / 4) : exchanges
  const first = leases + 1
  const args = isSteady
    ? [...argumentsFor(mode, { outstanding, count: ENDLESS, first }), '-k', `${exchanges}`]
    : argumentsFor(mode, { outstanding, count, first })
  return {
    name,
    title,
    leases,
    around: isSlowSync ? SLOW_SYNC : [],
    isDisturbed: isSlowSync,
    run: async () => seenIn(await load.run(args, MEASURE_SECONDS)),
  }
}

/** Started each second beside TFTP, and for how long: phones that come one by one. */
const GENTLE = { perSecond: 100, seconds: 5 }
/** TFTP runs before the first exchange and after the last one. */
const AROUND_SECONDS = 1

/** How long a client waits for an offer while the same server sends files. */
function besideTftp(
  load: LoadGenerator<DhcpAnswer>,
  tftpLoad: (seconds: number) => Promise<unknown>,
): BenchCase {
  const { perSecond, seconds } = GENTLE
  const count = perSecond * seconds
  const args = [
    ...argumentsFor('relay', { outstanding: count, count, first: 1 }),
    ...['-r', `${perSecond}`],
  ]
  return {
    name: 'tftp200',
    title: `relay, ${perSecond} a second, beside 200 TFTP transfers`,
    // The others serve no files.
    only: ['switchhook', 'dnsmasq'],
    leases: 0,
    around: [],
    isDisturbed: true,
    run: async () => {
      const files = tftpLoad(seconds + 2 * AROUND_SECONDS)
      await pause(AROUND_SECONDS * 1000)
      const [answer] = await Promise.all([load.run(args, seconds + AROUND_SECONDS), files])
      const { rate: _given, ...values } = seenIn(answer).values
      return { ...seenIn(answer), values }
    },
  }
}

type Exchanges = { readonly outstanding: number; readonly count: number; readonly first: number }

function argumentsFor(mode: 'relay' | 'direct', { outstanding, count, first }: Exchanges) {
  return [
    ...['-m', mode, '-i', CLIENT.interfaceName, '-a', CLIENT.address, '-s', SERVER.address],
    ...['-c', `${outstanding}`, '-n', `${count}`, '-f', `${first}`],
  ]
}

/** What an answer says, by the keys of the metrics. */
export function seenIn(answer: DhcpAnswer): Seen {
  const { acknowledged, seconds, lost, started, wrong, refused, offerMs, ackMs } = answer
  return {
    units: acknowledged,
    values: {
      rate: seconds > 0 ? acknowledged / seconds : 0,
      lostPercent: (100 * (lost + refused)) / Math.max(1, started),
      ...(offerMs === null ? {} : { offerP50: offerMs.p50, offerP99: offerMs.p99 }),
      ...(ackMs === null ? {} : { ackP50: ackMs.p50, ackP99: ackMs.p99 }),
    },
    fault: wrong > 0 ? `${wrong} wrong replies` : null,
  }
}
