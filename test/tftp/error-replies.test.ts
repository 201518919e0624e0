import t from 'tap'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import { ErrorLimit, ErrorReplies } from '../../src/tftp/error-replies.ts'
import {
  aDatagram,
  anRrq,
  answerOf,
  CLIENT,
  CLIENT_PORT,
  expectList,
  OTHER_CLIENT,
} from '../support/tftp-lab.ts'

const REQUEST = aDatagram(anRrq('x'))

t.test(
  'RFC 1350 section 5: an ERROR has a code and a text, and goes to where the packet came from',
  async (t) => {
    const cases = [
      { reply: 'file-not-found', code: 1 },
      { reply: 'read-only', code: 2 },
      { reply: 'unknown-mode', code: 4 },
      { reply: 'malformed-request', code: 4 },
      { reply: 'not-a-request', code: 4 },
      { reply: 'unknown-tid', code: 5 },
    ] as const
    for (const { reply, code } of cases) {
      const { packets, sent } = answerOf(new ErrorReplies().to(REQUEST, reply, 42, 0))
      expectList(t, packets, [{ kind: 'error', code, message: /^[A-Z]/ }], reply)
      t.same(sent, [{ client: CLIENT, clientPort: CLIENT_PORT, channel: 42 }])
    }
  },
)

t.test(
  'a source that provokes too many gets no more, but for files that do not exist',
  async (t) => {
    const errors = new ErrorReplies()
    const count = (reply: 'file-not-found' | 'read-only') =>
      Array.from({ length: 50 }, () => errors.to(REQUEST, reply, 42, 0)).flat().length
    t.equal(count('read-only'), 10)
    t.equal(errors.withheld, 40)
    t.equal(count('file-not-found'), 50)
    t.equal(errors.withheld, 40)
  },
)

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
