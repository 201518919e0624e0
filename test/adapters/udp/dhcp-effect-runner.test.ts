import t from 'tap'
import { DhcpEffectRunner } from '../../../src/adapters/udp/dhcp-effect-runner.ts'
import type { DhcpEffect } from '../../../src/dhcp/effect.ts'
import type { DhcpEvent } from '../../../src/dhcp/events.ts'
import type { LeaseChange } from '../../../src/leases/binding.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'

const change = (address: number): LeaseChange => ({
  kind: 'delete',
  scope: 'bench',
  address: address as Ipv4,
})
const commit = (...addresses: number[]): DhcpEffect => ({
  kind: 'commit',
  changes: addresses.map(change),
})
const send = (name: number): DhcpEffect => ({
  kind: 'send',
  bytes: Uint8Array.of(name),
  destination: {
    interfaceName: null,
    localAddress: 0 as Ipv4,
    address: 0 as Ipv4,
    port: 68,
    hardwareAddress: null,
  },
})
const event = (server: number): DhcpEffect => ({
  kind: 'event',
  event: { event: 'dhcp.rogue.gone', scope: 's', interfaceName: null, server: server as Ipv4 },
})
const wake = (atMs: number): DhcpEffect => ({ kind: 'wake', atMs })
const probe: DhcpEffect = { kind: 'probe', address: 9 as Ipv4, interfaceName: null, waitMs: 1 }

/** A runner whose deeds are listed, and whose commits end when the test says so. */
function aRunner(maxWaiting?: number) {
  const done: string[] = []
  const commits: { addresses: number[]; succeed: () => void; fail: (error: Error) => void }[] = []
  let heard: () => void = () => {}
  const runner = new DhcpEffectRunner(
    {
      commit: (changes) => {
        const { promise, resolve, reject } = withResolvers()
        const addresses = changes.map((c) => (c.kind === 'delete' ? c.address : 0))
        commits.push({ addresses, succeed: resolve, fail: reject })
        heard()
        return promise
      },
      send: ({ bytes }) => done.push(`send ${bytes[0]}`),
      probe: ({ address }) => done.push(`probe ${address}`),
      wakeAt: (atMs) => done.push(`wake ${atMs}`),
      onEvent: (event: DhcpEvent) => done.push(`event ${'server' in event ? event.server : ''}`),
      onGroupDone: () => done.push('done'),
      onCommitFailed: (error, lost) => done.push(`failed ${(error as Error).message} ${lost}`),
    },
    maxWaiting,
  )
  const nextCommit = async () => {
    await new Promise<void>((resolve) => (heard = resolve))
    return commits[commits.length - 1] as (typeof commits)[number]
  }
  return { runner, done, commits, nextCommit }
}

