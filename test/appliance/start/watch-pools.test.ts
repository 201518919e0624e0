import t from 'tap'
import { watchPools } from '../../../appliance/start/watch-pools.ts'
import { SAMPLE_MS } from '../../../src/services/pool-history.ts'
import { DhcpLab } from '../../support/dhcp-lab.ts'

t.test('what is taken now is the first number, and a minute later the next', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  const ticks: (() => void)[] = []
  t.intercept(globalThis, 'setInterval', {
    value: (tick: () => void, everyMs: number) => {
      t.equal(everyMs, SAMPLE_MS)
      ticks.push(tick)
      return 0
    },
  })
  const parts = { names: () => ['bench'], leaseTable: lab.leaseTable, nowMs: () => lab.nowMs }
  const { history, close } = watchPools(parts)
  t.teardown(close)
  t.match(history.of('bench'), { untilMs: lab.nowMs, taken: [1] })
  lab.nowMs += SAMPLE_MS
  for (const tick of ticks) tick()
  t.equal(history.of('bench')?.taken.length, 2)
})
