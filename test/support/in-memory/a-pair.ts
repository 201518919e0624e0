import type { Member } from '../../../src/ownership/member-store.ts'
import { applianceService } from '../../../src/services/api/appliances.ts'
import { NOW_MS } from '../values.ts'

/**
 * Appliances of one site that share the leases of `bench`: `sw-a` serves it and hands it over, unless it does
 * not move; `sw-b` can serve it and `sw-d` cannot.
 */
export function aPair() {
  const member = (name: string, fault: string | null): Member => ({
    ...{ site: 'prague', name, version: '1.0.0', lastSeenMs: NOW_MS, isLive: true },
    owns: name === 'sw-a' ? ['bench'] : [],
    networks: new Map([['bench', fault]]),
  })
  const state = { owner: 'sw-a' as string | null, moves: true, nowMs: 0 }
  const service = applianceService({
    site: 'prague',
    members: {
      list: async () => [
        member('sw-a', null),
        member('sw-b', null),
        member('sw-d', 'eth0 is down'),
      ],
    },
    store: {
      look: async () => ({
        record: { owner: state.owner, token: 'x', beat: 1, isUnclean: false, wanted: null },
        fit: [],
      }),
      want: async (_network, to) => {
        if (state.moves) state.owner = to
        return true
      },
    },
    network: (name) => (name === 'bench' ? { isShared: true } : undefined),
    pause: async (ms) => {
      state.nowMs += ms
    },
    nowMs: () => state.nowMs,
  })
  return { state, service }
}
