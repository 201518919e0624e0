import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { spawnSwitchhook, switchhook } from '../../support/command-line.ts'

t.test('serve without a configuration, and one with problems, start nothing', async (t) => {
  const unnamed = await switchhook('serve')
  t.equal(unnamed.code, 64)
  t.match(unnamed.stderr, 'switchhook serve --config FILE')
  const file = join(t.testdir({ 'bad.yaml': 'networks: 3' }), 'bad.yaml')
  const bad = await switchhook('serve', '--config', file)
  t.equal(bad.code, 78)
  t.match(bad.stderr, `${file}: 1 problem\n`)
})

t.test('an address that is on no interface ends with 69 and says so', async (t) => {
  const dir = t.testdir({
    'away.yaml': `
dataDir: DIR
api: { listen: 127.0.0.1:0 }
dhcp: { port: 16767 }
networks: [{ name: away, relayed: true, address: 192.0.2.77, subnet: 192.0.2.0/24 }]
`.replace('DIR', JSON.stringify(join(t.testdirName, 'data'))),
  })
  const { code, stdout } = await spawnSwitchhook('serve', '--config', join(dir, 'away.yaml'))
  t.equal(code, 69)
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  t.match(last, { level: 'fatal', event: 'appliance.not.started', why: /192\.0\.2\.77/ })
  t.equal(stdout.match(/appliance\.not\.started/g)?.length, 1)
  t.notOk('err' in last)
  t.notMatch(stdout, /\bat .*\.[tj]s:\d+/, 'without a stack')
})

t.test('a level of the log that does not exist ends with 64 and names those that do', async (t) => {
  for (const args of [
    ['--log-level', 'loud'],
    ['serve', '--log-level', 'loud'],
  ]) {
    const { code, stderr } = await switchhook(...args)
    t.equal(code, 64)
    t.match(stderr, 'debug, info, warn, error, silent')
  }
})

t.test('files that cannot be used are all named with their keys, in one sentence', async (t) => {
  const dir = t.testdir({ file: 'x' })
  const config = join(dir, 'config.yaml')
  writeFileSync(
    config,
    `dataDir: ${dir}/file
api: { tokenFile: ${dir}, tls: { certificateFile: /nope.crt, keyFile: /nope.key } }
networks: [{ name: away, relayed: true, address: 127.0.0.1, subnet: 127.9.0.0/24 }]
`,
  )
  const { code, stdout } = await spawnSwitchhook('serve', '--config', config)
  t.equal(code, 69)
  const lines = stdout.trim().split('\n')
  t.equal(lines.length, 1)
  const { why } = JSON.parse(lines[0] ?? '')
  for (const key of [
    'dataDir: ',
    'api.tokenFile: ',
    'api.tls.certificateFile: /nope.crt cannot be',
  ]) {
    t.match(why, key)
  }
})
