import t from 'tap'
import { unprovisionedWarning } from '../../src/conversion/unprovisioned-warning.ts'

const SIP = 'P0S3-8-12-00'
const lines = [{ name: '1201' }]
const proxy = { protocol: 'sip', sip: { proxy1_address: '192.0.2.9' } } as const

t.test('a SIP phone without a line or a proxy is told of before it starts', async (t) => {
  const bare = { lines: [], settings: {} }
  t.match(unprovisionedWarning(SIP, bare, null), /no line and no proxy.*Phone Unprovisioned/)
  t.match(
    unprovisionedWarning(SIP, { lines, settings: {} }, null),
    /has no proxy:.*Give it a profile with proxy1_address\.$/,
  )
  t.match(unprovisionedWarning(SIP, bare, proxy), /has no line:.*Give it lines \(PATCH \S+\)\.$/)
  t.equal(unprovisionedWarning(SIP, { lines, settings: {} }, proxy), null)
})

t.test("the phone's own settings count over those of its profile", async (t) => {
  const own = { lines, settings: { proxy1_address: '192.0.2.10' } }
  t.equal(unprovisionedWarning(SIP, own, null), null)
  t.equal(unprovisionedWarning(SIP, { lines: [], settings: { line1_name: '1' } }, proxy), null)
  const emptied = { lines, settings: { proxy1_address: 'UNPROVISIONED' } }
  t.match(unprovisionedWarning(SIP, emptied, proxy), /no proxy/)
  t.match(unprovisionedWarning(SIP, { lines, settings: { proxy1_address: '' } }, proxy), /no proxy/)
})

t.test(
  'a profile of SCCP gives a SIP phone nothing, and an SCCP phone needs nothing',
  async (t) => {
    const sccp = { protocol: 'sccp', sip: { proxy1_address: '192.0.2.9' } } as const
    t.match(unprovisionedWarning(SIP, { lines, settings: {} }, sccp), /no proxy/)
    t.equal(unprovisionedWarning('P00308000500', { lines: [], settings: {} }, null), null)
    t.equal(unprovisionedWarning('nonsense', { lines: [], settings: {} }, null), null)
  },
)
