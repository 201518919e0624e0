import { setTimeout as pause } from 'node:timers/promises'
import type { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import type { Appliance, Timing } from './appliance.ts'
import type { Ground } from './ground.ts'
import { type AppliancePlace, CLIENTS_PORT, NETWORK } from './places.ts'

/** A fault: how long it lasts is drawn before the run, whom it hits is found out when it comes. */
export type Fault = {
  readonly name: string
  /**
   * Whether the other appliance can serve while it lasts, so that a fresh client must get a lease
   * within the bar. Not so where the database is away, or where the owner beats and cannot be heard.
   */
  readonly isServed: boolean
  /** Whether the network is given up before anybody else serves it: product rule, 1 s without an ACK. */
  readonly isHandedOver?: boolean
  /** Whether it acts upon PostgreSQL itself: two of those at once would be in each other's way. */
  readonly isOfDatabase?: boolean
  /** Whether it needs a second cluster, a synchronous standby of the first. */
  readonly needsStandby?: boolean
  /** Whether the appliances need clocks of their own, by libfaketime. */
  readonly needsClock?: boolean
  /** Milliseconds that it lasts. */
  readonly draw: (chance: PseudoRandom, timing: Timing) => number
  /** Brings it about, waits, and undoes it. */
  readonly run: (ground: Ground, holdMs: number) => Promise<void>
}

const brief = (chance: PseudoRandom, { takeoverAfterMs }: Timing) =>
  200 + chance.below(Math.round(takeoverAfterMs * 0.7))
const long = (chance: PseudoRandom, { takeoverAfterMs }: Timing) =>
  takeoverAfterMs + 1000 + chance.below(3000)
const either = (chance: PseudoRandom, timing: Timing) =>
  chance.happens(0.3) ? brief(chance, timing) : long(chance, timing)

/** Between a kill and the start that follows it; some starts come before the takeover. */
const restart = (chance: PseudoRandom, { takeoverAfterMs }: Timing) =>
  chance.happens(0.2) ? chance.below(500) : takeoverAfterMs + 500 + chance.below(2000)

const owner = (ground: Ground) => ground.latestOwner()
const standby = async (ground: Ground) => ground.other(await owner(ground))

async function killed(appliances: readonly Appliance[], holdMs: number): Promise<void> {
  await Promise.all(appliances.map((one) => one.kill()))
  await pause(holdMs)
  await Promise.all(appliances.map((one) => (one.isRunning ? undefined : one.start())))
}

async function frozen(appliances: readonly Appliance[], holdMs: number): Promise<void> {
  for (const one of appliances) one.freeze()
  await pause(holdMs)
  for (const one of appliances) one.thaw()
}

/** Links are healed together with all others when the round ends, or here. */
async function cut(ground: Ground, holdMs: number, break_: () => void): Promise<void> {
  break_()
  await pause(holdMs)
  ground.links.heal()
}

/** Cuts a link of the owner: both directions, and each of them alone. `endsOf` has what sends first. */
function cutsOf(
  name: string,
  isServed: boolean,
  endsOf: (owner: AppliancePlace) => readonly [from: string, to: string | null],
): readonly Fault[] {
  return ['', '-to', '-from'].map((way) => ({
    name: `${name}${way}`,
    isServed,
    draw: either,
    run: async (ground, holdMs) => {
      const [from, to] = endsOf((await owner(ground)).place)
      await cut(ground, holdMs, () => {
        if (way !== '-from') ground.links.drop(from, to)
        if (way !== '-to') ground.links.drop(to, from)
      })
    },
  }))
}

/** Makes commits of one appliance wait in PostgreSQL, each of them so long. */
async function held(ground: Ground, appliance: Appliance, seconds: number): Promise<void> {
  const { databaseAddress } = appliance.place
  const text = `INSERT INTO harness.hold VALUES ($1, $2)
    ON CONFLICT (writer) DO UPDATE SET seconds = excluded.seconds`
  await ground.primary.sql(text, [databaseAddress, seconds])
}

const released = (ground: Ground) => ground.primary.sql('DELETE FROM harness.hold')

const OF_STANDBY = { isServed: false, isOfDatabase: true, needsStandby: true } as const

/** Faults of two clusters with synchronous replication; the harness is the failover manager. */
const STANDBY_FAULTS: readonly Fault[] = [
  {
    ...OF_STANDBY,
    name: 'failover',
    draw: (chance) => chance.below(3000),
    run: async (ground, holdMs) => {
      await ground.primary.stop()
      await pause(holdMs)
      await ground.failOver()
    },
  },
  {
    // The owner still reaches the former primary, which still runs: its commits wait for ever.
    ...OF_STANDBY,
    name: 'failover-alive',
    draw: long,
    run: async (ground, holdMs) => {
      const former = ground.primary
      const follower = await standby(ground)
      ground.links.cut(former.port, ground.standby?.port ?? null)
      ground.links.cut(former.port, follower.place.databasePort)
      await ground.standby?.promote()
      ground.primary = ground.standby ?? former
      await pause(holdMs)
      await former.stop()
      ground.links.heal()
    },
  },
  {
    // Somebody cancels the sessions that wait for a standby that is cut off; then the failover.
    ...OF_STANDBY,
    name: 'failover-cancelled',
    draw: (chance) => 2000 + chance.below(2000),
    run: async (ground, holdMs) => {
      ground.links.cut(ground.primary.port, ground.standby?.port ?? null)
      for (const until = Date.now() + holdMs; Date.now() < until; await pause(40)) {
        await ground.primary.cancelWaits()
      }
      await ground.failOver()
      ground.links.heal()
    },
  },
  {
    ...OF_STANDBY,
    name: 'standby-freeze',
    draw: either,
    run: async (ground, holdMs) => {
      ground.standby?.freeze()
      await pause(holdMs)
      ground.standby?.thaw()
    },
  },
]

/** How far a clock steps, in seconds: within what an appliance bears, and far beyond it. */
const STEPS = [25, -25, 86_400, -86_400] as const

/** Faults of the wall clock; no monotonic clock ever steps. */
const CLOCK_FAULTS: readonly Fault[] = [true, false].map((isOfOwner) => ({
  name: isOfOwner ? 'clock' : 'clock-standby',
  isServed: true,
  needsClock: true,
  draw: either,
  run: async (ground, holdMs) => {
    const one = isOfOwner ? await owner(ground) : await standby(ground)
    one.setClock(STEPS[holdMs % STEPS.length] ?? 0)
    await pause(holdMs)
    one.setClock(0)
  },
}))

/** One fault a row, by the name that `--faults` takes. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'kill',
    isServed: true,
    draw: restart,
    run: async (ground, holdMs) => killed([await owner(ground)], holdMs),
  },
  {
    name: 'kill-standby',
    isServed: true,
    draw: restart,
    run: async (ground, holdMs) => killed([await standby(ground)], holdMs),
  },
  {
    name: 'kill-both',
    isServed: false,
    draw: restart,
    run: (ground, holdMs) => killed(ground.appliances, holdMs),
  },
  {
    name: 'freeze-short',
    isServed: true,
    draw: brief,
    run: async (ground, holdMs) => frozen([await owner(ground)], holdMs),
  },
  {
    name: 'freeze-long',
    isServed: true,
    draw: long,
    run: async (ground, holdMs) => frozen([await owner(ground)], holdMs),
  },
  {
    name: 'freeze-standby',
    isServed: true,
    draw: either,
    run: async (ground, holdMs) => frozen([await standby(ground)], holdMs),
  },
  {
    name: 'freeze-both',
    isServed: false,
    draw: either,
    run: (ground, holdMs) => frozen(ground.appliances, holdMs),
  },
  {
    // The owner's commit is under way in PostgreSQL when it freezes: its answer waits for the owner.
    name: 'freeze-in-commit',
    isOfDatabase: true,
    isServed: true,
    draw: (chance) => 6500 + chance.below(1500),
    run: async (ground, holdMs) => {
      const one = await owner(ground)
      await held(ground, one, 1)
      await pause(700)
      one.freeze()
      await pause(holdMs)
      await released(ground)
      one.thaw()
    },
  },
  {
    // Answers wait behind a commit when both freeze, so that nobody takes over: they are too old
    // then, no matter which appliance owns the network (R3).
    name: 'freeze-both-in-commit',
    isOfDatabase: true,
    isServed: false,
    draw: (chance, { takeoverAfterMs }) => takeoverAfterMs + 5500 + chance.below(1000),
    run: async (ground, holdMs) => {
      await held(ground, await owner(ground), 1)
      await pause(700)
      for (const one of ground.appliances) one.freeze()
      // Questions of clients are lost meanwhile: none waits in a socket to be read as a new one.
      await cut(ground, holdMs, () => ground.links.cut(CLIENTS_PORT, null))
      await released(ground)
      for (const one of ground.appliances) one.thaw()
    },
  },
  ...cutsOf('cut-database', true, ({ databasePort }) => [databasePort, null]),
  {
    name: 'cut-database-standby',
    isServed: true,
    draw: either,
    run: async (ground, holdMs) => {
      const { databasePort } = (await standby(ground)).place
      await cut(ground, holdMs, () => ground.links.cut(databasePort, null))
    },
  },
  {
    name: 'cut-database-both',
    isServed: false,
    draw: either,
    run: (ground, holdMs) =>
      cut(ground, holdMs, () => {
        for (const { place } of ground.appliances) ground.links.cut(place.databasePort, null)
      }),
  },
  ...cutsOf('cut-clients', false, ({ port }) => [CLIENTS_PORT, port]),
  {
    name: 'cut-peers',
    isServed: true,
    draw: either,
    run: (ground, holdMs) =>
      cut(ground, holdMs, () => ground.links.cut(ground.a.place.port, ground.b.place.port)),
  },
  {
    name: 'cut-owner',
    isServed: true,
    draw: long,
    run: async (ground, holdMs) => {
      const { port, databasePort } = (await owner(ground)).place
      await cut(ground, holdMs, () => {
        ground.links.cut(databasePort, null)
        ground.links.cut(port, null)
      })
    },
  },
  {
    name: 'unplug',
    isServed: true,
    draw: long,
    run: async (ground, holdMs) => {
      const { port } = (await owner(ground)).place
      await cut(ground, holdMs, () => ground.links.unplug(port))
    },
  },
  {
    name: 'slow-commits',
    isOfDatabase: true,
    isServed: true,
    draw: either,
    run: async (ground, holdMs) => {
      for (const one of ground.appliances) await held(ground, one, 0.3)
      await pause(holdMs)
      await released(ground)
    },
  },
  {
    name: 'slow-sync',
    isServed: true,
    isOfDatabase: true,
    draw: either,
    run: async (ground, holdMs) => {
      const restore = ground.primary.slowSync(150)
      await pause(holdMs)
      await restore()
    },
  },
  {
    // A commit that hangs with its locks: nobody may take the network over it.
    name: 'blocked-commit',
    isOfDatabase: true,
    isServed: false,
    draw: (_, { takeoverAfterMs }) => takeoverAfterMs + 3000,
    run: async (ground, holdMs) => {
      const one = await owner(ground)
      await held(ground, one, holdMs / 1000)
      await pause(300)
      await released(ground)
      await pause(holdMs)
    },
  },
  {
    name: 'database-stop',
    isOfDatabase: true,
    isServed: false,
    draw: either,
    run: async (ground, holdMs) => {
      await ground.primary.stop()
      await pause(holdMs)
      if (!ground.primary.isRunning) await ground.primary.start()
    },
  },
  {
    name: 'database-freeze',
    isOfDatabase: true,
    isServed: false,
    draw: either,
    run: async (ground, holdMs) => {
      ground.primary.freeze()
      await pause(holdMs)
      ground.primary.thaw()
    },
  },
  {
    name: 'hand-over',
    isServed: true,
    isHandedOver: true,
    draw: (chance) => 1500 + chance.below(1000),
    run: async (ground, holdMs) => {
      const from = await owner(ground)
      const body = { owner: ground.other(from).name }
      const options = { method: 'PUT', body, withinMs: 10_000 }
      await ground.appliances[0].ask(`/v1/networks/${NETWORK}/owner`, options)
      await pause(holdMs)
    },
  },
  {
    name: 'stop',
    isServed: true,
    isHandedOver: true,
    draw: restart,
    run: async (ground, holdMs) => {
      const one = await owner(ground)
      await one.stop()
      await pause(holdMs)
      if (!one.isRunning) await one.start()
    },
  },
  ...STANDBY_FAULTS,
  ...CLOCK_FAULTS,
]

/** Faults that `--faults` can name. @throws Where there is none of the name. */
export function faultNamed(name: string): Fault {
  const found = FAULTS.find((fault) => fault.name === name)
  if (found === undefined) throw new Error(`no fault is called ${name}`)
  return found
}
