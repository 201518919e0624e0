import t from 'tap'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import { ErrorLimit } from '../../src/tftp/error-limit.ts'
import { CLIENT, OTHER_CLIENT } from '../support/tftp-lab.ts'

t.test('a source provokes ten replies at once, and then ten a second', async (t) => {
  const limit = new ErrorLimit()
  t.equal(answered(limit, CLIENT, 100, 0), 10)
  t.equal(answered(limit, CLIENT, 100, 99), 0)
  t.equal(answered(limit, CLIENT, 100, 300), 3)
  t.equal(answered(limit, CLIENT, 100, 60_000), 10, 'rest is not saved up beyond ten')
})

t.test('one source does not use up what another is owed', async (t) => {
  const limit = new ErrorLimit()
  answered(limit, CLIENT, 100, 0)
  t.equal(answered(limit, OTHER_CLIENT, 100, 0), 10)
})

t.test(
  'the sources that are remembered are bounded, the longest silent is forgotten',
  async (t) => {
    const limit = new ErrorLimit()
    answered(limit, CLIENT, 10, 0)
    for (let other = 1; other <= 1023; other++) limit.allows(other as Ipv4, 1)
    t.equal(limit.allows(CLIENT, 1), false, 'still known')
    for (let other = 2000; other < 3024; other++) limit.allows(other as Ipv4, 2)
    t.equal(limit.allows(CLIENT, 2), true, 'forgotten')
  },
)

function answered(limit: ErrorLimit, source: Ipv4, packets: number, nowMs: number): number {
  return Array.from({ length: packets }, () => limit.allows(source, nowMs)).filter(Boolean).length
}
