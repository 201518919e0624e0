import t from 'tap'
import type { Announced, MemberStore, Namesake } from '../../../src/ownership/member-store.ts'
import { Membership, SameName } from '../../../src/services/ownership/membership.ts'

const RUN = 'ours'

function aBench() {
  let nowMs = 1_000_000
  let answer: () => Announced | Error = () => announced()
  const timers: { call: () => void; atMs: number }[] = []
  const asked: (Namesake | null)[] = []
  const withdrawn: string[] = []
  let tookMs = 0
  let wallOffsetMs = 0
  function announced(parts: Partial<Announced> = {}): Announced {
    return { namesake: null, databaseMs: nowMs, isSynchronous: true, ...parts }
  }
  const store: MemberStore = {
    announce: async (_announcement, gone) => {
      asked.push(gone)
      const given = answer()
      nowMs += tookMs
      if (given instanceof Error) throw given
      return given
    },
    list: async () => [],
    withdraw: async (run) => void withdrawn.push(run),
  }
  const membership = new Membership({
    store,
    announcement: () => ({ run: RUN, version: '1', networks: [] }),
    wallMs: () => nowMs + wallOffsetMs,
    nowMs: () => nowMs,
    brokenAfterMs: 7_500,
    startTimer: (call, delayMs) => {
      const timer = { call, atMs: nowMs + delayMs }
      timers.push(timer)
      return () => timers.splice(timers.indexOf(timer), 1)
    },
  })
  /** Lets time pass, and whatever is due happen. */
  const pass = async (ms: number) => {
    for (const untilMs = nowMs + ms; ; ) {
      await new Promise((resolve) => setImmediate(resolve))
      const [due] = timers.sort((a, b) => a.atMs - b.atMs)
      if (due === undefined || due.atMs > untilMs) {
        nowMs = untilMs
        return
      }
      timers.shift()
      nowMs = Math.max(nowMs, due.atMs)
      due.call()
    }
  }
  return {
    membership,
    asked,
    withdrawn,
    pass,
    announced,
    nowMs: () => nowMs,
    answerWith: (how: () => Announced | Error) => (answer = how),
    takes: (ms: number) => (tookMs = ms),
    setWall: (offsetMs: number) => (wallOffsetMs = offsetMs),
  }
}

t.test('an appliance whose name is free serves, and tells of itself each second', async (t) => {
  const { membership, asked, pass, withdrawn } = aBench()
  t.match(membership.obstacle, /not known yet/)
  await membership.start()
  t.equal(membership.obstacle, null)
  t.match(membership.standing, { away: null, isSynchronous: true })
  await pass(3500)
  t.equal(asked.length, 4)
  await membership.stop(RUN)
  t.same(withdrawn, [RUN])
  await pass(5000)
  t.equal(asked.length, 4)
})

t.test('a namesake that moves within 3 s is alive: the later one does not serve', async (t) => {
  const bench = aBench()
  let beat = 0
  bench.answerWith(() => bench.announced({ namesake: { run: 'theirs', beat: beat++ } }))
  const started = bench.membership.start()
  started.catch(() => {})
  await bench.pass(3000)
  await t.rejects(started, new SameName())
  t.match(bench.membership.obstacle, /same name/)
  await bench.membership.stop(RUN)
  t.same(bench.withdrawn, [], 'the name is not ours to give back')
})

t.test('a namesake that stands still for 3 s is gone, and its name is taken', async (t) => {
  const bench = aBench()
  const theirs = { run: 'theirs', beat: 7 }
  bench.answerWith(() => {
    const isGone = bench.asked.some((gone) => gone?.run === 'theirs')
    return bench.announced({ namesake: isGone ? null : theirs })
  })
  const started = bench.membership.start()
  await bench.pass(2500)
  t.match(bench.membership.obstacle, /not known yet/)
  await bench.pass(1500)
  await started
  t.equal(bench.membership.obstacle, null)
})

t.test('a namesake whose last word arrives late is gone all the same', async (t) => {
  const bench = aBench()
  bench.answerWith(() => {
    const isGone = bench.asked.some((gone) => gone?.beat === 8)
    // It was killed while it was cut off, and what it had sent arrived when it was not any more.
    const beat = bench.asked.length < 4 ? 7 : 8
    return bench.announced({ namesake: isGone ? null : { run: 'theirs', beat } })
  })
  const started = bench.membership.start()
  await bench.pass(6000)
  await started
  t.equal(bench.membership.obstacle, null)
})

