import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { findFaketime } from './support/faketime.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'
import { LoopbackClients } from './support/loopback-clients.ts'

const LIBRARY = findFaketime()

const [FIRST, SECOND, THIRD, FOURTH] = [
  '02000000aa01',
  '02000000aa02',
  '02000000aa03',
  '02000000aa04',
]

/** What a process that has nothing to do may use of the processor in the time it is watched. */
const WATCHED_MS = 2000
const IDLE_MS = 1000

t.setTimeout(300_000)

/** An appliance whose wall clock is set by `step`; its monotonic clock goes on, as a real one does. */
async function aBenchWithClock(t: Test) {
  const file = join(tmpdir(), `switchhook-clock-${process.pid}`)
  const step = (offset: string) => writeFileSync(file, `${offset}\n`)
  step('+0')
  const before = [
    'env',
    `LD_PRELOAD=${LIBRARY}`,
    `FAKETIME_TIMESTAMP_FILE=${file}`,
    'FAKETIME_NO_CACHE=1',
    'FAKETIME_DONT_FAKE_MONOTONIC=1',
  ]
  const bench = await aLoopbackBench(t, { loads: [], admit: 'anyone', before })
  const clients = await LoopbackClients.behindRelay(t, bench.dhcpPort)
  const isIdle = async () => {
    const [lines, usedMs] = [linesOf(bench.appliance.output), processorMs(bench.appliance.pid)]
    await pause(WATCHED_MS)
    const used = processorMs(bench.appliance.pid) - usedMs
    t.ok(used < IDLE_MS, `${used} ms of processor time in ${WATCHED_MS} ms: no storm of timers`)
    t.ok(linesOf(bench.appliance.output) - lines < 10, 'and the log is quiet')
  }
  return { ...bench, clients, step, isIdle }
}

const linesOf = (text: string) => text.split('\n').length

/** User and system time of a process; clock ticks are hundredths of a second on Linux. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

if (LIBRARY === undefined) {
  console.log('# left out: steps of the clock (not here: libfaketime)')
} else {
  t.test(
    'the clock steps forwards and backwards by days: each lease stays with its client',
    async (t) => {
      const { appliance, clients, step, isIdle } = await aBenchWithClock(t)
      t.equal(await clients.lease(FIRST), '127.84.0.50')
      t.equal(await clients.lease(SECOND), '127.84.0.51')
      step('+30h')
      await isIdle()
      t.match(
        await appliance.api.get('/v1/leases'),
        [
          { address: '127.84.0.50', state: 'bound' },
          { address: '127.84.0.51', state: 'bound' },
        ],
        'what lasts for minutes has not run out',
      )
      t.equal(await clients.lease(THIRD), '127.84.0.52', 'and goes to nobody else')
      t.match(await clients.reboot(FIRST, '127.84.0.50'), { type: 5, yiaddr: '127.84.0.50' })
      step('-30h')
      await isIdle()
      t.equal(await clients.lease(FOURTH), '127.84.0.53')
      t.match(await clients.reboot(SECOND, '127.84.0.51'), { type: 5, yiaddr: '127.84.0.51' })
      t.match(await appliance.api.get('/v1/leases'), { length: 4 })
    },
  )

  t.test('a start after the clock was set back: every acknowledged lease is there', async (t) => {
    const { appliance, clients, step } = await aBenchWithClock(t)
    t.equal(await clients.lease(FIRST), '127.84.0.50')
    await appliance.kill()
    step('-30h')
    await appliance.start()
    t.match(appliance.output, 'was granted in the future; the clock went back')
    t.match(await appliance.api.get('/v1/leases'), [{ address: '127.84.0.50', state: 'bound' }])
    t.equal(await clients.lease(SECOND), '127.84.0.51')
    t.match(await clients.reboot(FIRST, '127.84.0.50'), { type: 5 })
  })

  t.test(
    'a start after the clock was set on: who had a lease is remembered, not evicted',
    async (t) => {
      const { appliance, clients, step } = await aBenchWithClock(t)
      t.equal(await clients.lease(FIRST), '127.84.0.50')
      await appliance.kill()
      step('+30h')
      await appliance.start()
      t.match(await appliance.api.get('/v1/leases'), [{ address: '127.84.0.50', state: 'expired' }])
      t.equal(await clients.lease(SECOND), '127.84.0.51', 'new clients get what nobody has had')
      t.match(await clients.reboot(FIRST, '127.84.0.50'), { type: 5, yiaddr: '127.84.0.50' })
    },
  )
}
