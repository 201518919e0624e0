import { readdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'
import { aLoopbackBench } from '../system/support/loopback-bench.ts'
import { LoopbackClients } from '../system/support/loopback-clients.ts'
import { residentKib } from '../system/support/resident-memory.ts'
import { annoy, churn, convert, fetchLossily, LOADS, type Soak, type Work, watch } from './load.ts'
import { percentile, type Sample } from './samples.ts'

const COLLECT = new URL('collect.mjs', import.meta.url).href

/** DISCOVERs of this client are what latency is measured by. */
const MEASURED = '02000000aa01'
const BETWEEN_OFFERS_MS = 50

/** What a soak has seen and done. */
export type Soaked = { readonly samples: readonly Sample[]; readonly work: Work }

/**
 * Runs everything at once against the built appliance: DHCP clients that come and go, transfers over
 * a lossy link, a phone that is converted to and fro, nonsense, and readers of the API.
 *
 * @param stretchMs - How often a sample is taken.
 * @throws What any of them found wrong.
 */
export async function runSoak(
  t: Pick<Test, 'teardown'>,
  { totalMs, stretchMs }: { readonly totalMs: number; readonly stretchMs: number },
  onSample: (sample: Sample) => void = () => {},
): Promise<Soaked> {
  const before = ['env', `NODE_OPTIONS=--import=${COLLECT}`]
  const bench = await aLoopbackBench(t, { loads: LOADS, admit: 'anyone', before })
  const clients = await LoopbackClients.behindRelay(t, bench.dhcpPort)
  const startedAtMs = performance.now()
  let hasFailed = false
  const isOver = () => hasFailed || performance.now() - startedAtMs >= totalMs
  const work: Work = { leases: 0, files: 0, conversions: 0, hostile: 0, answers: 0 }
  const soak: Soak = { bench, clients, isOver, work }
  const samples: Sample[] = []
  const measure = async () => {
    while (!isOver()) {
      const offers = await offersOf(soak, stretchMs)
      const { pid } = bench.appliance
      const sample = {
        seconds: Math.round((performance.now() - startedAtMs) / 1000),
        residentMb: residentKib(pid) / 1024,
        descriptors: readdirSync(`/proc/${pid}/fd`).length,
        offerP50: percentile(offers, 50),
        offerP99: percentile(offers, 99),
      }
      samples.push(sample)
      onSample(sample)
    }
  }
  const all = [churn, convert, annoy, watch].map((kind) => kind(soak))
  const jobs = [measure(), fetchLossily(t, soak), ...all]
  try {
    await Promise.all(jobs)
  } catch (fault) {
    hasFailed = true
    await Promise.allSettled(jobs)
    throw fault
  }
  return { samples, work }
}

/** How long offers took in one stretch, in milliseconds. */
async function offersOf({ clients, isOver }: Soak, stretchMs: number): Promise<number[]> {
  const waits: number[] = []
  for (const endsAtMs = performance.now() + stretchMs; performance.now() < endsAtMs; ) {
    if (isOver()) break
    const askedAtMs = performance.now()
    const { type } = await clients.ask(MEASURED, '350101')
    if (type !== 2) throw new Error(`a DISCOVER was not answered: type ${type}`)
    waits.push(performance.now() - askedAtMs)
    await pause(BETWEEN_OFFERS_MS)
  }
  return waits
}
