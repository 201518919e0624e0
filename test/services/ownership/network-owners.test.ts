import t from 'tap'
import type { OwnershipEvent } from '../../../src/ownership/network-ownership.ts'
import type { OwnershipRecord } from '../../../src/ownership/ownership-record.ts'
import type { OwnershipStore } from '../../../src/ownership/ownership-store.ts'
import { NetworkOwners } from '../../../src/services/ownership/network-owners.ts'

const TIMING = { takeoverAfterMs: 8000, repeatForMs: 20_000 }
const FIT = ['sw-a', 'sw-b']

/** Rows of ownership in memory, as the database would keep them. */
class Rows {
  readonly rows = new Map<string, OwnershipRecord>()
  isAway = false
  #tokens = 0

  for(self: string): OwnershipStore {
    const reach = () => {
      if (this.isAway) throw new Error('away')
    }
    return {
      look: async (network) => {
        reach()
        return { record: this.rows.get(network) ?? null, fit: FIT }
      },
      take: async (network, seen) => {
        reach()
        const now = this.rows.get(network) ?? null
        if (now?.token !== seen?.token || now?.beat !== seen?.beat) return null
        const isUnclean = now !== null && now.owner !== null
        const token = `token ${this.#tokens++}`
        const record = { owner: self, token, beat: 0, isUnclean, wanted: null }
        this.rows.set(network, record)
        return record
      },
      beat: async (network, token, clear) => {
        reach()
        const now = this.rows.get(network)
        if (now?.token !== token) return null
        const isUnclean = now.isUnclean && !clear
        const record = { ...now, beat: now.beat + 1, isUnclean }
        this.rows.set(network, record)
        return { record, fit: FIT }
      },
      release: async (network, token, to) => {
        reach()
        const now = this.rows.get(network)
        if (now?.token !== token) return false
        this.rows.set(network, { ...now, owner: null, wanted: to })
        return true
      },
      want: async () => true,
    }
  }
}

/** Appliances over the same rows, with one clock that the test turns. */
function aBench() {
  let nowMs = 0
  const rows = new Rows()
  const timers: { call: () => void; atMs: number }[] = []
  const node = (self: string) => {
    const reported: string[] = []
    const beats: string[] = []
    const unclean = new Map<string, boolean>()
    const unfit = new Map<string, string>()
    const reads: { network: string; give: (loaded: string | Error) => void }[] = []
    let isReadByHand = false
    const owners = new NetworkOwners<string>({
      self,
      timing: TIMING,
      store: rows.for(self),
      read: (network) =>
        new Promise((resolve, reject) => {
          const give = (loaded: string | Error) =>
            loaded instanceof Error ? reject(loaded) : resolve(loaded)
          if (isReadByHand) reads.push({ network, give })
          else give('leases')
        }),
      accept: (network, loaded) => reported.push(`accept ${loaded} of ${network}`),
      drain: async (network) => void reported.push(`drain ${network}`),
      drop: (network) => reported.push(`drop ${network}`),
      onBeat: (network) => beats.push(network),
      onUnclean: (network, isUnclean) => unclean.set(network, isUnclean),
      unfitFor: (network) => unfit.get(network) ?? null,
      onEvent: (network, event: OwnershipEvent) => reported.push(`${event.name} ${network}`),
      onFault: (error) => reported.push((error as Error).message),
      nowMs: () => nowMs,
      startTimer: (call, delayMs) => {
        const timer = { call, atMs: nowMs + delayMs }
        timers.push(timer)
        return () => timers.splice(timers.indexOf(timer), 1)
      },
    })
    return {
      owners,
      reported,
      beats,
      unclean,
      unfit,
      reads,
      readByHand: () => (isReadByHand = true),
    }
  }
  const pass = async (ms: number, isFrozen: () => boolean = () => false) => {
    for (const untilMs = nowMs + ms; ; ) {
      await new Promise((resolve) => setImmediate(resolve))
      const [due] = timers.sort((a, b) => a.atMs - b.atMs)
      if (isFrozen() || due === undefined || due.atMs > untilMs) {
        nowMs = untilMs
        return
      }
      timers.shift()
      nowMs = Math.max(nowMs, due.atMs)
      due.call()
    }
  }
  return { rows, node, pass }
}

t.test('a network is taken, read and served; one that is not shared always is', async (t) => {
  const { rows, node, pass } = aBench()
  const a = node('sw-a')
  a.owners.follow(['voice'])
  t.equal(a.owners.authority('voice', 0), 'none')
  await pass(500)
  t.same(a.reported, ['network.owned voice', 'accept leases of voice'])
  t.ok(a.owners.owns('voice'))
  t.equal(a.owners.ownerOf('voice'), 'sw-a')
  t.equal(a.owners.tokenOf('voice'), rows.rows.get('voice')?.token)
  t.same(a.owners.networks, ['voice'])
  t.ok(a.owners.owns('lab'))
  t.notOk(a.owners.isFollowed('lab'))
  t.same([a.owners.ownerOf('lab'), a.owners.tokenOf('lab')], [null, null])
  t.equal(a.owners.differsFrom('lab'), null)
})

