import type { Member, MemberStore } from '../../ownership/member-store.ts'
import type { OwnershipStore } from '../../ownership/ownership-store.ts'
import type { ApplianceService, HandOverOutcome } from '../services.ts'

/** What the service needs. */
export type ApplianceServiceParts = {
  readonly site: string
  readonly members: Pick<MemberStore, 'list'>
  /** Not over the connection of the leases: who asks must not keep a beat waiting. */
  readonly store: Pick<OwnershipStore, 'look' | 'want'>
  /** Whether the network is configured here, and its leases are shared. */
  readonly network: (name: string) => { readonly isShared: boolean } | undefined
  readonly pause: (ms: number) => Promise<void>
  readonly nowMs: () => number
}

/** How long a hand-over is waited for, in milliseconds: a beat, the writes under way, a look. */
const MOVED_WITHIN_MS = 15_000

/** How often it is looked whether the network has moved, in milliseconds. */
const LOOK_EVERY_MS = 100

/** The appliances that share a database, and hand-overs between them. */
export function applianceService(parts: ApplianceServiceParts): ApplianceService {
  const { site, members, store, network: networkNamed } = parts
  return {
    list: async () =>
      (await members.list()).map(({ name, site, version, lastSeenMs, isLive, owns }) => ({
        name,
        site,
        version,
        lastSeenMs,
        isLive,
        networks: owns,
      })),
    async handOver(network, to) {
      const here = networkNamed(network)
      if (here === undefined) return { kind: 'not-found' }
      if (!here.isShared) return { kind: 'refused', reason: `its leases are kept here alone` }
      const all = await members.list()
      const member = all.find((one) => one.site === site && one.name === to)
      if (member === undefined) return { kind: 'unknown-appliance' }
      if ((await store.look(network)).record?.owner === to) return { kind: 'moved' }
      const reason = unfitFor(member, network)
      if (reason !== null) return { kind: 'refused', reason }
      if (!(await store.want(network, to))) {
        return { kind: 'refused', reason: 'no appliance has served the network yet' }
      }
      return moved(network, to, parts)
    },
  }
}

/** For an appliance that shares nothing. */
export const noOtherAppliances: ApplianceService = {
  list: async () => [],
  handOver: async () => ({ kind: 'refused', reason: 'its leases are kept here alone' }),
}

async function moved(
  network: string,
  to: string,
  { store, pause, nowMs }: ApplianceServiceParts,
): Promise<HandOverOutcome> {
  const untilMs = nowMs() + MOVED_WITHIN_MS
  for (;;) {
    const { record } = await store.look(network)
    if (record?.owner === to) return { kind: 'moved' }
    if (nowMs() >= untilMs) return { kind: 'not-moved', owner: record?.owner ?? null }
    await pause(LOOK_EVERY_MS)
  }
}

function unfitFor({ isLive, networks }: Member, network: string): string | null {
  if (!isLive) return 'it does not answer'
  const unfit = networks.get(network)
  return unfit === undefined ? 'it is not configured for the network with shared leases' : unfit
}