function withResolvers() {
  let resolve: () => void = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

t.test('what waits for no change is carried out at once, in order', async (t) => {
  const { runner, done } = aRunner()
  runner.run([send(1), event(2), probe, wake(3), send(4)])
  t.same(done, ['send 1', 'event 2', 'probe 9', 'wake 3', 'send 4'])
  await runner.idle()
})

t.test('RFC 2131 section 3.1 step 4: a reply leaves when its binding is on disk', async (t) => {
  const { runner, done, nextCommit } = aRunner()
  runner.run([send(0), commit(1), send(1), event(1)])
  const { succeed } = await nextCommit()
  t.same(done, ['send 0'])
  succeed()
  await runner.idle()
  t.same(done, ['send 0', 'send 1', 'event 1', 'done'])
})

t.test('changes that come while a commit is under way are the next one', async (t) => {
  const { runner, done, commits, nextCommit } = aRunner()
  runner.run([commit(1), send(1)])
  runner.run([commit(2, 22), send(2)])
  const first = await nextCommit()
  t.same(first.addresses, [1, 2, 22], 'all of one turn of the event loop are the first')
  runner.run([commit(3), send(3)])
  runner.run([send(10)])
  runner.run([commit(4), send(4)])
  t.same(done, ['send 10'], 'nobody waits who has nothing to store')
  first.succeed()
  const second = await nextCommit()
  t.same(done, ['send 10', 'send 1', 'send 2', 'done'])
  t.same(second.addresses, [3, 4])
  second.succeed()
  await runner.idle()
  t.same(done, ['send 10', 'send 1', 'send 2', 'done', 'send 3', 'send 4', 'done'])
  t.equal(commits.length, 2)
})

t.test('a change after a change waits for its own commit', async (t) => {
  const { runner, done, nextCommit } = aRunner()
  runner.run([commit(1), send(1), commit(2), send(2)])
  const first = await nextCommit()
  first.succeed()
  const second = await nextCommit()
  t.same(second.addresses, [2])
  t.same(done, ['send 1', 'done'])
  second.succeed()
  await runner.idle()
  t.same(done, ['send 1', 'done', 'send 2', 'done'])
})

t.test('a failed commit drops what waited for it, and the next one is tried', async (t) => {
  const { runner, done, nextCommit } = aRunner()
  runner.run([commit(1), send(1), event(1), commit(11), send(11)])
  runner.run([commit(2), send(2)])
  const first = await nextCommit()
  runner.run([commit(3), send(3)])
  first.fail(new Error('disk full'))
  const second = await nextCommit()
  t.same(done, ['failed disk full 2'], 'told once, with how many are lost')
  second.succeed()
  await runner.idle()
  t.same(done, ['failed disk full 2', 'send 3', 'done'])
})

t.test('a wake is owed to the engine whether the disk is well or not', async (t) => {
  const { runner, done, nextCommit } = aRunner()
  runner.run([commit(1), send(1), wake(7)])
  t.same(done, ['wake 7'])
  const { fail } = await nextCommit()
  fail(new Error('disk full'))
  await runner.idle()
  t.same(done, ['wake 7', 'failed disk full 1'])
})

t.test('says when as many wait for the disk as may', async (t) => {
  const { runner, nextCommit } = aRunner(3)
  runner.run([commit(1)])
  runner.run([commit(2)])
  t.notOk(runner.isFull)
  const first = await nextCommit()
  runner.run([commit(3)])
  t.ok(runner.isFull, 'those under way count')
  first.succeed()
  const second = await nextCommit()
  t.notOk(runner.isFull)
  second.succeed()
  await runner.idle()
})

/** A runner where addresses from 100 on are of network `shared`; each commit ends by the test. */
function twoLanes() {
  const done: string[] = []
  const commits = new Map<number, { succeed: () => void; fail: (error: Error) => void }>()
  let nowMs = 1000
  const runner = new DhcpEffectRunner(
    {
      commit: ([first]) => {
        const { promise, resolve, reject } = withResolvers()
        commits.set(first?.kind === 'delete' ? first.address : 0, {
          succeed: resolve,
          fail: reject,
        })
        return promise
      },
      send: ({ bytes }) => done.push(`send ${bytes[0]}`),
      probe: () => {},
      wakeAt: () => {},
      onEvent: () => {},
      onGroupDone: () => {},
      onCommitFailed: (_error, lost) => done.push(`failed ${lost}`),
      laneOf: ([first]) => (first?.kind === 'delete' && first.address >= 100 ? 'shared' : null),
      onWaiting: ([first]) => done.push(`waits ${first?.kind === 'delete' ? first.address : 0}`),
      nowMs: () => nowMs,
    },
    2,
  )
  const underWay = async (address: number) => {
    for (;;) {
      const commit = commits.get(address)
      if (commit !== undefined) return commit
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { runner, done, underWay, pass: (ms: number) => (nowMs += ms) }
}

t.test('a store elsewhere delays no client of this machine, and fails none', async (t) => {
  const { runner, done, underWay } = twoLanes()
  runner.run([commit(100), send(100)])
  runner.run([commit(101), send(101)])
  runner.run([commit(1), send(1)])
  const elsewhere = await underWay(100)
  ;(await underWay(1)).succeed()
  await new Promise((resolve) => setImmediate(resolve))
  t.same(done, ['waits 100', 'waits 101', 'send 1'], 'told at once, and of shared ones alone')
  t.ok(runner.isLaneFull('shared'))
  t.notOk(runner.isLaneFull('other'))
  t.notOk(runner.isFull, 'its queue is not theirs')
  let isIdle = false
  const idle = runner.laneIdle('shared').then(() => (isIdle = true))
  t.notOk(isIdle)
  elsewhere.fail(new Error('away'))
  await idle
  await Promise.all([runner.idle(), runner.laneIdle('other')])
  t.same(done, ['waits 100', 'waits 101', 'send 1', 'failed 2'])
})

t.test(
  'R3: what a frozen process held back for 4 s is not sent where others may serve',
  async (t) => {
    const { runner, done, underWay, pass } = twoLanes()
    runner.run([commit(100), send(100)])
    runner.run([commit(1), send(1)])
    const [elsewhere, here] = await Promise.all([underWay(100), underWay(1)])
    pass(4001)
    runner.run([commit(102), send(102)])
    elsewhere.succeed()
    here.succeed()
    ;(await underWay(102)).succeed()
    await runner.idle()
    const sent = done.filter((what) => what.startsWith('send'))
    t.same(sent, ['send 1', 'send 102'])
  },
)