t.test('each beat that is confirmed is told, and none that is refused or unanswered', async (t) => {
  const { rows, node, pass } = aBench()
  const a = node('sw-a')
  a.owners.follow(['voice'])
  await pass(5000)
  t.ok(a.beats.length >= 2)
  const before = a.beats.length
  rows.isAway = true
  await pass(3000)
  rows.isAway = false
  t.equal(a.beats.length, before)
  const row = rows.rows.get('voice')
  if (row !== undefined) rows.rows.set('voice', { ...row, token: 'of another' })
  await pass(3000)
  t.equal(a.beats.length, before)
})

t.test('a hand-over on stop reaches the other at once by a hint', async (t) => {
  const { node, pass } = aBench()
  const [a, b] = [node('sw-a'), node('sw-b')]
  a.owners.follow(['voice'])
  await pass(500)
  b.owners.follow(['voice'])
  await pass(5000)
  t.notOk(b.owners.owns('voice'))
  const stopped = a.owners.stop()
  await pass(0)
  await stopped
  t.match(a.reported.slice(-3), ['drain voice', 'drop voice', 'network.given-up voice'])
  b.owners.hint('voice')
  b.owners.hint('nowhere')
  await pass(50)
  t.ok(b.owners.owns('voice'))
  t.equal(b.unclean.get('voice'), false)
})

t.test('an owner that is cut off is followed by the other, and told so by a write', async (t) => {
  const { rows, node, pass } = aBench()
  const a = node('sw-a')
  a.owners.follow(['voice'])
  await pass(500)
  rows.isAway = true
  await pass(9000)
  t.equal(a.owners.authority('voice', 9500), 'repeat')
  t.ok(a.reported.includes('network.blind voice'))
  rows.isAway = false
  const b = node('sw-b')
  rows.rows.set('voice', {
    ...(rows.rows.get('voice') as OwnershipRecord),
    token: 'of sw-b',
    owner: 'sw-b',
  })
  a.owners.onRefused('voice')
  a.owners.onRefused('nowhere')
  t.equal(a.owners.tokenOf('voice'), null)
  t.same(a.reported.slice(-2), ['drop voice', 'network.lost voice'])
  b.owners.follow(['voice'])
  await pass(9500)
  t.ok(b.owners.owns('voice') || a.owners.owns('voice'))
  t.notOk(b.owners.owns('voice') && a.owners.owns('voice'))
})

t.test('what was read for an earlier ownership is not accepted', async (t) => {
  const { node, pass } = aBench()
  const a = node('sw-a')
  a.readByHand()
  a.owners.follow(['voice'])
  await pass(500)
  t.equal(a.owners.authority('voice', 500), 'none')
  a.owners.onRefused('voice')
  await pass(10_000)
  const [first, second] = a.reads
  first?.give('old')
  await pass(0)
  t.notMatch(a.reported, ['accept old of voice'])
  second?.give(new Error('away'))
  await pass(1000)
  a.reads.at(-1)?.give('new')
  await pass(0)
  t.ok(a.reported.includes('accept new of voice'))
  t.notOk(a.reported.includes('accept old of voice'))
  t.ok(a.owners.owns('voice'))
})

t.test('who cannot serve takes nothing, and gives up what another can serve', async (t) => {
  const { node, pass } = aBench()
  const a = node('sw-a')
  a.unfit.set('voice', 'no carrier')
  a.owners.follow(['voice'])
  await pass(5000)
  t.notOk(a.owners.owns('voice'))
  a.unfit.clear()
  await pass(2000)
  t.ok(a.owners.owns('voice'))
  a.unfit.set('voice', 'no carrier')
  await pass(4500)
  t.notOk(a.owners.owns('voice'))
  t.ok(a.reported.includes('network.given-up voice'))
})

t.test(
  'a network that is configured no more is given up, and one that comes is followed',
  async (t) => {
    const { rows, node, pass } = aBench()
    const a = node('sw-a')
    a.owners.follow(['voice', 'lab'])
    await pass(500)
    a.owners.follow(['lab'])
    await pass(500)
    t.equal(rows.rows.get('voice')?.owner, null)
    t.same(a.owners.networks, ['lab'])
    a.owners.follow(['voice', 'lab'])
    await pass(500)
    t.ok(a.owners.owns('voice'))
    const stopped = a.owners.stop()
    await pass(500)
    await stopped
    t.same(
      [...rows.rows.values()].map(({ owner }) => owner),
      [null, null],
    )
  },
)
