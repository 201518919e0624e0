import { join } from 'node:path'
import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { mac } from '../../support/values.ts'

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
  t.match(refused.stderr, '2 problems')
  t.match(refused.stderr, '\n  /network: there is no network moon')
  t.match(refused.stderr, '\n  /profile: there is no profile none')
  t.equal((await run('phones', 'remove', PHONE)).code, 1, 'it is not there')
})

const ENTRY = {
  model: '7960',
  label: 'desk 12',
  network: 'bench',
  lines: [
    { name: '1201', password: 'geheim', displayName: 'Desk 12' },
    { name: '1202', password: 'geheimer' },
  ],
  settings: { phone_label: 'Lab', phone_password: 'cisco' },
}

async function anEnrolled(t: Parameters<typeof aListeningApi>[0]) {
  const api = await aListeningApi(t)
  const file = join(t.testdir({ 'phone.json': JSON.stringify(ENTRY) }), 'phone.json')
  t.equal((await api.run('phones', 'add', PHONE, '--file', file)).code, 0)
  const stored = () => api.services.inventory.phone(mac(PHONE))
  return { ...api, file, stored }
}

t.test('adding an enrolled phone changes nothing, and says what would be lost', async (t) => {
  const { run, file, stored } = await anEnrolled(t)
  const before = stored()
  const again = await run('phones', 'add', PHONE, '--label', 'desk 13', '--line', '1201')
  t.equal(again.code, 1)
  t.equal(again.stdout, '')
  t.same(again.stderr.trim().split('\n'), [
    `${PHONE} is enrolled already; nothing was changed. "phones set" changes single properties, --replace replaces the entry and would remove:`,
    '  model "7960"',
    '  label "desk 12"',
    '  network "bench"',
    '  displayName of line 1201',
    '  line 1202 with its password',
    '  setting phone_label',
    '  setting phone_password',
  ])
  t.equal(stored(), before)
  const same = await run('phones', 'add', PHONE, '--file', file)
  t.equal(same.code, 1)
  t.match(same.stderr, /replaces the entry and would remove nothing$/m)
  t.equal(stored(), before)
})

t.test('adding with --replace enters it again', async (t) => {
  const { run, stored } = await anEnrolled(t)
  t.equal((await run('phones', 'add', PHONE, '--line', '1201', '--replace')).code, 0)
  t.match(stored(), { label: null, lines: [{ name: '1201', password: 'geheim' }], settings: {} })
  t.equal(stored()?.lines[0]?.displayName, undefined)
})

t.test('setting changes what is named, and nothing else', async (t) => {
  const { run, stored } = await anEnrolled(t)
  const named = ['--label', 'desk 13', '--network', '-', '--switch-port', 'sw1/7']
  const changed = await run('phones', 'set', '00:0e:84:c0:60:a6', ...named)
  t.same(changed, { code: 0, stdout: `${PHONE} changed\n`, stderr: '' })
  t.match(stored(), { ...ENTRY, label: 'desk 13', network: null, switchPort: 'sw1/7' })
  t.equal((await run('phones', 'set', PHONE, '--switch-port', '-')).code, 0)
  t.equal(stored()?.switchPort, undefined)
  t.equal((await run('phones', 'set', PHONE, '--line', '1201', '--line', '1203')).code, 0)
  t.same(stored()?.lines, [ENTRY.lines[0], { name: '1203' }])
  t.equal((await run('phones', 'set', PHONE, '--line', '-', '--model', '7940')).code, 0)
  t.match(stored(), { model: '7940', label: 'desk 13', settings: ENTRY.settings })
  t.same(stored()?.lines, [])
})

t.test('setting takes a merge patch from a file', async (t) => {
  const { run, stored } = await anEnrolled(t)
  const patch = { label: '-', settings: { phone_label: null, phone_prompt: 'SIP' } }
  const file = join(t.testdir({ 'patch.json': JSON.stringify(patch) }), 'patch.json')
  t.equal((await run('phones', 'set', PHONE, '--file', file)).code, 0)
  t.same(stored()?.settings, { phone_password: 'cisco', phone_prompt: 'SIP' })
  t.match(stored(), { label: '-', lines: ENTRY.lines })
})

t.test('setting wants something to change, and a phone that is enrolled', async (t) => {
  const { run } = await anEnrolled(t)
  const nothing = await run('phones', 'set', PHONE)
  t.equal(nothing.code, 64)
  t.match(nothing.stderr, 'give at least one property')
  t.equal((await run('phones', 'set', '000E84C060A7', '--label', 'x')).code, 1)
  t.equal((await run('phones', 'set', '000E84C060A7', '--line', '1')).code, 1)
})
