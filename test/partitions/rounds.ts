import { setTimeout as pause } from 'node:timers/promises'
import type { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import type { LeaseLedger, LeaseRow } from '../kills/lease-ledger.ts'
import { eachOf } from '../support/each-of.ts'
import { keepActing } from '../support/keep-acting.ts'
import { type Breach, breachOf } from './breaches.ts'
import { type Ear, longestGap } from './ear.ts'
import type { Ground, OwnershipStep } from './ground.ts'
import type { PlannedFault } from './plan.ts'
import type { VlanClient } from './vlan-client.ts'

/** Something that goes on beside the clients in every round, and is judged at its end. */
export type Companion = {
  /** Goes on until it is told to stop. */
  readonly run: (isOver: () => boolean) => Promise<void>
  /** What was found broken since the last time, with its invariant in front. */
  readonly judge: () => Promise<readonly string[]>
}

/** What rounds are made of. */
export type RoundParts = {
  readonly ground: Ground
  readonly clients: readonly VlanClient[]
  /** A client that has never been here. */
  readonly newClient: () => VlanClient
  readonly ledger: LeaseLedger
  readonly ear: Ear
  readonly companions: readonly Companion[]
  readonly nowMs: () => number
  /** Draws what clients do; not what the faults are. */
  readonly chance: PseudoRandom
}

/** What a round has shown. */
export type RoundReport = {
  readonly faults: readonly string[]
  readonly acks: number
  /** The longest time in which no fresh client got a lease, in milliseconds. */
  readonly outageMs: number
  /** The part of it behind the first fault: how long that kept fresh clients waiting. */
  readonly servedMs: number
  /** The longest time without any ACK, in milliseconds. */
  readonly gapMs: number
  /**
   * The longest time from the commit of a takeover to the first ACK of the new owner, in
   * milliseconds: it reads the leases in between. Null where nobody took over and answered.
   */
  readonly readMs: number | null
  /** From the end of the faults until everything was well, in milliseconds. */
  readonly healedMs: number
  readonly breaches: readonly Breach[]
  /** What clients heard and PostgreSQL stored of the addresses that breaches are about. */
  readonly evidence: readonly string[]
}

/** What a client does between two exchanges, in milliseconds at most. */
const IDLE_MS = 700

/** A fresh client asks so often, in milliseconds. */
const NEW_CLIENT_MS = 350

/**
 * The next fresh client comes so long after one was served, in milliseconds: each takes an address of
 * 250 for two minutes, its lease of one and a rest of another.
 */
const NEXT_CLIENT_MS = 600

/** So long it waits for an ACK: on a busy machine PostgreSQL takes its time. */
const NEW_CLIENT_ACK_MS = 1000

/** Renewals under way at a time when promises are checked. */
const CHECKS_AT_A_TIME = 12

/** A lease that ends sooner is not asked for: it may end while we ask. */
const CHECK_LASTING_MS = 20_000

/** Product rule: a fresh client is served so long after a fault of one appliance at the latest. */
const SERVED_WITHIN_MS = 12_000

/** Product rule: so long without an ACK at most where a network is handed over. */
const HANDED_OVER_WITHIN_MS = 1000

/** One round: clients act, faults come and go, everything heals, and every promise is asked for. */
export async function runRound(
  planned: readonly PlannedFault[],
  parts: RoundParts,
): Promise<RoundReport> {
  const { ground, ledger, nowMs } = parts
  const before = { acks: ledger.acks, breaches: ledger.violations.length }
  const load = startLoad(parts)
  const beganAtMs = nowMs()
  await Promise.all(planned.map((one) => bring(one, parts)))
  const endedAtMs = nowMs()
  for (const ended of await ground.heal()) ledger.breach(ended)
  const why = await ground.settled()
  const healedAtMs = nowMs()
  if (why !== null) ledger.breach(`I9 not healed: ${why}`)
  await load.stop()
  const during = { served: load.served, beganAtMs, healedAtMs }
  const { slow, ...times } = await timesOf(planned, during, parts)
  const isBound = planned.length === 1 && planned.every(({ fault }) => fault.isServed)
  if (isBound && times.servedMs > SERVED_WITHIN_MS) {
    ledger.breach(`I9 no fresh client got a lease for ${Math.round(times.servedMs)} ms`)
  }
  if (why === null) await checkPromises(parts)
  for (const { judge } of parts.companions) {
    for (const text of await judge()) ledger.breach(text)
  }
  const breaches = ledger.violations.slice(before.breaches).map(breachOf)
  return {
    faults: planned.map(({ fault, holdMs }) => `${fault.name} ${(holdMs / 1000).toFixed(1)}`),
    acks: ledger.acks - before.acks,
    ...times,
    healedMs: healedAtMs - endedAtMs,
    breaches,
    evidence: [...(await evidenceOf(breaches, parts)), ...slow],
  }
}

type During = {
  /** When fresh clients got a lease. */
  readonly served: readonly number[]
  readonly beganAtMs: number
  readonly healedAtMs: number
}

/** How long whom was not served, and what a hand-over that took too long consists of. */
async function timesOf(
  planned: readonly PlannedFault[],
  { served, beganAtMs, healedAtMs }: During,
  parts: RoundParts,
) {
  const { ground, ear } = parts
  const acks = ear.acks.splice(0)
  const outage = longestGap(served, beganAtMs, healedAtMs)
  const firstAtMs = beganAtMs + Math.min(...planned.map(({ afterMs }) => afterMs))
  const times = acks.map(({ atMs }) => atMs)
  const gap = longestGap(times, beganAtMs, healedAtMs)
  const steps = await ground.stepsSince(beganAtMs).catch(() => [])
  return {
    outageMs: outage.ms,
    servedMs: outage.ms + Math.min(0, outage.atMs - firstAtMs),
    gapMs: gap.ms,
    readMs: readTime(steps, acks),
    slow: isLongHandOver(planned, gap.ms) ? traceOf(steps, gap, acks, ground) : [],
  }
}

/** Whether nobody was answered for longer than a hand-over may take. */
function isLongHandOver(planned: readonly PlannedFault[], gapMs: number): boolean {
  const isAlone = planned.length === 1 && planned[0]?.fault.isHandedOver === true
  return isAlone && gapMs > HANDED_OVER_WITHIN_MS
}

/** What a time without an ACK consists of, a line each. */
function traceOf(
  steps: readonly OwnershipStep[],
  gap: { readonly ms: number; readonly atMs: number },
  acks: Ear['acks'],
  ground: Ground,
): readonly string[] {
  const at = (atMs: number) => new Date(atMs).toISOString()
  const last = acks.findLast(({ atMs }) => atMs <= gap.atMs)
  const next = acks.find(({ atMs }) => atMs > gap.atMs)
  return [
    `no ACK for ${Math.round(gap.ms)} ms`,
    `${at(gap.atMs)} last ACK of ${last?.server ?? 'nobody'}`,
    ...steps.map(({ owner, wanted, isTaken, atMs }) => {
      const what = `owner ${owner?.name ?? 'nobody'}, wanted ${wanted ?? 'nobody'}`
      return `${at(atMs)} PostgreSQL: ${what}${isTaken ? ', taken' : ''}`
    }),
    `${at(gap.atMs + gap.ms)} next ACK of ${next?.server ?? 'nobody'}`,
    ...ground.logSince(gap.atMs - 1000),
  ]
}

/** How long the slowest new owner of the round took from its takeover to its first ACK. */
function readTime(steps: readonly OwnershipStep[], acks: Ear['acks']): number | null {
  const times = steps.flatMap(({ owner, isTaken, atMs }) => {
    if (!isTaken || owner === null) return []
    const { address } = owner.place
    const first = acks.find((ack) => ack.server === address && ack.atMs > atMs)
    return first === undefined ? [] : [first.atMs - atMs]
  })
  return times.length === 0 ? null : Math.max(...times)
}

async function evidenceOf(breaches: readonly Breach[], { ear, ground }: RoundParts) {
  const evidence: string[] = []
  const addresses = breaches.flatMap(({ text }) => /10\.20\.1\.\d+/.exec(text) ?? [])
  for (const address of new Set(addresses.slice(0, 3))) {
    evidence.push(address, ...ear.historyOf(address))
    evidence.push(...(await ground.writesOf(address).catch(() => [])))
  }
  return evidence
}

async function bring({ fault, afterMs, holdMs }: PlannedFault, parts: RoundParts): Promise<void> {
  await pause(afterMs)
  try {
    await fault.run(parts.ground, holdMs)
  } catch (error) {
    // Of two faults one may be in the way of the other: the database that is asked is stopped.
    const why = error instanceof Error ? error.message : String(error)
    if (/did not start|does not start/.test(why)) parts.ledger.breach(`I9 ${why.slice(0, 2000)}`)
  }
}

/** Clients and companions act until it is stopped; `served` are the moments of fresh leases. */
function startLoad(parts: RoundParts) {
  let isOver = false
  const served: number[] = []
  const load = { chance: parts.chance, idleMs: IDLE_MS, isOver: () => isOver }
  const acting = parts.clients.map((client) => keepActing(() => client.act(), load))
  const arriving = async () => {
    for (let fresh = parts.newClient(); !isOver; ) {
      const isServed = await fresh.acquire(NEW_CLIENT_MS, NEW_CLIENT_ACK_MS)
      if (!isServed) continue
      served.push(parts.nowMs())
      await fresh.goOn()
      fresh = parts.newClient()
      await pause(NEXT_CLIENT_MS)
    }
  }
  const companions = parts.companions.map(({ run }) => run(() => isOver))
  const all = [...acting, arriving(), ...companions]
  const stop = async () => {
    isOver = true
    await Promise.all(all)
  }
  return { served, stop }
}

/** Every promise that still runs is asked for: by the list of the owner, then by its client. */
async function checkPromises({ ground, clients, ledger, ear, nowMs }: RoundParts): Promise<void> {
  const before = ledger.violations.length
  const owner = await ground.latestOwner()
  const { status, body } = await owner.ask('/v1/leases?limit=10000')
  if (status === 200) ledger.compare(body as LeaseRow[], nowMs())
  else ledger.breach(`I2 ${owner.name} does not list its leases: ${status}`)
  const byKey = new Map(clients.map((client) => [client.key, client]))
  await eachOf(ledger.lasting(CHECK_LASTING_MS, nowMs()), CHECKS_AT_A_TIME, async (lease) => {
    await byKey.get(lease.client)?.check(lease)
  })
  for (const late of await ground.lateWrites()) ledger.breach(late)
  for (const held of await ground.heldBack(ear.late.splice(0))) ledger.breach(held)
  // A promise that was found broken is told once.
  for (const text of ledger.violations.slice(before)) {
    const [client] = /hw:01[0-9a-f]{12}/.exec(text) ?? []
    if (client !== undefined) ledger.onGivenBack(client)
  }
}
