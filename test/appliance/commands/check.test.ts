import { execFileSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { switchhook } from '../../support/command-line.ts'
import { ROOT } from '../../support/source-files.ts'

const GOOD = `
networks:
  - { name: bench, interface: eth0, address: 10.20.0.2, subnet: 10.20.0.0/24 }
  - { name: lab, relayed: true, address: 10.30.0.2, subnet: 10.30.0.0/24, router: [10.9.9.9] }
`

const FIVE_FAULTS = `
zap: 1
tftp: { port: 99999 }
networks:
  - name: bench
    interface: eth0
    address: 10.20.0
    subnet: 10.20.0.0/24
    leaseTime: 5 parsecs
    admit: everybody
`

t.test('a good file is good, with its warnings, and ends with 0', async (t) => {
  const file = join(t.testdir({ 'good.yaml': GOOD }), 'good.yaml')
  for (const args of [[file], ['--config', file]]) {
    const { code, stdout, stderr } = await switchhook('check', ...args)
    t.equal(code, 0)
    t.equal(stdout, `${file} is valid: networks bench, lab\n`)
    t.match(stderr, /^warning: line 4:\d+: networks\[1\]\.router\[0\]: .+\n$/)
  }
})

t.test('five different faults are all listed with their places, and end with 78', async (t) => {
  const file = join(t.testdir({ 'bad.yaml': FIVE_FAULTS }), 'bad.yaml')
  const { code, stdout, stderr } = await switchhook('check', file)
  t.equal(code, 78)
  t.equal(stdout, '')
  t.match(stderr, `${file}: 5 problems\n`)
  for (const place of [
    '2:1: zap',
    '3:9: tftp.port',
    '7:5: networks[0].address',
    '9:5: networks[0].leaseTime',
    '10:5: networks[0].admit',
  ]) {
    t.ok(stderr.includes(`\n  line ${place}: `), place)
  }
})

t.test('a file that is not there ends with 78, none named with 64', async (t) => {
  const missing = await switchhook('check', join(t.testdir({}), 'none.yaml'))
  t.equal(missing.code, 78)
  t.match(missing.stderr, 'no such file')
  const unnamed = await switchhook('check')
  t.equal(unnamed.code, 64)
  t.match(unnamed.stderr, 'name a configuration file')
})

const NETWORK =
  'networks: [{ name: bench, interface: eth0, address: 10.20.0.2, subnet: 10.20.0.0/24 }]'
const tls = (name: string) => join(ROOT, 'test/vectors/tls', name)

t.test('files, folders and certificates are looked at, each by its key and line', async (t) => {
  const dir = t.testdir({ data: {}, plain: 'x', shared: { 'a:b': 'x' } })
  execFileSync('mkfifo', [join(dir, 'pipe')])
  const certificate = (cert: string, key: string) =>
    `api:\n  tls:\n    certificateFile: ${cert}\n    keyFile: ${key}`
  const cases = [
    { text: `dataDir: ${dir}/plain`, says: `line 2:1: dataDir: ${dir}/plain is not a folder` },
    { text: `dataDir: ${dir}/plain/x`, says: /line 2:1: dataDir: .*plain is not a folder/ },
    {
      text: certificate('/nope.crt', '/nope.key'),
      says: 'line 4:5: api.tls.certificateFile: /nope.crt cannot be read: no such file',
    },
    {
      text: certificate(tls('api.crt'), tls('other.key')),
      says: /line 5:5: api\.tls\.keyFile: .*other\.key does not belong to/,
    },
    {
      text: certificate(tls('expired.crt'), tls('api.key')),
      says: /line 4:5: api\.tls\.certificateFile: .*expired\.crt has a certificate that expired Jan/,
    },
    {
      text: certificate(`${dir}/pipe`, tls('api.key')),
      says: /api\.tls\.certificateFile: .*pipe cannot be read: not a regular file/,
    },
    {
      text: `api:\n  tokenFile: ${dir}/pipe`,
      says: /line 3:3: api\.tokenFile: .* not a regular file/,
    },
    { text: `api: { tokenFile: ${dir}/plain/t }`, says: /api\.tokenFile: .*plain is not a folder/ },
    { text: `tftp: { sharedDir: ${dir}/none }`, says: /line 2:9: tftp\.sharedDir: .*no such file/ },
    { text: `tftp: { sharedDir: ${dir}/pipe }`, says: /tftp\.sharedDir: .*not a directory/ },
  ]
  const file = join(dir, 'config.yaml')
  for (const { text, says } of cases) {
    writeFileSync(file, `${NETWORK}\n${text}\n`)
    const { code, stderr } = await switchhook('check', file)
    t.equal(code, 78, text)
    t.match(stderr, says)
  }
  writeFileSync(
    file,
    `${NETWORK}\ndataDir: ${dir}/data\ntftp: { sharedDir: ${dir}/shared }\n` +
      `api: { tokenFile: ${dir}/token }`,
  )
  const good = await switchhook('check', file)
  t.equal(good.code, 0, 'what can be left out or made is a warning')
  t.match(good.stderr, /warning: line 3:9: tftp\.sharedDir: "a:b" is left out: it has a name/)
  t.match(good.stderr, /warning: line 4:8: api\.tokenFile: .*token does not exist yet/)
  chmodSync(join(dir, 'plain'), 0o644)
})

t.test('--json has the same with places', async (t) => {
  const dir = t.testdir({ 'bad.yaml': FIVE_FAULTS, 'text.yaml': 'a: [' })
  const bad = await switchhook('check', '--json', join(dir, 'bad.yaml'))
  t.equal(bad.code, 78)
  t.equal(bad.stderr, '')
  const said = JSON.parse(bad.stdout)
  t.match(said, { file: join(dir, 'bad.yaml'), good: false, warnings: [], networks: [] })
  t.equal(said.problems.length, 5)
  t.match(said.problems[1], { path: 'tftp.port', line: 3, column: 9, message: /99999/ })
  const text = JSON.parse((await switchhook('check', '--json', join(dir, 'text.yaml'))).stdout)
  t.match(text.problems, [{ path: '', line: 1, column: 5 }])
  const file = join(t.testdir({ 'good.yaml': GOOD }), 'good.yaml')
  const good = await switchhook('check', '--json', file)
  t.equal(good.code, 0)
  t.match(JSON.parse(good.stdout), {
    good: true,
    problems: [],
    warnings: [{ path: 'networks[1].router[0]', line: 4 }],
    networks: ['bench', 'lab'],
  })
})

t.test('a pipe in place of the file is refused and not waited for', async (t) => {
  const pipe = join(t.testdir(), 'pipe')
  execFileSync('mkfifo', [pipe])
  const { code, stderr } = await switchhook('check', pipe)
  t.equal(code, 78)
  t.match(stderr, 'cannot be read: not a regular file')
})
