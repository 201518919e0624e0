import { setTimeout as pause } from 'node:timers/promises'
import type { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import { eachOf } from '../support/each-of.ts'
import { keepActing } from '../support/keep-acting.ts'
import type { ApplianceProcess } from '../system/support/appliance-process.ts'
import type { LeaseLedger, LeaseRow } from './lease-ledger.ts'
import type { LoadClient } from './load-client.ts'

/** What is killed, and who watches. */
export type KillParts = {
  readonly appliance: ApplianceProcess
  /** Those that act all the time. */
  readonly clients: readonly LoadClient[]
  /** Those that do nothing but renew what they have after each restart. */
  readonly quiet: readonly LoadClient[]
  readonly ledger: LeaseLedger
  readonly chance: PseudoRandom
  readonly nowMs: () => number
}

/** What happened. */
export type KillReport = {
  kills: number
  /** Of them, those that came before the appliance was ready. */
  killsWhileStarting: number
  /** Renewals that were asked for after a restart. */
  renewals: number
  /** From each start to ready, in milliseconds. */
  readonly startsMs: number[]
}

/** Uptime under load before a kill, in milliseconds. */
const UPTIME_MS = { least: 60, most: 900 }

/** A start is cut short within its first milliseconds. */
const START_MS = 900

/** One kill in so many hits a start. */
const START_KILL_ONE_IN = 8

/** What a client does between two exchanges, in milliseconds at most. */
const IDLE_MS = 60

/** Renewals under way at a time after a restart. */
const CHECKS_AT_A_TIME = 32

/** A lease that ends sooner is not asked for: it may end while we ask. */
const CHECK_LASTING_MS = 15_000

/**
 * Kills the appliance so many times at random moments under load, restarts it on the same data, and
 * asks for every promise that still runs. Ends with the appliance running.
 *
 * @param kills - At least 1.
 * @throws Where the appliance does not start.
 */
export async function runKillRounds(kills: number, parts: KillParts): Promise<KillReport> {
  const report: KillReport = { kills: 0, killsWhileStarting: 0, renewals: 0, startsMs: [] }
  const { appliance, chance } = parts
  await startTimed(parts, report)
  while (report.kills < kills) {
    const { least, most } = UPTIME_MS
    await underLoad(parts, () => pause(least + chance.below(most - least)))
    report.kills++
    if (report.kills < kills && chance.below(START_KILL_ONE_IN) === 0) {
      appliance.launch()
      await pause(chance.below(START_MS))
      await appliance.kill()
      report.kills++
      report.killsWhileStarting++
    }
    await startTimed(parts, report)
    await checkPromises(parts, report)
  }
  return report
}

/** Clients act while it lasts; at its end the appliance is killed in the middle of their doing. */
async function underLoad(
  { appliance, clients, chance }: KillParts,
  lasting: () => Promise<void>,
): Promise<void> {
  let isOver = false
  const load = { chance, idleMs: IDLE_MS, isOver: () => isOver }
  const acting = clients.map((client) => keepActing(() => client.act(), load))
  await lasting()
  await appliance.kill()
  isOver = true
  await Promise.all(acting)
}

async function startTimed({ appliance, nowMs }: KillParts, report: KillReport): Promise<void> {
  const beforeMs = nowMs()
  await appliance.start()
  report.startsMs.push(nowMs() - beforeMs)
}

/** Every promise that runs is asked for: by the list of the API first, then by its client. */
async function checkPromises(parts: KillParts, report: KillReport): Promise<void> {
  const { appliance, clients, quiet, ledger, nowMs } = parts
  const rows = await appliance.api.get<LeaseRow[]>('/v1/leases?limit=10000')
  ledger.compare(rows, nowMs())
  const byKey = new Map([...clients, ...quiet].map((client) => [client.key, client]))
  await eachOf(ledger.lasting(CHECK_LASTING_MS, nowMs()), CHECKS_AT_A_TIME, async (lease) => {
    report.renewals++
    await byKey.get(lease.client)?.check(lease)
  })
}
