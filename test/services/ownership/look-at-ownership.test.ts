import t from 'tap'
import type { Authority } from '../../../src/ownership/network-ownership.ts'
import { lookAtOwnership, NO_STANDBY } from '../../../src/services/ownership/look-at-ownership.ts'
import type { Standing } from '../../../src/services/ownership/membership.ts'

type Network = {
  readonly token?: string
  readonly owner?: string | null
  readonly authority?: Authority
  readonly differsFrom?: string
  readonly unfit?: string
}

async function look(
  networks: Readonly<Record<string, Network>>,
  standing: Partial<Standing> = {},
  obstacle: string | null = null,
  isAway = true,
) {
  const whole = {
    away: null,
    isNameTaken: false,
    skewSeconds: null,
    isSynchronous: true,
    ...standing,
  }
  return lookAtOwnership({
    owners: {
      networks: Object.keys(networks),
      authority: (network) => networks[network]?.authority ?? 'none',
      tokenOf: (network) => networks[network]?.token ?? null,
      ownerOf: (network) => networks[network]?.owner ?? null,
      differsFrom: (network) => networks[network]?.differsFrom ?? null,
    },
    membership: { standing: whole, obstacle },
    unfitFor: (network) => networks[network]?.unfit ?? obstacle,
    isAway: () => isAway,
    nowMs: () => 0,
  })()
}

const OWNED = { token: 'x', owner: 'sw-a', authority: 'full' } as const

t.test('an owner, a standby and one that shares nothing are ready', async (t) => {
  t.same(await look({}), {
    name: 'ownership',
    detail: 'no shared networks',
    problems: [],
    warnings: [],
  })
  t.match(await look({ voice: OWNED, lab: { owner: 'sw-b' } }), {
    detail: 'owner of voice; standby for lab',
    problems: [],
    warnings: [],
    ownership: 'owner',
  })
  t.match(await look({ lab: { owner: 'sw-b' } }), {
    detail: 'standby for lab',
    problems: [],
    ownership: 'standby',
  })
})

t.test('what keeps a network from being served or taken over is named', async (t) => {
  const problems = async (...asked: Parameters<typeof look>) =>
    (await look(...asked)).problems.map(({ message }) => message)
  t.match(await problems({ voice: { ...OWNED, authority: 'none' } }), [
    /voice is taken over, and not/,
  ])
  t.match(await problems({ voice: { owner: 'sw-b', differsFrom: 'sw-b' } }), [
    /configured otherwise on sw-b.* subnet, pool and reservations/,
  ])
  t.match(await problems({ voice: { owner: 'sw-b', unfit: 'no carrier' } }), [
    /could not be taken over: no carrier/,
  ])
  t.match(await problems({ voice: {} }), [/served by no appliance/])
  const clock = 'the clock differs'
  t.match(await problems({ voice: { owner: 'sw-b' } }, { skewSeconds: 40 }, clock), [clock], 'once')
  const away = { away: 'connection refused' }
  t.same(await problems({ voice: {}, lab: { ...OWNED, authority: 'repeat' } }, away), [])
  t.same(await problems({ voice: { owner: 'sw-b' } }, away, 'not known yet'), [], 'said elsewhere')
})

t.test('replication that may lose what was acknowledged is a warning', async (t) => {
  t.same((await look({ voice: OWNED }, { isSynchronous: false })).warnings, [NO_STANDBY])
  t.same((await look({ voice: OWNED }, { isSynchronous: null })).warnings, [])
})

t.test('a database that answers and does not take our word is told', async (t) => {
  const standing = { away: 'permission denied for table appliance' }
  t.same((await look({ voice: OWNED }, standing)).problems, [], 'that it is away is said elsewhere')
  t.match((await look({ voice: OWNED }, standing, null, false)).problems, [
    {
      where: 'database.postgres',
      message: /does not store that this appliance is there: permission denied/,
    },
  ])
})
