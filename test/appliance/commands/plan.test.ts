import t from 'tap'
import { switchhook } from '../../support/command-line.ts'

t.test('a plan is printed step by step, with method, reason and source', async (t) => {
  const { code, stdout, stderr } = await switchhook(
    ...['plan', '--model', '7960', '--from', 'P0S30203', '--to', 'P00308000500'],
  )
  t.equal(code, 0)
  t.equal(stderr, '')
  t.match(stdout, /^From P0S30203 to P00308000500, cautious path:\n1\. /)
  t.match(stdout, /\n5\. P00308000500 {2}by /)
  t.equal(stdout.match(/^ {3}Source: \S/gm)?.length, 5)
  t.match(stdout, '(one way)')
  t.match(stdout, 'the conversion needs acceptOneWay')
})

t.test('--json is the plan as data', async (t) => {
  const { code, stdout } = await switchhook(
    ...['plan', '--from', 'P00305000300', '--to', 'P0S3-06-3-00', '--path', 'direct', '--json'],
  )
  t.equal(code, 0)
  t.match(JSON.parse(stdout), {
    kind: 'plan',
    path: 'direct',
    steps: [{ load: 'P0S3-06-3-00', method: String, why: String, source: String }],
    oneWay: false,
  })
})

t.test('a refusal says why and what to do, and ends with 1', async (t) => {
  const to = ['plan', '--from', 'P00305000300', '--to', 'P0S3-04-4-00']
  const { code, stdout, stderr } = await switchhook(...to)
  t.equal(code, 1)
  t.equal(stdout, '')
  t.match(stderr, /^No plan \(below-5\.0\): .+\.\n.+/)
  const json = await switchhook(...to, '--json')
  t.equal(json.code, 1)
  t.match(JSON.parse(json.stdout), { kind: 'refused', code: 'below-5.0', remedy: String })
})

t.test('a phone that is there already needs no step', async (t) => {
  const { code, stdout } = await switchhook(
    ...['plan', '--from', 'P0S3-8-12-00', '--to', 'P0S3-8-12-00'],
  )
  t.equal(code, 0)
  t.equal(stdout, 'The phone runs P0S3-8-12-00 already.\n')
})

t.test('a command line that makes no sense ends with 64', async (t) => {
  const cases = [
    { args: ['--to', 'P0S3-8-12-00', '--path', 'short'], said: '--path short: wanted cautious' },
    { args: [], said: "'--to <load>' not specified" },
    { args: ['--to', 'P0S3-8-12-00', '--jsno'], said: 'Did you mean --json?' },
  ]
  for (const { args, said } of cases) {
    const { code, stdout, stderr } = await switchhook('plan', ...args)
    t.equal(code, 64, said)
    t.equal(stdout, '', said)
    t.ok(stderr.includes(said), stderr)
  }
})

t.test('a version as a display or a forum writes it is answered with load names', async (t) => {
  const cases = [
    {
      args: ['--from', '7.2'],
      said: /7\.2 is a release.*\nDid you mean P0S3-07-2-00, P00307020000/,
    },
    { args: ['--from', '8.1(2.0)'], said: /Did you mean P00308010200\?/ },
    { args: ['--from', '8.5.4s'], said: /releases of the 7941/ },
  ]
  for (const { args, said } of cases) {
    const { code, stderr } = await switchhook('plan', ...args, '--to', 'P0S3-8-12-00')
    t.equal(code, 1)
    t.match(stderr, said)
  }
})

t.test(
  '--json says nothing of firmware that is missing: there is no appliance to ask',
  async (t) => {
    const { stdout } = await switchhook(
      ...['plan', '--from', 'P00308000500', '--to', 'P0S3-8-12-00', '--json'],
    )
    t.equal(JSON.parse(stdout).missingFirmware, null)
  },
)
