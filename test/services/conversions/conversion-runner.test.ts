import t, { type Test } from 'tap'
import { startNodeTimer } from '../../../src/adapters/clock/node-timer.ts'
import { SqliteConversionStore } from '../../../src/adapters/sqlite/conversion-store.ts'
import type { Conversion, ConversionStore } from '../../../src/conversion/conversion.ts'
import type { ConversionEvent } from '../../../src/conversion/events.ts'
import type { SeenPhone } from '../../../src/conversion/seen-table.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { seenLoad } from '../../../src/phones/seen-software.ts'
import { ConversionRunner } from '../../../src/services/conversions/conversion-runner.ts'
import { Subscribers } from '../../../src/services/subscribers.ts'
import { aDatabase } from '../../support/a-database.ts'
import { aConversion, MAC } from '../../support/conversion-builders.ts'
import { SlowStore, turn } from '../../support/slow-store.ts'

const OTHER = '000E84C060A7' as Mac
const NOW_MS = 1_700_000_000_000
const FULL = new Error('disk full')

function aBench(store?: ConversionStore) {
  const slow = new SlowStore<Conversion>()
  const seen: [Mac, SeenPhone | null][] = []
  const changes = new Subscribers<Mac>()
  const events: [ConversionEvent, number][] = []
  const wakes: number[] = []
  const faults: unknown[] = []
  const clock = { nowMs: NOW_MS }
  const runner = new ConversionRunner({
    startTimer: startNodeTimer,
    store: store ?? { load: async () => ({ conversions: [], faults: [] }), save: slow.write },
    seenStore: {
      load: async () => ({ seen: [], faults: [] }),
      save: async (batch) => void seen.push(...batch),
    },
    changes,
    nowMs: () => clock.nowMs,
    onEvent: (event, nowMs) => events.push([event, nowMs]),
    onWake: (nowMs) => wakes.push(nowMs),
    onFault: (error) => faults.push(error),
  })
  const change = (revision: number, mac = MAC, durable = true) =>
    runner.run([{ kind: 'changed', conversion: aConversion({ mac, revision }), durable }])
  const written = () =>
    slow.batches.map((batch) => batch.map(({ mac, revision }) => `${mac.slice(-2)} ${revision}`))
  return { clock, runner, slow, seen, changes, events, wakes, faults, change, written }
}

/** Timers of this process that are still to come. */
const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length

const database = await aDatabase()

t.test('what phones were seen to run is stored, and taken away', async (t) => {
  const { runner, seen } = aBench()
  const phone = { ...seenLoad('P0S3-8-12-00', 'web-page', NOW_MS), mac: MAC }
  runner.run([
    { kind: 'seen', mac: MAC, seen: phone },
    { kind: 'seen', mac: OTHER, seen: null },
  ])
  await runner.close()
  t.same(seen, [
    [MAC, phone],
    [OTHER, null],
  ])
})

t.test('one write is in flight, and of what changes meanwhile the newest is written', async (t) => {
  const { slow, change, written } = aBench()
  change(1)
  change(2)
  await turn()
  change(3)
  change(1, OTHER)
  change(4)
  await turn()
  t.equal(slow.underWay, 1)
  t.same(written(), [['A6 2']])
  await slow.succeed()
  t.same(written(), [['A6 2'], ['A6 4', 'A7 1']])
  await slow.succeed()
  t.equal(slow.underWay, 0)
})

t.test('progress within a file is shown and not written', async (t) => {
  const { slow, changes, change, runner } = aBench()
  const heard: string[] = []
  changes.subscribe(MAC, () => heard.push('this one'))
  changes.subscribe(OTHER, () => heard.push('another'))
  change(1, MAC, false)
  await runner.saved()
  t.same(heard, ['this one'])
  t.same(slow.batches, [])
})

t.test('saved() waits for what had changed before it was called', async (t) => {
  const { runner, slow, change } = aBench()
  change(1)
  await turn()
  change(2)
  let isSaved = false
  const saved = runner.saved().then(() => {
    isSaved = true
  })
  await slow.succeed()
  t.notOk(isSaved, 'the write under way is without the last change')
  change(3)
  await slow.succeed()
  t.ok(isSaved, 'a change that came later is not waited for')
  t.equal(slow.underWay, 1)
  await saved
})

t.test('two who wait for one failed write both wait for its repetition', async (t) => {
  const { runner, slow, change, faults } = aBench()
  change(1)
  await turn()
  await slow.fail(FULL)
  let saved = 0
  const both = [runner.saved(), runner.saved()].map((promise) => promise.then(() => saved++))
  await turn()
  t.equal(slow.underWay, 1, 'one write for both')
  t.equal(saved, 0)
  await slow.succeed()
  await Promise.all(both)
  t.equal(saved, 2)
  t.same(faults, [FULL])
  await runner.close()
})

