import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { embeddedSettings, loadSettings } from '../../appliance/load-settings.ts'

const GOOD = `
networks:
  - { name: bench, interface: eth0, address: 10.20.0.2, subnet: 10.20.0.0/24 }`

t.test('a good file is settings, without a token unless the environment has one', async (t) => {
  const file = join(t.testdir({ 'good.yaml': GOOD }), 'good.yaml')
  t.match(await loadSettings(file, {}), { kind: 'ok', token: null, warnings: [] })
  t.match(await loadSettings(file, { SWITCHHOOK_API_TOKEN: ' ' }), { token: null })
  t.match(await loadSettings(file, { SWITCHHOOK_API_TOKEN: 'secret\n' }), { token: 'secret' })
})

t.test('a token in the environment is enough beyond loopback', async (t) => {
  const file = join(t.testdir({ 'open.yaml': `api: { listen: 0.0.0.0:8067 }${GOOD}` }), 'open.yaml')
  t.match(await loadSettings(file, {}), {
    kind: 'refused',
    report: /api\.listen: found 0\.0\.0\.0/,
  })
  t.match(await loadSettings(file, { SWITCHHOOK_API_TOKEN: 'secret' }), { kind: 'ok' })
})

t.test('every problem is a line of the report, warnings after them', async (t) => {
  const file = join(t.testdir(), 'bad.yaml')
  await writeFile(
    file,
    'networks: [{ name: b, interface: e, address: x, subnet: 10.20.0.0/24, router: [10.9.9.9] }]\nzap: 1',
  )
  const loaded = await loadSettings(file, {})
  t.same(loaded.kind === 'refused' && loaded.report.split('\n'), [
    `${file}: 2 problems`,
    '  line 2:1: zap: unknown key, wanted one of: dataDir, database, api, tftp, conversions, dhcp, callControl, switches, restart, networks',
    '  line 1:37: networks[0].address: found "x", wanted an IPv4 address such as 10.20.0.2',
    '  warning: line 1:80: networks[0].router[0]: found 10.9.9.9 outside 10.20.0.0/24: phones without a router cannot reach it',
  ])
})

t.test('a fault of the text has line and column', async (t) => {
  const file = join(t.testdir({ 'x.yaml': 'networks:\n\t- 1' }), 'x.yaml')
  t.match(await loadSettings(file, {}), {
    kind: 'refused',
    report: /x\.yaml: 1 problem\n {2}line 2, column 1: /,
  })
})

t.test('a file that cannot be read is refused in words', async (t) => {
  const folder = t.testdir({})
  t.match(await loadSettings(join(folder, 'none.yaml'), {}), {
    report: /no such file or folder$/,
  })
  t.match(await loadSettings(folder, {}), { report: /is a directory$/ })
})

t.test('the embedded settings are the demonstration', async (t) => {
  t.match(embeddedSettings(), { networks: [{ name: 'demo', relayed: true }] })
})
