import t from 'tap'
import type { Member } from '../../../src/ownership/member-store.ts'
import { applianceService, noOtherAppliances } from '../../../src/services/api/appliances.ts'

const member = (name: string, parts: Partial<Member> = {}): Member => ({
  site: 'lab',
  name,
  version: '1.0.0',
  lastSeenMs: 5,
  isLive: true,
  owns: [],
  networks: new Map([['voice', null]]),
  ...parts,
})

function aService(members: readonly Member[]) {
  let owner: string | null = 'sw-a'
  let isKnown = true
  let isForgottenNext = false
  let nowMs = 0
  const wanted: string[] = []
  let movesAfterMs = 500
  const record = () => ({ owner, token: 'x', beat: 1, isUnclean: false, wanted: null })
  const service = applianceService({
    site: 'lab',
    members: { list: async () => members },
    store: {
      look: async () => ({ record: isKnown ? record() : null, fit: [] }),
      want: async (_network, to) => {
        wanted.push(to)
        const taken = isKnown
        isKnown &&= !isForgottenNext
        return taken
      },
    },
    network: (name) => (name === 'nowhere' ? undefined : { isShared: name === 'voice' }),
    pause: async (ms) => {
      nowMs += ms
      if (nowMs >= movesAfterMs) owner = wanted.at(-1) ?? null
    },
    nowMs: () => nowMs,
  })
  return {
    service,
    wanted,
    neverMoves: () => (movesAfterMs = Number.POSITIVE_INFINITY),
    forget: () => (isKnown = false),
    forgetAfterWant: () => (isForgottenNext = true),
  }
}

t.test('appliances are listed with what they serve', async (t) => {
  const { service } = aService([member('sw-a', { owns: ['voice'] })])
  t.same(await service.list(), [
    {
      name: 'sw-a',
      site: 'lab',
      version: '1.0.0',
      lastSeenMs: 5,
      isLive: true,
      networks: ['voice'],
    },
  ])
  t.same(await noOtherAppliances.list(), [])
  t.match(await noOtherAppliances.handOver('voice', 'sw-b'), { kind: 'refused' })
})

t.test('a hand-over is asked for and waited for', async (t) => {
  const { service, wanted } = aService([member('sw-a'), member('sw-b')])
  t.same(await service.handOver('voice', 'sw-b'), { kind: 'moved' })
  t.same(await service.handOver('voice', 'sw-b'), { kind: 'moved' })
  t.same(wanted, ['sw-b'], 'once')
})

t.test('what is in its way is said, and nothing is asked for', async (t) => {
  const members = [
    member('dead', { isLive: false }),
    member('elsewhere', { networks: new Map() }),
    member('unplugged', { networks: new Map([['voice', 'no carrier']]) }),
    member('abroad', { site: 'brno' }),
  ]
  const { service, wanted } = aService(members)
  const hand = service.handOver
  t.same(await hand('nowhere', 'sw-b'), { kind: 'not-found' })
  t.match(await hand('lobby', 'dead'), { kind: 'refused', reason: /kept here/ })
  t.same(await hand('voice', 'abroad'), { kind: 'unknown-appliance' })
  t.match(await hand('voice', 'dead'), { kind: 'refused', reason: /does not answer/ })
  t.match(await hand('voice', 'elsewhere'), { kind: 'refused', reason: /not configured/ })
  t.same(await hand('voice', 'unplugged'), { kind: 'refused', reason: 'no carrier' })
  t.same(wanted, [])
})

t.test('one that does not come is told as it stands', async (t) => {
  const bench = aService([member('sw-b')])
  bench.neverMoves()
  t.same(await bench.service.handOver('voice', 'sw-b'), { kind: 'not-moved', owner: 'sw-a' })
  bench.forget()
  t.match(await bench.service.handOver('voice', 'sw-b'), {
    kind: 'refused',
    reason: /no appliance/,
  })
})

t.test('a network that is given up while it is handed over belongs to none', async (t) => {
  const bench = aService([member('sw-b')])
  bench.neverMoves()
  bench.forgetAfterWant()
  t.same(await bench.service.handOver('voice', 'sw-b'), { kind: 'not-moved', owner: null })
})
