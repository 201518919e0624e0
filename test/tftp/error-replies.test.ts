import t from 'tap'
import { ErrorReplies } from '../../src/tftp/error-replies.ts'
import { aDatagram, anRrq, answerOf, CLIENT, CLIENT_PORT, expectList } from '../support/tftp-lab.ts'

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