t.test('one that comes later is noticed, and believed until it stands still', async (t) => {
  const bench = aBench()
  await bench.membership.start()
  let beat = 0
  bench.answerWith(() => bench.announced({ namesake: { run: 'theirs', beat: beat++ } }))
  await bench.pass(3500)
  t.match(bench.membership.obstacle, /same name/)
  bench.answerWith(() => {
    const isGone = bench.asked.some((gone) => gone?.beat === beat)
    return bench.announced({ namesake: isGone ? null : { run: 'theirs', beat } })
  })
  await bench.pass(2000)
  t.match(bench.membership.obstacle, /same name/)
  await bench.pass(4000)
  t.equal(bench.membership.obstacle, null)
})

t.test('a start does not wait for a database that is away, and asks it again', async (t) => {
  const bench = aBench()
  bench.answerWith(() => new Error('connection refused'))
  await bench.membership.start()
  t.match(bench.membership.standing, { away: 'connection refused' })
  t.match(bench.membership.obstacle, /not known yet/)
  bench.answerWith(() => bench.announced({ isSynchronous: false }))
  await bench.pass(1500)
  t.match(bench.membership.standing, { away: null, isSynchronous: false })
  t.equal(bench.membership.obstacle, null)
  bench.answerWith(() => new Error('connection refused'))
  await bench.pass(1500)
  t.equal(bench.membership.obstacle, null, 'what is owned stays so')
  t.equal(bench.membership.standing.away, 'connection refused')
})

t.test('a clock more than 30 s off is named, with a grace for a slow answer', async (t) => {
  const bench = aBench()
  bench.setWall(-29_000)
  await bench.membership.start()
  t.equal(bench.membership.obstacle, null)
  bench.setWall(45_000)
  await bench.pass(1500)
  t.match(bench.membership.obstacle, /the clock differs from the database's by 45 s/)
  bench.setWall(-31_000)
  bench.takes(4000)
  await bench.pass(6000)
  t.equal(bench.membership.obstacle, null, 'it may have come from the middle of four seconds')
  bench.takes(0)
  await bench.pass(6000)
  t.match(bench.membership.obstacle, /clock/)
  bench.setWall(0)
  await bench.pass(1500)
  t.equal(bench.membership.obstacle, null)
})

t.test('a presence breaks where nothing was confirmed for too long', async (t) => {
  const bench = aBench()
  t.equal(bench.membership.presence, null)
  await bench.membership.start()
  const first = bench.membership.presence
  await bench.pass(3_000)
  t.match(bench.membership.presence, { run: first?.run })
  t.ok(Number(bench.membership.presence?.atMs) > Number(first?.atMs))
  bench.answerWith(() => new Error('away'))
  await bench.pass(5_000)
  bench.answerWith(() => bench.announced())
  await bench.pass(1_500)
  t.equal(bench.membership.presence?.run, first?.run, 'nobody can have taken over')
  bench.answerWith(() => new Error('away'))
  const last = bench.nowMs()
  await bench.pass(8_000)
  t.ok(Number(bench.membership.presence?.atMs) <= last, 'the last word stands')
  bench.answerWith(() => bench.announced())
  await bench.pass(1_500)
  t.equal(bench.membership.presence?.run, Number(first?.run) + 1)
  bench.answerWith(() => bench.announced({ namesake: { run: 'theirs', beat: 1 } }))
  const before = bench.membership.presence
  await bench.pass(1_500)
  t.same(bench.membership.presence, before, 'that was not of us')
})

t.test('a word whose answer comes too late is a break all the same', async (t) => {
  const bench = aBench()
  await bench.membership.start()
  const run = bench.membership.presence?.run
  await bench.pass(500)
  bench.takes(7_600)
  await bench.pass(9_000)
  t.equal(bench.membership.presence?.run, Number(run) + 1)
})

t.test('an appliance that is stopped announces itself no more', async (t) => {
  const { membership, asked, pass } = aBench()
  await membership.start()
  await membership.stop(RUN)
  const before = asked.length
  await pass(5_000)
  t.equal(asked.length, before)
})
