import { join } from 'node:path'
import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { mac } from '../../support/memory-services.ts'

const PHONE = '000E84C060A6'

t.test('a phone is enrolled, listed, shown and removed', async (t) => {
  const { run, services } = await aListeningApi(t)
  const add = ['phones', 'add', '00:0e:84:c0:60:a6', '--model', '7960', '--network', 'bench']
  const added = await run(...add, '--line', '1201', '--line', '1202')
  t.same(added, { code: 0, stdout: `${PHONE} is enrolled\n`, stderr: '' })
  t.match(services.inventory.phone(mac(PHONE)), {
    model: '7960',
    lines: [{ name: '1201' }, { name: '1202' }],
  })
  const listed = await run('phones', 'list')
  t.match(listed.stdout, /^PHONE +MODEL +NETWORK/)
  t.match(listed.stdout, /\n000E84C060A6 {2}7960 {3}bench {4}- /)
  t.match(JSON.parse((await run('phones', 'list', '--json')).stdout), [{ mac: PHONE }])
  t.match(JSON.parse((await run('phones', 'show', PHONE)).stdout), { mac: PHONE })
  t.equal((await run('phones', 'remove', PHONE)).code, 0)
  t.equal(services.inventory.phone(mac(PHONE)), undefined)
})

t.test('passwords come from a file, and options go before it', async (t) => {
  const { run, services } = await aListeningApi(t)
  const entry = { label: 'desk 12', lines: [{ name: '1201', password: 'geheim' }] }
  const dir = t.testdir({ 'phone.json': JSON.stringify(entry), 'bad.json': '[' })
  const file = join(dir, 'phone.json')
  t.equal((await run('phones', 'add', PHONE, '--file', file, '--label', 'desk 13')).code, 0)
  t.match(services.inventory.phone(mac(PHONE)), {
    label: 'desk 13',
    lines: [{ password: 'geheim' }],
  })
  const bad = await run('phones', 'add', PHONE, '--file', join(dir, 'bad.json'))
  t.equal(bad.code, 64)
  t.match(bad.stderr, 'bad.json: ')
})

t.test('a refusal is printed with every problem, and ends with 1', async (t) => {
  const { run } = await aListeningApi(t)
  const refused = await run('phones', 'add', PHONE, '--network', 'moon', '--profile', 'none')
  t.equal(refused.code, 1)
  t.match(refused.stderr, '2 things to put right')
  t.match(refused.stderr, '\n  /network: there is no network moon')
  t.match(refused.stderr, '\n  /profile: there is no profile none')
  t.equal((await run('phones', 'remove', PHONE)).code, 1, 'it is not there')
})
