import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readTrace } from '../../../src/wire/trace/read-trace.ts'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { addFirmware } from '../../support/in-memory/firmware.ts'
import { ipv4, mac } from '../../support/values.ts'

const PHONE = mac('000E84C060A6')
const TO = 'P0S3-8-12-00'

/** A phone in a conversion that has asked for its configuration. */
async function aBench(t: Parameters<typeof aListeningApi>[0]) {
  const api = await aListeningApi(t)
  const { inventory, conversions } = api.services
  const address = ipv4('10.20.0.60')
  await inventory.putPhone({ mac: PHONE, address })
  await addFirmware(inventory, TO)
  const request = { to: TO, from: 'P00308000500', path: undefined, acceptOneWay: false }
  await conversions.start(PHONE, request)
  api.appliance.phone(PHONE, address).fetches(`SEP${PHONE}.cnf.xml`)
  return api
}

t.test('a trace is shown, then saved, and anonymised unless told otherwise', async (t) => {
  const { run } = await aBench(t)
  const file = join(t.testdir(), 'phone.jsonl')
  const saved = await run('trace', PHONE, '--save', file)
  t.equal(saved.code, 0, saved.stderr)
  t.equal(saved.stdout, readFileSync(file, 'utf8'))
  const asked = (mac: string) => [{ kind: 'rrq', name: `SEP${mac}.cnf.xml` }]
  t.match(readTrace(saved.stdout), { name: '000E840A0001', events: asked('000E840A0001') })
  const whole = await run('trace', '00:0e:84:c0:60:a6', '--with-addresses')
  t.match(readTrace(whole.stdout), { name: PHONE, header: { to: TO }, events: asked(PHONE) })
})

t.test('a file that exists is kept, and a phone without a conversion has no trace', async (t) => {
  const { run } = await aBench(t)
  const file = join(t.testdir(), 'phone.jsonl')
  writeFileSync(file, 'mine')
  const refused = await run('trace', PHONE, '--save', file)
  t.equal(refused.code, 66)
  t.match(refused.stderr, /--save .+phone\.jsonl: a file with that name exists already/)
  t.equal(readFileSync(file, 'utf8'), 'mine')
  const none = await run('trace', '000E84C060A7')
  t.equal(none.code, 1)
  t.match(none.stderr, 'has had no conversion')
})
