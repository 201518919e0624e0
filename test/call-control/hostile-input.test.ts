import t from 'tap'
import { RegistrationTable } from '../../src/call-control/registration-table.ts'
import { SccpCallManager } from '../../src/call-control/sccp/call-manager.ts'
import { SipRegistrar } from '../../src/call-control/sip/sip-registrar.ts'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import { AT, onePhone, PHONE, US } from '../support/call-control.ts'
import { readVectors } from '../support/vector.ts'

const SECRET = Buffer.alloc(32, 1)

/** The constants of Numerical Recipes: the same numbers on every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A vector with a few octets changed, cut out or put in twice. */
function changed(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  for (let change = random(6); change >= 0; change--) copy[random(copy.length)] = random(256)
  const at = random(copy.length)
  const cut = random(3)
  if (cut === 0) return copy
  const rest = copy.subarray(cut === 1 ? at + random(20) : Math.max(0, at - random(20)))
  return Buffer.concat([copy.subarray(0, at), rest])
}

t.test('whatever comes as SIP, the registrar answers one datagram with one at most', async (t) => {
  const random = seeded(0x51b)
  const vectors = readVectors('sip')
  const registrar = new SipRegistrar(onePhone(), new RegistrationTable(), SECRET)
  let answers = 0
  for (let round = 0; round < 20_000; round++) {
    const vector = vectors[random(vectors.length)]
    if (vector === undefined) continue
    const bytes = changed(vector.bytes, random)
    const effects = registrar.onDatagram({ bytes, client: AT, clientPort: 5060, local: US }, round)
    const sent = effects.filter(({ kind }) => kind === 'send-datagram')
    if (sent.length > 1) t.fail(Buffer.from(bytes).toString('latin1'))
    answers += sent.length
  }
  t.ok(answers > 1000, `${answers} answers`)
})

t.test('whatever comes as SCCP, a session holds one unfinished frame at most', async (t) => {
  const random = seeded(0x5cc)
  const vectors = readVectors('sccp')
  const manager = new SccpCallManager(onePhone(), new RegistrationTable())
  let sent = 0
  let closed = 0
  for (let session = 0; session < 2000; session++) {
    manager.onConnect({ session, client: AT, local: US, localPort: 2000 }, session)
    for (let frame = 0; frame < 10; frame++) {
      const vector = vectors[random(vectors.length)]
      if (vector === undefined) continue
      const isIntact = random(2) === 0
      const bytes = isIntact ? vector.bytes : changed(vector.bytes, random)
      const effects = manager.onBytes(session, bytes, session)
      sent += effects.filter(({ kind }) => kind === 'send').length
      closed += effects.filter(({ kind }) => kind === 'close').length
    }
    manager.onClose(session, session)
  }
  t.ok(sent > 1000, `${sent} answers`)
  t.ok(closed > 100, `${closed} closed`)
  t.equal(manager.sessionCount, 0)
})

t.test('100,000 REGISTERs of unknown devices are answered and leave nothing behind', async (t) => {
  const table = new RegistrationTable()
  const registrar = new SipRegistrar(onePhone(), table, SECRET)
  const [register] = readVectors('sip').filter(({ name }) => name.startsWith('register-7960'))
  const bytes = register?.bytes ?? new Uint8Array(0)
  let answers = 0
  for (let index = 0; index < 100_000; index++) {
    const client = (0x0a000000 + index) as Ipv4
    const effects = registrar.onDatagram({ bytes, client, clientPort: 5060, local: US }, index)
    if (effects.length === 1 && effects[0]?.kind === 'send-datagram') answers++
  }
  t.equal(answers, 100_000)
  t.equal(table.get(PHONE, 0), undefined)
  t.same(table.onWake(Number.MAX_SAFE_INTEGER), [])
})
