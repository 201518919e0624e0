import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readTrace } from '../../../src/wire/trace/read-trace.ts'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { mac } from '../../support/memory-services.ts'

const PHONE = mac('000E84C060A6')

t.test('a trace is shown, then saved, and anonymised unless told otherwise', async (t) => {
  const { run, services } = await aListeningApi(t)
  const header = { trace: PHONE, phone: 'at 10.20.0.50' }
  services.conversionTraces.set(PHONE, { name: PHONE, header, events: [] })
  const file = join(t.testdir(), 'phone.jsonl')
  const saved = await run('trace', PHONE, '--save', file)
  t.equal(saved.code, 0, saved.stderr)
  t.equal(saved.stdout, readFileSync(file, 'utf8'))
  t.match(readTrace(saved.stdout), { name: '000E840A0001', header: { phone: 'at 192.0.2.1' } })
  const whole = await run('trace', '00:0e:84:c0:60:a6', '--with-addresses')
  t.match(readTrace(whole.stdout), { name: PHONE, header: { phone: 'at 10.20.0.50' } })
})

t.test('a file that exists is kept, and a phone without a conversion has no trace', async (t) => {
  const { run, services } = await aListeningApi(t)
  services.conversionTraces.set(PHONE, { name: PHONE, header: { trace: PHONE }, events: [] })
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