t.test('saved() rejects where it could not be written', async (t) => {
  const { runner, slow, change } = aBench()
  change(1)
  const rejected = t.rejects(runner.saved(), FULL)
  await turn()
  await slow.fail(FULL)
  await slow.fail(FULL)
  await rejected
  const later = runner.saved()
  await turn()
  await slow.succeed()
  await t.resolves(later, 'the disk has room again')
  await runner.close()
})

t.test('what could not be written is kept and goes with the next change', async (t) => {
  const { runner, slow, change, written } = aBench()
  change(1)
  change(1, OTHER)
  await turn()
  change(2)
  await slow.fail(FULL)
  t.same(written(), [['A6 1', 'A7 1']], 'no attempt follows at once')
  change(3)
  await turn()
  t.same(written()[1], ['A6 3', 'A7 1'], 'the newest state wins over the failed one')
  await slow.succeed()
  await runner.close()
})

t.test(
  'a failed write is tried again after a pause, by one timer however often it fails',
  async (t) => {
    const pauses = captureTimers(t)
    const { slow, change, written } = aBench()
    for (let revision = 1; revision <= 3; revision++) {
      change(revision)
      await turn()
      await slow.fail(FULL)
    }
    t.same(
      pauses.map(({ ms }) => ms),
      [5_000],
    )
    pauses[0]?.fire()
    await turn()
    t.same(written().at(-1), ['A6 3'])
    await slow.fail(FULL)
    t.equal(pauses.length, 2, 'and once more')
    change(4)
    await turn()
    await slow.succeed()
    pauses[1]?.fire()
    await turn()
    t.equal(slow.underWay, 0, 'nothing is left to write')
  },
)

t.test('events are reported with the time', async (t) => {
  const { runner, events } = aBench()
  const event = { event: 'conversion.resumed', mac: MAC, load: 'P0S3-8-12-00' } as const
  runner.run([{ kind: 'event', event }])
  t.same(events, [[event, NOW_MS]])
})

t.test('there is one timer, for the earliest wake', async (t) => {
  const pauses = captureTimers(t)
  const { clock, runner, wakes } = aBench()
  const wakeIn = (ms: number) => runner.run([{ kind: 'wake', atMs: clock.nowMs + ms }])
  wakeIn(30_000)
  wakeIn(40_000)
  wakeIn(10_000)
  const shown = () => pauses.map(({ ms, isCleared }) => `${ms}${isCleared ? ' cleared' : ''}`)
  t.same(shown(), ['30000 cleared', '10000'])
  clock.nowMs += 10_000
  pauses[1]?.fire()
  t.same(wakes, [NOW_MS + 10_000])
  wakeIn(20_000)
  wakeIn(-5)
  t.same(shown().slice(2), ['20000 cleared', '0'], 'a time that has passed is now')
  pauses[3]?.fire()
  wakeIn(100 * 86_400_000)
  t.same(shown().slice(4), ['2147483647'], 'Node turns a longer pause into none')
})

t.test('close() writes what is left and ends the timers', async (t) => {
  const before = timers()
  const { runner, slow, change, written } = aBench()
  runner.run([{ kind: 'wake', atMs: NOW_MS + 60_000 }])
  change(1)
  await turn()
  await slow.fail(FULL)
  t.equal(timers(), before + 1, 'the wake; the pause after a failure keeps no process up')
  const closed = runner.close()
  runner.run([{ kind: 'wake', atMs: NOW_MS + 1 }])
  await turn()
  await slow.succeed()
  await closed
  t.same(written(), [['A6 1'], ['A6 1']])
  t.equal(timers(), before)
})

t.test('close() rejects where it could not write', async (t) => {
  const { runner, slow, change } = aBench()
  change(1)
  const rejected = t.rejects(runner.close(), FULL)
  await turn()
  await slow.fail(FULL)
  await slow.fail(FULL)
  await rejected
})

t.test('SQLite gives back the newest state after a restart', async (t) => {
  const store = new SqliteConversionStore(database)
  const { runner, change } = aBench(store)
  change(1)
  change(2)
  await runner.saved()
  change(3)
  await runner.close()
  const { conversions } = await store.load()
  t.match(conversions, [{ mac: MAC, revision: 3 }])
})

type Pause = { readonly ms: number; readonly fire: () => void; isCleared: boolean }

/** Timers stand still for the length of a test, and go off when it says so. */
function captureTimers(t: Test): Pause[] {
  const pauses: Pause[] = []
  t.intercept(globalThis, 'setTimeout', {
    value: (fire: () => void, ms: number) => {
      const pause = { ms, fire, isCleared: false, unref: () => pause }
      pauses.push(pause)
      return pause
    },
  })
  t.intercept(globalThis, 'clearTimeout', {
    value: (pause: Pause) => {
      pause.isCleared = true
    },
  })
  return pauses
}

t.test('a page to be asked for is for observers: nothing is stored', async (t) => {
  const { runner, slow, seen } = aBench()
  runner.run([{ kind: 'ask-page', mac: MAC }])
  await runner.close()
  t.same([slow.batches, seen], [[], []])
})
