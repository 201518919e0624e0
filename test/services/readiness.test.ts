import t from 'tap'
import { type Finding, readiness } from '../../src/services/readiness.ts'

const well = (name: string): Finding => ({ name, detail: 'fine', problems: [] })
const ill = (name: string, ...messages: readonly string[]): Finding => ({
  name,
  detail: 'fine',
  problems: messages.map((message) => ({ where: 'eth1', message })),
})

t.test('each part is looked at when it is asked for, in order', async (t) => {
  let nowMs = 0
  let dhcp = ill('dhcp', 'the socket is gone', 'and so is another')
  const looks = [() => dhcp, async () => well('database')]
  const health = readiness(looks, () => nowMs)
  t.same(await health.report(), {
    checks: [
      { name: 'dhcp', ok: false, detail: 'the socket is gone; and so is another' },
      { name: 'database', ok: true, detail: 'fine' },
    ],
    problems: [
      { name: 'dhcp', where: 'eth1', message: 'the socket is gone' },
      { name: 'dhcp', where: 'eth1', message: 'and so is another' },
    ],
    warnings: [],
  })
  dhcp = well('dhcp')
  nowMs += 1000
  t.same((await health.report()).problems, [])
})

t.test('requests within a second get the same result, however long it takes', async (t) => {
  let nowMs = 0
  let looks = 0
  let finish: (finding: Finding) => void = () => {}
  const slow = () => {
    looks++
    return new Promise<Finding>((resolve) => (finish = resolve))
  }
  const health = readiness([slow], () => nowMs)
  const asked = Array.from({ length: 10_000 }, () => health.report())
  nowMs = 999
  asked.push(health.report())
  t.equal(looks, 1)
  finish(well('database'))
  t.ok((await Promise.all(asked)).every(({ checks }) => checks.length === 1))
  nowMs = 1000
  void health.report()
  t.equal(looks, 2)
})

t.test('warnings and ownership are told beside what is wrong', async (t) => {
  const shared: Finding = { ...well('ownership'), warnings: ['no standby'], ownership: 'standby' }
  const health = readiness([() => well('dhcp'), () => shared], () => 0)
  t.match(await health.report(), { problems: [], warnings: ['no standby'], ownership: 'standby' })
})
